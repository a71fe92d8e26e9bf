//! The library's promises, against a real DynamoDB endpoint.

mod answers;
mod cached;
mod carried;
mod dispatch;
mod dynamodb;
#[path = "../support/echo.rs"]
mod echo;
mod error_handlers;
mod errors;
mod faults;
mod fuzz;
mod handlers;
mod hostile_sessions;
mod inherited;
mod interceptors;
mod local_endpoints;
mod log;
#[path = "../support/messages.rs"]
mod messages;
mod metrics;
#[path = "../support/notation.rs"]
mod notation;
mod one_round_trip;
mod proxy;
mod requests;
mod secrets;
mod serde_features;
mod sets_and_bytes;
mod shown;
mod slots;
mod states;
mod table_failures;
mod turns;
mod values;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use alexa_skill::persistence::memory::Memory;
use alexa_skill::persistence::{
    BoxFuture, Item, Key, PersistenceAdapter, PersistenceError, Save, Version,
};
use alexa_skill::{BoxError, Persistent, SkillBuilder};
use serde::{Deserialize, Serialize};
use simulator::{Answer, Conversation};

const SKILL_ID: &str = "amzn1.ask.skill.test";

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn welcome(mut visits: Persistent<Visits>) -> String {
    visits.count += 1;
    format!("visit {}", visits.count)
}

/// What the user `u` hears who opens the skill.
async fn launch(skill: SkillBuilder) -> Result<Answer, BoxError> {
    let skill = skill.build().unwrap();
    Conversation::with(skill).user("u").launch().await
}

/// How often a handler ran, for a handler that asks for `Provided<Runs>`.
#[derive(Clone, Default)]
struct Runs(Arc<AtomicU32>);

impl Runs {
    /// Counts one more, and says the how manieth it is.
    fn another(&self) -> u32 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn count(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A table in memory that counts what is asked of it.
#[derive(Clone, Default)]
struct Counted {
    memory: Memory,
    calls: Arc<Calls>,
    nameless: bool,
}

#[derive(Default)]
struct Calls {
    loads: AtomicU32,
    saves: AtomicU32,
}

impl Counted {
    /// One that a session cannot carry the items of.
    fn without_identity() -> Counted {
        Counted {
            nameless: true,
            ..Counted::default()
        }
    }

    fn loads_and_saves(&self) -> (u32, u32) {
        (
            self.calls.loads.load(Ordering::SeqCst),
            self.calls.saves.load(Ordering::SeqCst),
        )
    }
}

impl PersistenceAdapter for Counted {
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        self.calls.loads.fetch_add(1, Ordering::SeqCst);
        self.memory.load(key)
    }
    fn save<'a>(&'a self, save: Save<'a>) -> BoxFuture<'a, Result<Version, PersistenceError>> {
        self.calls.saves.fetch_add(1, Ordering::SeqCst);
        self.memory.save(save)
    }
    fn delete<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), PersistenceError>> {
        self.memory.delete(key)
    }
    fn store_identity(&self) -> Option<String> {
        self.memory.store_identity().filter(|_| !self.nameless)
    }
}
