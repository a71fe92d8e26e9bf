//! Attributes kept in the process as well, so that most turns read nothing.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::Entry;
use moka::future::Cache;
use moka::ops::compute::{CompResult, Op};

use super::{BoxFuture, Item, Key, PersistenceAdapter, PersistenceError, Revision, Save, Version};
use crate::attributes::{Attributes, Value};

/// That of DAX's item cache (Developer Guide, "DAX: concepts", 300,000 ms).
const TIME_TO_LIVE: Duration = Duration::from_secs(5 * 60);
/// An eighth of the memory of the smallest Lambda function.
const CAPACITY: u64 = 16 * 1024 * 1024;
/// What an entry, and each value in it, takes beside its text, roughly.
const OVERHEAD: usize = 64;

/// A write-through cache of items in front of another adapter, with the promises of DAX's item
/// cache (Developer Guide, "DAX: concepts" and "DAX and DynamoDB consistency models").
///
/// - A load is answered from the cache, also when there is no item. What the cache has may be old,
///   up to the time to live, when something else writes to the store: another instance of the
///   function, another program.
/// - A save goes to the store first and then into the cache. One that fails is not cached, and what
///   the cache had is dropped.
/// - A turn that runs again after a conflict reads the store, and so does
///   [`Persistent::refresh`](crate::Persistent::refresh).
///
/// No update is lost by an old item: a save on it is refused, and the turn runs again. That turn
/// has paid for a write in vain, so a cache pays where the turns of a user meet the same instance.
/// A turn that only reads says what the cache has.
///
/// Unless the cache answers, calls for one key wait for each other, so turns that begin at once
/// share one read. Clones share the cache.
///
/// ```
/// use alexa_skill::Skill;
/// use alexa_skill::persistence::cached::Cached;
/// use alexa_skill::persistence::memory::Memory;
///
/// let cached = Cached::new(Memory::new());
/// let skill = Skill::builder("amzn1.ask.skill.example").persistence(cached.clone()).build()?;
/// assert_eq!(cached.counts().hits, 0);
/// # Ok::<(), alexa_skill::BuildError>(())
/// ```
#[derive(Clone)]
pub struct Cached {
    store: Arc<dyn PersistenceAdapter>,
    items: Cache<Key, Arc<Item>>,
    time_to_live: Duration,
    capacity: u64,
    counters: Arc<Counters>,
}

#[derive(Debug, Default)]
struct Counters {
    hits: AtomicU64,
    misses: AtomicU64,
}

/// How the loads of a cache were answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Loads that the cache answered, or a read for another load that was under way.
    pub hits: u64,
    /// Loads that read the store, with those that had to.
    pub misses: u64,
}

impl Cached {
    /// A cache in front of `store`: an item lives 5 minutes, and all of them take about 16 MiB at
    /// most.
    pub fn new(store: impl PersistenceAdapter) -> Cached {
        Cached {
            store: Arc::new(store),
            items: empty(TIME_TO_LIVE, CAPACITY),
            time_to_live: TIME_TO_LIVE,
            capacity: CAPACITY,
            counters: Arc::default(),
        }
    }

    /// Lets an item live so long after it was read or saved. Starts with an empty cache.
    #[must_use]
    pub fn time_to_live(mut self, time_to_live: Duration) -> Cached {
        self.time_to_live = time_to_live;
        self.items = empty(self.time_to_live, self.capacity);
        self
    }

    /// Lets all items take about so many bytes at most; those that are rarely used make room.
    /// Starts with an empty cache.
    #[must_use]
    pub fn capacity(mut self, bytes: u64) -> Cached {
        self.capacity = bytes;
        self.items = empty(self.time_to_live, self.capacity);
        self
    }

    /// How the loads were answered until now.
    pub fn counts(&self) -> Counts {
        Counts {
            hits: self.counters.hits.load(Ordering::Relaxed),
            misses: self.counters.misses.load(Ordering::Relaxed),
        }
    }

    async fn get(&self, key: &Key) -> Result<Item, PersistenceError> {
        if let Some(item) = self.items.get(key).await {
            self.counters.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(Item::clone(&item));
        }
        let read = async |entry: Option<Entry<Key, Arc<Item>>>| {
            if entry.is_some() {
                self.counters.hits.fetch_add(1, Ordering::Relaxed);
                return Ok(Op::Nop);
            }
            self.counters.misses.fetch_add(1, Ordering::Relaxed);
            self.store.load(key).await.map(kept)
        };
        self.alone(key, read).await
    }

    async fn get_fresh(&self, key: &Key) -> Result<Item, PersistenceError> {
        self.counters.misses.fetch_add(1, Ordering::Relaxed);
        let read = async |_| self.store.load_fresh(key).await.map(kept);
        self.alone(key, read).await
    }

    async fn put(&self, save: Save<'_>) -> Result<Version, PersistenceError> {
        let mut version = save.read.revision.next(save.request_id);
        let write = async |_| {
            version = self.store.save(save).await?;
            Ok(kept(Item {
                attributes: save.attributes.clone(),
                others: save.read.others.clone(),
                revision: Revision::Version(version.clone()),
            }))
        };
        self.alone(save.key, write).await?;
        Ok(version)
    }

    async fn remove(&self, key: &Key) -> Result<(), PersistenceError> {
        let delete = async |_| self.store.delete(key).await.map(|()| Op::Remove);
        self.alone(key, delete).await?;
        Ok(())
    }

    /// Runs `call`, which goes to the store and says what becomes of the entry, while no other does
    /// for this key: what was read before a save never ends up in the cache after it. An error
    /// leaves no entry, as nobody knows what the store has.
    async fn alone<Call>(
        &self,
        key: &Key,
        call: impl FnOnce(Option<Entry<Key, Arc<Item>>>) -> Call,
    ) -> Result<Item, PersistenceError>
    where
        Call: Future<Output = Result<Op<Arc<Item>>, PersistenceError>>,
    {
        match self
            .items
            .entry_by_ref(key)
            .and_try_compute_with(call)
            .await
        {
            Ok(
                CompResult::Inserted(entry)
                | CompResult::ReplacedWith(entry)
                | CompResult::Unchanged(entry),
            ) => Ok(Item::clone(entry.value())),
            Ok(CompResult::Removed(_) | CompResult::StillNone(_)) => Ok(Item::default()),
            Err(error) => {
                self.items.invalidate(key).await;
                Err(error)
            }
        }
    }
}

fn empty(time_to_live: Duration, capacity: u64) -> Cache<Key, Arc<Item>> {
    Cache::builder()
        .time_to_live(time_to_live)
        .max_capacity(capacity)
        .weigher(|key: &Key, item: &Arc<Item>| {
            let bytes = key.expose().len() + weight(&item.attributes) + weight(&item.others);
            u32::try_from(bytes).unwrap_or(u32::MAX)
        })
        .build()
}

fn kept(item: Item) -> Op<Arc<Item>> {
    Op::Put(Arc::new(item))
}

fn weight(attributes: &Attributes) -> usize {
    let entries = attributes.iter();
    OVERHEAD
        + entries
            .map(|(name, value)| name.len() + weight_of_value(value))
            .sum::<usize>()
}

fn weight_of_value(value: &Value) -> usize {
    OVERHEAD
        + match value {
            Value::Null | Value::Bool(_) => 0,
            Value::Number(number) => number.as_str().len(),
            Value::String(text) => text.len(),
            Value::Binary(bytes) => bytes.len(),
            Value::List(values) => values.iter().map(weight_of_value).sum(),
            Value::Map(attributes) => weight(attributes),
            Value::StringSet(set) => set.iter().map(|text| OVERHEAD + text.len()).sum(),
            Value::NumberSet(set) => set
                .iter()
                .map(|number| OVERHEAD + number.as_str().len())
                .sum(),
            Value::BinarySet(set) => set.iter().map(|bytes| OVERHEAD + bytes.len()).sum(),
        }
}

impl PersistenceAdapter for Cached {
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(self.get(key))
    }

    fn load_fresh<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(self.get_fresh(key))
    }

    fn save<'a>(&'a self, save: Save<'a>) -> BoxFuture<'a, Result<Version, PersistenceError>> {
        Box::pin(self.put(save))
    }

    fn delete<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), PersistenceError>> {
        Box::pin(self.remove(key))
    }

    fn store_identity(&self) -> Option<String> {
        self.store.store_identity()
    }

    fn pause(&self, conflicts: u32) -> BoxFuture<'_, ()> {
        self.store.pause(conflicts)
    }
}

impl std::fmt::Debug for Cached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cached")
            .field("time_to_live", &self.time_to_live)
            .field("capacity", &self.capacity)
            .field("counts", &self.counts())
            .finish_non_exhaustive()
    }
}
