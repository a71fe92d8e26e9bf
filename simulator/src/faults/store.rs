//! A table that something is done to while a turn uses it, and that notes what goes wrong.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use alexa_skill::attributes::Value;
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::{
    BoxFuture, Item, Key, PersistenceAdapter, PersistenceError, Save, Version,
};
use serde::Serialize;

use super::Fault;

/// The request that writes in between; every write says who it is from.
const THIEF: &str = "amzn1.echo-api.request.somebody-else";

/// An error as the skill's log has it.
#[derive(Debug, Clone, Serialize)]
pub struct Noted {
    /// Its name, which leads to a section of the troubleshooting appendix.
    pub name: &'static str,
    /// Its message.
    pub message: String,
}

/// A table under a fault.
#[derive(Debug)]
pub(super) struct Watched {
    table: DynamoDb,
    /// The same table, as others reach it.
    others: DynamoDb,
    kilobytes: usize,
    thefts: AtomicU32,
    notes: Notes,
}

/// What the last call ended in, if in an error; outlives the skill that has the table.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes(Arc<Mutex<Option<Noted>>>);

impl Notes {
    pub(super) fn last(&self) -> Option<Noted> {
        let noted = self.0.lock();
        noted.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Watched {
    pub(super) fn new(table: DynamoDb, others: DynamoDb, fault: &Fault) -> Watched {
        let (kilobytes, thefts) = match fault {
            Fault::Size(kilobytes) => (*kilobytes, 0),
            Fault::Theft(times) => (0, *times),
            _ => (0, 0),
        };
        Watched {
            table,
            others,
            kilobytes,
            thefts: AtomicU32::new(thefts),
            notes: Notes::default(),
        }
    }

    pub(super) fn notes(&self) -> Notes {
        self.notes.clone()
    }

    fn note<T>(&self, result: Result<T, PersistenceError>) -> Result<T, PersistenceError> {
        let error = result.as_ref().err().map(|error| Noted {
            name: error.name(),
            message: error.to_string(),
        });
        *self.notes.0.lock().unwrap_or_else(PoisonError::into_inner) = error;
        result
    }

    async fn steal(&self, key: &Key) -> Result<(), PersistenceError> {
        let read = self.others.load_fresh(key).await?;
        let mut attributes = read.attributes.clone();
        attributes.insert("stolen".into(), Value::Bool(true));
        let save = Save {
            key,
            read: &read,
            attributes: &attributes,
            request_id: THIEF,
        };
        self.others.save(save).await?;
        Ok(())
    }
}

impl PersistenceAdapter for Watched {
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(async move { self.note(self.table.load(key).await) })
    }

    fn load_fresh<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(async move { self.note(self.table.load_fresh(key).await) })
    }

    fn save<'a>(&'a self, save: Save<'a>) -> BoxFuture<'a, Result<Version, PersistenceError>> {
        Box::pin(async move {
            let left = self.thefts.load(Ordering::Relaxed);
            if left > 0 {
                self.thefts.store(left - 1, Ordering::Relaxed);
                self.steal(save.key).await?;
            }
            let mut attributes = save.attributes.clone();
            if self.kilobytes > 0 {
                let diary = "x".repeat(self.kilobytes * 1024);
                attributes.insert("diary".into(), Value::String(diary));
            }
            let attributes = &attributes;
            self.note(self.table.save(Save { attributes, ..save }).await)
        })
    }

    fn delete<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), PersistenceError>> {
        Box::pin(async move { self.note(self.table.delete(key).await) })
    }

    fn pause(&self, conflicts: u32) -> BoxFuture<'_, ()> {
        self.table.pause(conflicts)
    }
}
