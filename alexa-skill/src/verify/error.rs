//! Why a request is refused.

use crate::boxed::BoxError;

/// Why a request is refused, or why nothing can be verified. The message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The body is longer than the verifier takes; nothing was hashed.
    #[error(
        "the body has more than {limit} bytes: raise Verifier::body_limit if Alexa sends as much"
    )]
    BodyTooLarge {
        /// How many bytes the verifier takes.
        limit: usize,
    },

    /// The body broke off.
    #[error("the body cannot be read to its end: {source}; the caller broke off, or a proxy did")]
    BodyUnreadable {
        /// What the HTTP server said.
        source: BoxError,
    },

    /// A header of Alexa's is not there.
    #[error(
        "the request has no header `{header}`: it does not come from Alexa, \
         or a proxy in front of the skill drops the header"
    )]
    HeaderMissing {
        /// The header's name.
        header: &'static str,
    },

    /// A header of Alexa's is there more than once, so that it is not known which one counts.
    #[error(
        "the request has the header `{header}` more than once: it does not come from Alexa, \
         or a proxy in front of the skill repeats the header"
    )]
    HeaderRepeated {
        /// The header's name.
        header: &'static str,
    },

    /// The signature is not base64.
    #[error("the header `Signature-256` is not base64: the request does not come from Alexa")]
    SignatureNotBase64,

    /// The certificate's URL is none.
    #[error("the header `SignatureCertChainUrl` is no URL: the request does not come from Alexa")]
    UrlUnreadable,

    /// The certificate's URL has another scheme.
    #[error(
        "the certificate's URL has the scheme `{found}`, not `https`: \
         the request does not come from Alexa"
    )]
    UrlScheme {
        /// The scheme that is there.
        found: String,
    },

    /// The certificate's URL has another host.
    #[error(
        "the certificate's URL has the host `{found}`, not `s3.amazonaws.com`: \
         the request does not come from Alexa"
    )]
    UrlHost {
        /// The host that is there.
        found: String,
    },

    /// The certificate's URL has another port.
    #[error(
        "the certificate's URL has the port {found}, not 443: the request does not come from Alexa"
    )]
    UrlPort {
        /// The port that is there.
        found: u16,
    },

    /// The certificate's URL has a user name or a password.
    #[error(
        "the certificate's URL has a user name or a password: the request does not come from Alexa"
    )]
    UrlUserInfo,

    /// The certificate's URL has another path.
    #[error(
        "the certificate's URL has the path `{found}`, which is not under `/echo.api/`: \
         the request does not come from Alexa"
    )]
    UrlPath {
        /// The path that is there, normalised.
        found: String,
    },

    /// The certificate's URL has a query.
    #[error("the certificate's URL has a query: the request does not come from Alexa")]
    UrlQuery,

    /// So many other certificates are waited for that this one is not fetched.
    #[error(
        "requests that are not Alexa's name too many certificates, and no other one is fetched \
         until they are answered: limit how many requests an address may send"
    )]
    TooManyChains,

    /// The certificate cannot be fetched.
    #[error(
        "the certificate at {url} cannot be fetched: {source}; \
         the skill must be able to reach s3.amazonaws.com on port 443"
    )]
    ChainUnreachable {
        /// Where the certificate should be.
        url: String,
        /// What the HTTP client said.
        source: BoxError,
    },

    /// What was fetched are no certificates.
    #[error(
        "what is at the certificate's URL is no chain of X.509 certificates in PEM: {source}; \
         a proxy between the skill and s3.amazonaws.com may have changed it"
    )]
    ChainUnreadable {
        /// What does not parse.
        source: BoxError,
    },

    /// A certificate has run out.
    #[error("the certificate that signed the request has run out: check this machine's clock")]
    CertificateExpired,

    /// A certificate is for later.
    #[error("the certificate that signed the request is not valid yet: check this machine's clock")]
    CertificateNotYetValid,

    /// The certificate is somebody else's.
    #[error(
        "the certificate that signed the request is not for `echo-api.amazon.com`: \
         the request does not come from Alexa"
    )]
    CertificateName,

    /// No chain leads from the certificate to a trusted root.
    #[error(
        "the certificate that signed the request has no chain to a trusted root: {source}; \
         the request does not come from Alexa, or this machine's root certificates are old"
    )]
    CertificateUntrusted {
        /// What is wrong with the chain.
        source: BoxError,
    },

    /// The certificate's key did not sign this body.
    #[error(
        "the signature is not that of the body: the request does not come from Alexa, \
         or something in front of the skill changes the body"
    )]
    SignatureWrong,

    /// The body does not say when it was made.
    #[error(
        "the body has no `request.timestamp` in ISO 8601: {source}; \
         the request does not come from Alexa"
    )]
    TimestampUnreadable {
        /// What does not parse.
        source: BoxError,
    },

    /// The request is too old, or from the future.
    #[error(
        "the request was made {seconds} s from now, and {tolerance} s are allowed: \
         check this machine's clock, or else an old request was sent again"
    )]
    TimestampOutOfTolerance {
        /// How far the timestamp is from now, rounded up.
        seconds: u64,
        /// How far it may be.
        tolerance: u64,
    },

    /// There are no root certificates, so nothing can be verified.
    #[error(
        "there are no root certificates: {source}; install the system's \
         (Debian's package is `ca-certificates`), or set SSL_CERT_FILE"
    )]
    NoRoots {
        /// What was looked for in vain.
        source: BoxError,
    },

    /// There is no TLS to fetch certificates with, so nothing can be verified.
    #[error("TLS cannot be set up: {source}")]
    NoTls {
        /// What rustls said.
        source: BoxError,
    },
}

impl VerifyError {
    /// A stable name of the kind of error, for metrics and logs.
    pub fn name(&self) -> &'static str {
        match self {
            VerifyError::BodyTooLarge { .. } => "BodyTooLarge",
            VerifyError::BodyUnreadable { .. } => "BodyUnreadable",
            VerifyError::HeaderMissing { .. } => "HeaderMissing",
            VerifyError::HeaderRepeated { .. } => "HeaderRepeated",
            VerifyError::SignatureNotBase64 => "SignatureNotBase64",
            VerifyError::UrlUnreadable => "UrlUnreadable",
            VerifyError::UrlScheme { .. } => "UrlScheme",
            VerifyError::UrlHost { .. } => "UrlHost",
            VerifyError::UrlPort { .. } => "UrlPort",
            VerifyError::UrlUserInfo => "UrlUserInfo",
            VerifyError::UrlPath { .. } => "UrlPath",
            VerifyError::UrlQuery => "UrlQuery",
            VerifyError::TooManyChains => "TooManyChains",
            VerifyError::ChainUnreachable { .. } => "ChainUnreachable",
            VerifyError::ChainUnreadable { .. } => "ChainUnreadable",
            VerifyError::CertificateExpired => "CertificateExpired",
            VerifyError::CertificateNotYetValid => "CertificateNotYetValid",
            VerifyError::CertificateName => "CertificateName",
            VerifyError::CertificateUntrusted { .. } => "CertificateUntrusted",
            VerifyError::SignatureWrong => "SignatureWrong",
            VerifyError::TimestampUnreadable { .. } => "TimestampUnreadable",
            VerifyError::TimestampOutOfTolerance { .. } => "TimestampOutOfTolerance",
            VerifyError::NoRoots { .. } => "NoRoots",
            VerifyError::NoTls { .. } => "NoTls",
        }
    }
}
