//! Where Amazon keeps the certificates that it signs with.

use std::fmt;

use url::Url;

use super::error::VerifyError;

const HOST: &str = "s3.amazonaws.com";
const PATH: &str = "/echo.api/";

/// The URL of a certificate chain, normalised, at a place where only Amazon can put one: by https
/// at the host `s3.amazonaws.com` and port 443, without user name, password and query, under the path
/// `/echo.api/`.
///
/// What was checked and what is fetched are the same text, so that no second parser can read it in
/// another way. For the same reason a path with a percent sign is refused: what an encoded slash
/// means is for a server to say, and Amazon's paths have none.
///
/// ```
/// use alexa_skill::verify::ChainUrl;
///
/// let url = ChainUrl::parse("https://s3.amazonaws.com:443/x/../echo.api/echo-api-cert.pem")?;
/// assert_eq!(url.as_str(), "https://s3.amazonaws.com/echo.api/echo-api-cert.pem");
///
/// let error = ChainUrl::parse("https://s3.amazonaws.com/echo.api/../other/cert.pem").unwrap_err();
/// assert_eq!(error.name(), "UrlPath");
/// # Ok::<(), alexa_skill::verify::VerifyError>(())
/// ```
///
/// Source of the rules: "Host a Custom Skill as a Web Service", on the signature certificate's URL.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ChainUrl(Url);

impl ChainUrl {
    /// Reads the value of the header `SignatureCertChainUrl`.
    ///
    /// # Errors
    /// Each rule has an error of its own, from [`VerifyError::UrlUnreadable`] to
    /// [`VerifyError::UrlPath`].
    pub fn parse(text: &str) -> Result<ChainUrl, VerifyError> {
        let mut url = Url::parse(text).map_err(|_| VerifyError::UrlUnreadable)?;
        if url.scheme() != "https" {
            let found = url.scheme().into();
            return Err(VerifyError::UrlScheme { found });
        }
        if url.host_str() != Some(HOST) {
            let found = url.host_str().unwrap_or_default().into();
            return Err(VerifyError::UrlHost { found });
        }
        // `Url` leaves the port out where it is the scheme's own.
        if let Some(found) = url.port() {
            return Err(VerifyError::UrlPort { found });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(VerifyError::UrlUserInfo);
        }
        if !url.path().starts_with(PATH) || url.path().contains('%') {
            let found = url.path().into();
            return Err(VerifyError::UrlPath { found });
        }
        if url.query().is_some() {
            return Err(VerifyError::UrlQuery);
        }
        url.set_fragment(None);
        Ok(ChainUrl(url))
    }

    /// The URL, normalised.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for ChainUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChainUrl({})", self.as_str())
    }
}
