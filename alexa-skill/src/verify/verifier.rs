//! The checks, in their order.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use http::HeaderMap;

use super::cache::Cache;
use super::chain::Chain;
use super::chain_url::ChainUrl;
use super::error::VerifyError;
use super::fetches::Fetches;
use super::headers::SignedHeaders;
use super::roots::Roots;
use super::source::{CertificateSource, HttpsSource};
use super::timestamp;

/// How many bytes a request may have unless said otherwise. Amazon names no bound; what grows in a
/// request are the session attributes, and they come from a response, which has at most 120 KB.
const BODY_LIMIT: usize = 256 * 1024;

/// Verifies that requests come from Alexa, unchanged and recently; the
/// [module](crate::verify) lists the checks.
pub struct Verifier {
    source: Box<dyn CertificateSource>,
    roots: Roots,
    clock: Box<dyn Fn() -> SystemTime + Send + Sync>,
    body_limit: usize,
    chains: Cache,
    fetches: Fetches,
}

impl Verifier {
    /// A verifier that fetches certificates by HTTPS and trusts the operating system's roots. Make
    /// one and keep it: it holds the certificates that it fetched.
    ///
    /// # Errors
    /// [`VerifyError::NoRoots`] where the system has no root certificates.
    pub fn new() -> Result<Verifier, VerifyError> {
        let roots = Roots::native()?;
        Ok(Verifier::with(HttpsSource::new(&roots)?, roots))
    }

    /// A verifier that gets certificates from `source` and trusts `roots`.
    pub fn with(source: impl CertificateSource, roots: Roots) -> Verifier {
        Verifier {
            source: Box::new(source),
            roots,
            clock: Box::new(SystemTime::now),
            body_limit: BODY_LIMIT,
            chains: Cache::default(),
            fetches: Fetches::default(),
        }
    }

    /// Asks `clock` for the time, for tests; the system's clock unless called.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Verifier {
        self.clock = Box::new(clock);
        self
    }

    /// How many bytes a request may have; 262,144 (256 KiB) unless called.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Verifier {
        self.body_limit = bytes;
        self
    }

    /// Verifies one request: its headers, and its body as it came, byte for byte.
    ///
    /// # Errors
    /// The first check that fails says why. Answer such a request with status 400.
    pub async fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), VerifyError> {
        self.verify_body(&SignedHeaders::read(headers)?, body).await
    }

    pub(super) async fn verify_body(
        &self,
        signed: &SignedHeaders,
        body: &[u8],
    ) -> Result<(), VerifyError> {
        // Before anything is fetched or hashed for it.
        let limit = self.limit();
        if body.len() > limit {
            return Err(VerifyError::BodyTooLarge { limit });
        }
        if let Some(chain) = self.kept(&signed.url) {
            chain.check_signature(body, &signed.signature)?;
        } else {
            let chain = self.fetched(&signed.url).await?;
            chain.check_signature(body, &signed.signature)?;
            // Only what Alexa signs with is kept, so that a stranger cannot fill the cache with
            // Amazon's older chains.
            self.chains.insert(signed.url.clone(), Arc::new(chain));
        }
        timestamp::check(body, self.now())
    }

    pub(super) fn limit(&self) -> usize {
        self.body_limit
    }

    /// The chain at `url`, which is trusted.
    async fn fetched(&self, url: &ChainUrl) -> Result<Chain, VerifyError> {
        let pem = self.fetches.fetch(url, &*self.source).await?;
        let chain = Chain::from_pem(&pem)?;
        chain.check(&self.roots, self.now())?;
        Ok(chain)
    }

    /// The chain in the cache, if it is still trusted. One that has run out is fetched again, as
    /// Amazon may have put its successor in its place.
    fn kept(&self, url: &ChainUrl) -> Option<Arc<Chain>> {
        let chain = self.chains.get(url)?;
        chain.check(&self.roots, self.now()).ok()?;
        Some(chain)
    }

    fn now(&self) -> SystemTime {
        (self.clock)()
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("body_limit", &self.body_limit)
            .finish_non_exhaustive()
    }
}
