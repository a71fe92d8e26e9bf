//! The chains that were fetched, by URL.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::chain::Chain;
use super::chain_url::ChainUrl;

/// Amazon signs with one certificate at a time, and with two while it changes them.
const CAPACITY: usize = 16;

/// Keeps the chains that were used last. What comes out of it is to be checked again: time has
/// passed since it went in.
#[derive(Default)]
pub(super) struct Cache {
    /// The one that was used last is at the end.
    chains: Mutex<Vec<(ChainUrl, Arc<Chain>)>>,
}

impl Cache {
    pub(super) fn get(&self, url: &ChainUrl) -> Option<Arc<Chain>> {
        let mut chains = self.lock();
        let place = chains.iter().position(|(kept, _)| kept == url)?;
        chains[place..].rotate_left(1);
        chains.last().map(|(_, chain)| chain.clone())
    }

    pub(super) fn insert(&self, url: ChainUrl, chain: Arc<Chain>) {
        let mut chains = self.lock();
        chains.retain(|(kept, _)| *kept != url);
        if chains.len() == CAPACITY {
            chains.remove(0);
        }
        chains.push((url, chain));
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(ChainUrl, Arc<Chain>)>> {
        // No code above panics while it holds the lock, so a poisoned list is still whole.
        self.chains.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
