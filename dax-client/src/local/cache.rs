//! The two caches (Developer Guide, "DAX: How it works"): items by primary key, answers to queries
//! and scans by their parameters. Neither knows of the other.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use crate::wire::value::Item;

/// An item's table and key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) table: Arc<str>,
    pub(super) key: Arc<[u8]>,
}

impl Key {
    pub(super) fn new(table: &str, key: &[u8]) -> Key {
        Key {
            table: table.into(),
            key: key.into(),
        }
    }
}

/// What is known of an item.
#[derive(Debug)]
pub(super) enum Known {
    /// There is no such item, which is kept too.
    Missing,
    Item {
        item: Item,
        /// The item's values as they go over the wire.
        values: Vec<u8>,
    },
}

/// What a write did to an item.
#[derive(Debug)]
pub(super) enum Written {
    /// The item is now this.
    Known(Arc<Known>),
    /// The item changed, and nobody knows into what.
    Unknown,
    /// The write failed: the cache stays as it is.
    Nothing,
}

/// How long and how much a cache keeps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) time_to_live: Duration,
    /// In bytes of keys and values as they go over the wire.
    pub(super) capacity: u64,
}

/// A cache, with its hits and misses.
struct Counted<K, V> {
    cache: Cache<K, Arc<V>>,
    hits: AtomicU64,
    misses: AtomicU64,
}

impl<K, V> Counted<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    fn new(limits: Limits, size: fn(&K, &V) -> usize) -> Self {
        let mut cache = Cache::builder()
            .eviction_policy(EvictionPolicy::lru())
            .max_capacity(limits.capacity)
            .weigher(move |key, value: &Arc<V>| {
                u32::try_from(size(key, value)).unwrap_or(u32::MAX)
            });
        if !limits.time_to_live.is_zero() {
            cache = cache.time_to_live(limits.time_to_live);
        }
        Counted {
            cache: cache.build(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    fn get(&self, key: &K) -> Option<Arc<V>> {
        let found = self.cache.get(key);
        let counter = if found.is_some() {
            &self.hits
        } else {
            &self.misses
        };
        counter.fetch_add(1, Ordering::Relaxed);
        found
    }

    fn counts(&self) -> (u64, u64) {
        (
            self.hits.load(Ordering::Relaxed),
            self.misses.load(Ordering::Relaxed),
        )
    }
}

/// The item cache.
///
/// A read from the store may return the item as it was before a write that has been done meanwhile, and
/// must not put it into the cache. So the begins and ends of writes are counted, for each key together
/// with the other keys of its stripe, and an item is kept only if the count has not changed since the
/// store was asked.
pub(super) struct ItemCache {
    items: Counted<Key, Known>,
    writes: [Mutex<u64>; 64],
    stripes: RandomState,
}

/// The count of writes that a read or a write began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(u64);

impl ItemCache {
    pub(super) fn new(limits: Limits) -> ItemCache {
        ItemCache {
            items: Counted::new(limits, |key, known| {
                let values = match known {
                    Known::Missing => 0,
                    Known::Item { values, .. } => values.len(),
                };
                key.table.len() + key.key.len() + values
            }),
            writes: std::array::from_fn(|_| Mutex::new(0)),
            stripes: RandomState::new(),
        }
    }

    pub(super) fn get(&self, key: &Key) -> Option<Arc<Known>> {
        self.items.get(key)
    }

    /// Before the store is read.
    pub(super) fn begin_read(&self, key: &Key) -> Ticket {
        Ticket(*self.writes_of(key))
    }

    /// Keeps what was read, unless a write began or ended since.
    pub(super) fn finish_read(&self, key: Key, ticket: Ticket, known: Arc<Known>) {
        let writes = self.writes_of(&key);
        if *writes == ticket.0 {
            self.items.cache.insert(key, known);
        }
    }

    /// Before the store is written.
    pub(super) fn begin_write(&self, key: &Key) -> Ticket {
        let mut writes = self.writes_of(key);
        *writes += 1;
        Ticket(*writes)
    }

    /// Keeps what was written. Of two writes that overlapped neither is kept, because nobody knows which
    /// the store took last.
    pub(super) fn finish_write(&self, key: Key, ticket: Ticket, written: Written) {
        let mut writes = self.writes_of(&key);
        match written {
            Written::Known(known) if *writes == ticket.0 => self.items.cache.insert(key, known),
            Written::Known(_) | Written::Unknown => self.items.cache.invalidate(&key),
            Written::Nothing => {}
        }
        *writes += 1;
    }

    pub(super) fn counts(&self) -> (u64, u64) {
        self.items.counts()
    }

    fn writes_of(&self, key: &Key) -> MutexGuard<'_, u64> {
        let stripe = self.stripes.hash_one(key) as usize % self.writes.len();
        // A count cannot be left half changed.
        self.writes[stripe]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The query cache: answers by the bytes of the question.
pub(super) struct QueryCache(Option<Counted<Vec<u8>, Vec<u8>>>);

impl QueryCache {
    /// A time to live of zero turns the cache off.
    pub(super) fn new(limits: Limits) -> QueryCache {
        let is_on = !limits.time_to_live.is_zero();
        QueryCache(is_on.then(|| {
            Counted::new(limits, |question: &Vec<u8>, answer: &Vec<u8>| {
                question.len() + answer.len()
            })
        }))
    }

    pub(super) fn get(&self, question: &Vec<u8>) -> Option<Arc<Vec<u8>>> {
        self.0.as_ref()?.get(question)
    }

    pub(super) fn insert(&self, question: Vec<u8>, answer: Arc<Vec<u8>>) {
        if let Some(answers) = &self.0 {
            answers.cache.insert(question, answer);
        }
    }

    pub(super) fn counts(&self) -> (u64, u64) {
        self.0.as_ref().map_or((0, 0), Counted::counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(capacity: u64) -> ItemCache {
        ItemCache::new(Limits {
            time_to_live: Duration::from_secs(60),
            capacity,
        })
    }

    fn key(key: &str) -> Key {
        Key {
            table: "t".into(),
            key: key.as_bytes().into(),
        }
    }

    fn missing() -> Arc<Known> {
        Arc::new(Known::Missing)
    }

    #[test]
    fn a_read_that_a_write_overtook_is_not_kept() {
        let cache = cache(1000);
        let read = cache.begin_read(&key("a"));
        let write = cache.begin_write(&key("a"));
        cache.finish_write(key("a"), write, Written::Nothing);
        cache.finish_read(key("a"), read, missing());
        assert!(cache.get(&key("a")).is_none());
    }

    #[test]
    fn of_two_writes_that_overlap_neither_is_kept() {
        let cache = cache(1000);
        let first = cache.begin_write(&key("a"));
        let second = cache.begin_write(&key("a"));
        cache.finish_write(key("a"), second, Written::Known(missing()));
        cache.finish_write(key("a"), first, Written::Known(missing()));
        assert!(cache.get(&key("a")).is_none());
    }

    #[test]
    fn the_item_that_was_used_longest_ago_goes_first() {
        // Each key counts as two bytes: there is room for three.
        let cache = cache(6);
        for name in ["a", "b", "c"] {
            let ticket = cache.begin_write(&key(name));
            cache.finish_write(key(name), ticket, Written::Known(missing()));
            cache.items.cache.run_pending_tasks();
        }
        assert!(cache.get(&key("a")).is_some());
        cache.items.cache.run_pending_tasks();
        let ticket = cache.begin_write(&key("d"));
        cache.finish_write(key("d"), ticket, Written::Known(missing()));
        cache.items.cache.run_pending_tasks();
        let kept = ["a", "b", "c", "d"].map(|name| cache.get(&key(name)).is_some());
        assert_eq!(kept, [true, false, true, true]);
    }
}
