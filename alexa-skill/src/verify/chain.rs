//! The certificates that a request was signed with.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, DnsName, ServerName, UnixTime};
use webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256;
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage};

use super::error::VerifyError;
use super::roots::Roots;

const SIGNER: &str = "echo-api.amazon.com";

/// A signing certificate and those that lead from it towards a root. Holding one says nothing about
/// trust: that is [`Chain::check`], which depends on the time and is asked for each request.
pub(super) struct Chain {
    leaf: CertificateDer<'static>,
    intermediates: Vec<CertificateDer<'static>>,
}

impl Chain {
    pub(super) fn from_pem(pem: &[u8]) -> Result<Chain, VerifyError> {
        let mut certificates = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| VerifyError::ChainUnreadable {
                source: error.into(),
            })?
            .into_iter();
        let leaf = certificates
            .next()
            .ok_or_else(|| VerifyError::ChainUnreadable {
                source: "it holds no certificate".into(),
            })?;
        Ok(Chain {
            leaf,
            intermediates: certificates.collect(),
        })
    }

    /// Checks that the chain may sign for Alexa at the time `now`: whose it is, and that it leads
    /// to one of `roots` through certificates that are all valid.
    pub(super) fn check(&self, roots: &Roots, now: SystemTime) -> Result<(), VerifyError> {
        let leaf = self.leaf()?;
        let name = ServerName::DnsName(
            DnsName::try_from(SIGNER).map_err(|_| VerifyError::CertificateName)?,
        );
        leaf.verify_is_valid_for_subject_name(&name)
            .map_err(|_| VerifyError::CertificateName)?;
        // webpki also takes `*.amazon.com`, which many more of Amazon's machines hold a key for.
        if !leaf
            .valid_dns_names()
            .any(|name| name.eq_ignore_ascii_case(SIGNER))
        {
            return Err(VerifyError::CertificateName);
        }
        let since_epoch = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        leaf.verify_for_usage(
            ALL_VERIFICATION_ALGS,
            &roots.store.roots,
            &self.intermediates,
            UnixTime::since_unix_epoch(since_epoch),
            // The roots are trusted for TLS servers, and Alexa signs with such a certificate.
            KeyUsage::server_auth(),
            None,
            None,
        )
        .map(|_path| ())
        .map_err(|error| match error {
            webpki::Error::CertExpired { .. } => VerifyError::CertificateExpired,
            webpki::Error::CertNotValidYet { .. } => VerifyError::CertificateNotYetValid,
            other => VerifyError::CertificateUntrusted {
                source: other.into(),
            },
        })
    }

    /// Checks that the leaf's key signed `body`, by RSA PKCS #1 v1.5 with SHA-256 and no other
    /// algorithm.
    pub(super) fn check_signature(&self, body: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
        self.leaf()?
            .verify_signature(RSA_PKCS1_2048_8192_SHA256, body, signature)
            .map_err(|_| VerifyError::SignatureWrong)
    }

    fn leaf(&self) -> Result<EndEntityCert<'_>, VerifyError> {
        EndEntityCert::try_from(&self.leaf).map_err(|error| VerifyError::ChainUnreadable {
            source: error.into(),
        })
    }
}
