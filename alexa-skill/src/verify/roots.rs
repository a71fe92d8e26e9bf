//! Whose certificates count.

use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::error::VerifyError;

/// The root certificates that a chain has to lead to. Clones share them.
#[derive(Clone, Debug)]
pub struct Roots {
    pub(super) store: Arc<RootCertStore>,
}

impl Roots {
    /// The operating system's root certificates, which its updates maintain. The variables
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` name others.
    ///
    /// # Errors
    /// [`VerifyError::NoRoots`] where there are none, as in a container without
    /// `ca-certificates`.
    pub fn native() -> Result<Roots, VerifyError> {
        let found = rustls_native_certs::load_native_certs();
        let mut store = RootCertStore::empty();
        // Systems keep some that no longer parse by today's rules, next to the many that do.
        let (added, _ignored) = store.add_parsable_certificates(found.certs);
        if added > 0 {
            return Ok(store.into());
        }
        let source = match found.errors.into_iter().next() {
            Some(error) => error.into(),
            None => "the system's store is empty".into(),
        };
        Err(VerifyError::NoRoots { source })
    }

    /// The certificates in `pem`, and no others.
    ///
    /// # Errors
    /// [`VerifyError::NoRoots`] when one does not parse, or when there is none.
    pub fn from_pem(pem: &[u8]) -> Result<Roots, VerifyError> {
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| VerifyError::NoRoots {
                source: error.into(),
            })?;
            store
                .add(certificate)
                .map_err(|error| VerifyError::NoRoots {
                    source: error.into(),
                })?;
        }
        if store.is_empty() {
            let source = "the PEM holds no certificate".into();
            return Err(VerifyError::NoRoots { source });
        }
        Ok(store.into())
    }
}

impl From<RootCertStore> for Roots {
    fn from(store: RootCertStore) -> Roots {
        let store = Arc::new(store);
        Roots { store }
    }
}
