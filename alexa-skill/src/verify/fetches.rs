//! The fetches that are under way.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_lock::{OnceCell, Semaphore};

use super::chain_url::ChainUrl;
use super::error::VerifyError;
use super::source::CertificateSource;
use crate::boxed::BoxError;

/// How many chains are fetched at once. Anybody can name a URL that is not in the cache.
const AT_ONCE: usize = 4;

/// How many chains are being fetched or wait for it. A request for one more is refused, so that
/// nobody waits behind what strangers name.
const AT_MOST: usize = 16;

/// What a fetch came to, for all who waited for it.
type Fetched = OnceCell<Result<Arc<[u8]>, Arc<dyn std::error::Error + Send + Sync>>>;

/// Fetches each chain once for all requests that wait for it.
pub(super) struct Fetches {
    running: Semaphore,
    /// A fetch is here as long as a request waits for it.
    under_way: Mutex<Vec<(ChainUrl, Weak<Fetched>)>>,
}

impl Default for Fetches {
    fn default() -> Fetches {
        Fetches {
            running: Semaphore::new(AT_ONCE),
            under_way: Mutex::default(),
        }
    }
}

impl Fetches {
    /// The chain at `url`, in PEM.
    pub(super) async fn fetch(
        &self,
        url: &ChainUrl,
        source: &dyn CertificateSource,
    ) -> Result<Arc<[u8]>, VerifyError> {
        let fetched = self.join(url)?;
        // A request that goes away while it fetches leaves that to the next one that waits.
        let pem = fetched.get_or_init(|| async {
            let _permit = self.running.acquire().await;
            let pem = source.fetch(url).await;
            pem.map(Arc::from).map_err(Arc::from)
        });
        pem.await
            .clone()
            .map_err(|source| VerifyError::ChainUnreachable {
                url: url.as_str().into(),
                source: BoxError::from(source),
            })
    }

    /// The fetch of `url` that is under way, or a new one.
    fn join(&self, url: &ChainUrl) -> Result<Arc<Fetched>, VerifyError> {
        // No code below panics while it holds the lock, so a poisoned list is still whole.
        let mut under_way = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        under_way.retain(|(_, fetch)| fetch.strong_count() > 0);
        let known = under_way.iter().find(|(known, _)| known == url);
        if let Some(fetch) = known.and_then(|(_, fetch)| fetch.upgrade()) {
            return Ok(fetch);
        }
        if under_way.len() >= AT_MOST {
            return Err(VerifyError::TooManyChains);
        }
        let fetch = Arc::new(Fetched::new());
        under_way.push((url.clone(), Arc::downgrade(&fetch)));
        Ok(fetch)
    }
}
