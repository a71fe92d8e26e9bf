//! A table into which others write while a turn uses it, or whose items grow too large, and which
//! keeps the error of its last call.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alexa_skill::attributes::Value;
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::{
    BoxFuture, Item, Key, PersistenceAdapter, PersistenceError, Save, Version,
};
use serde::Serialize;

use super::Fault;

/// The id of the request that writes in between.
const OTHER_REQUEST: &str = "amzn1.echo-api.request.somebody-else";

/// An error as the skill's log has it.
#[derive(Debug, Clone, Serialize)]
pub struct LoggedError {
    /// Its name, which leads to a section of the troubleshooting appendix.
    pub name: &'static str,
    /// Its message.
    pub message: String,
}

/// A table under a fault.
#[derive(Debug)]
pub(super) struct FaultyTable {
    table: DynamoDb,
    /// The same table, as other requests reach it.
    others: DynamoDb,
    /// What each saved item gets in addition, in KiB.
    added_kibibytes: usize,
    /// How many more times another request writes before the turn does.
    writes_left: AtomicU32,
    last_error: LastError,
}

/// The error of the last call, if it ended in one. It outlives the skill that has the table.
#[derive(Debug, Clone, Default)]
pub(super) struct LastError(Arc<Mutex<Option<LoggedError>>>);

impl LastError {
    pub(super) fn get(&self) -> Option<LoggedError> {
        self.locked().clone()
    }

    fn locked(&self) -> MutexGuard<'_, Option<LoggedError>> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FaultyTable {
    pub(super) fn new(table: DynamoDb, others: DynamoDb, fault: &Fault) -> FaultyTable {
        let (added_kibibytes, writes) = match fault {
            Fault::Size(kibibytes) => (*kibibytes, 0),
            Fault::Writes(times) => (0, *times),
            _ => (0, 0),
        };
        FaultyTable {
            table,
            others,
            added_kibibytes,
            writes_left: AtomicU32::new(writes),
            last_error: LastError::default(),
        }
    }

    pub(super) fn last_error(&self) -> LastError {
        self.last_error.clone()
    }

    fn keep_error<T>(&self, result: Result<T, PersistenceError>) -> Result<T, PersistenceError> {
        *self.last_error.locked() = result.as_ref().err().map(|error| LoggedError {
            name: error.name(),
            message: error.to_string(),
        });
        result
    }

    async fn write_as_other_request(&self, key: &Key) -> Result<(), PersistenceError> {
        let read = self.others.load_fresh(key).await?;
        let mut attributes = read.attributes.clone();
        attributes.insert("changedElsewhere".into(), Value::Bool(true));
        let save = Save {
            key,
            read: &read,
            attributes: &attributes,
            request_id: OTHER_REQUEST,
        };
        self.others.save(save).await?;
        Ok(())
    }
}

impl PersistenceAdapter for FaultyTable {
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(async move { self.keep_error(self.table.load(key).await) })
    }

    fn load_fresh<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(async move { self.keep_error(self.table.load_fresh(key).await) })
    }

    fn save<'a>(&'a self, save: Save<'a>) -> BoxFuture<'a, Result<Version, PersistenceError>> {
        Box::pin(async move {
            let left = self.writes_left.load(Ordering::Relaxed);
            if left > 0 {
                self.writes_left.store(left - 1, Ordering::Relaxed);
                self.write_as_other_request(save.key).await?;
            }
            let mut attributes = save.attributes.clone();
            if self.added_kibibytes > 0 {
                let diary = "x".repeat(self.added_kibibytes * 1024);
                attributes.insert("diary".into(), Value::String(diary));
            }
            let attributes = &attributes;
            self.keep_error(self.table.save(Save { attributes, ..save }).await)
        })
    }

    fn delete<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), PersistenceError>> {
        Box::pin(async move { self.keep_error(self.table.delete(key).await) })
    }

    fn pause(&self, conflicts: u32) -> BoxFuture<'_, ()> {
        self.table.pause(conflicts)
    }
}
