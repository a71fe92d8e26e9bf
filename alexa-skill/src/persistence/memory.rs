//! Attributes kept in the process, for tests and for skills that run without AWS.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};

use super::{
    BoxFuture, Contained, Item, Key, Location, PersistenceAdapter, PersistenceError, Revision,
    Save, Version,
};

/// A table in memory, with the same conditions on a save as DynamoDB's. Clones share the table.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    items: Arc<Mutex<BTreeMap<Key, Item>>>,
}

impl Memory {
    /// An empty table.
    pub fn new() -> Memory {
        Memory::default()
    }

    fn items(&self) -> std::sync::MutexGuard<'_, BTreeMap<Key, Item>> {
        // No code below panics while it holds the lock, so a poisoned map is still whole.
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, save: Save<'_>) -> Result<Version, PersistenceError> {
        let mut items = self.items();
        let kept = items
            .get(save.key)
            .map_or(&Revision::Absent, |item| &item.revision);
        let version = save.read.revision.next(save.request_id);
        if *kept == save.read.revision {
            let item = Item {
                attributes: save.attributes.clone(),
                others: save.read.others.clone(),
                revision: Revision::Version(version.clone()),
            };
            items.insert(save.key.clone(), item);
        } else if kept.contains(&version) != Contained::Yes {
            let (key, location) = (save.key.clone(), Location::Memory);
            return Err(PersistenceError::Conflict { key, location });
        }
        Ok(version)
    }
}

impl PersistenceAdapter for Memory {
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(ready(Ok(self
            .items()
            .get(key)
            .cloned()
            .unwrap_or_default())))
    }

    fn save<'a>(&'a self, save: Save<'a>) -> BoxFuture<'a, Result<Version, PersistenceError>> {
        Box::pin(ready(self.put(save)))
    }

    fn delete<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), PersistenceError>> {
        self.items().remove(key);
        Box::pin(ready(Ok(())))
    }

    fn store_identity(&self) -> Option<String> {
        Some("memory".into())
    }
}
