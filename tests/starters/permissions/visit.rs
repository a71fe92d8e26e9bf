//! Everything that Alexa can send to a starter, sent to it.

use std::sync::{Arc, Mutex};

use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::{
    BoxFuture, Item, Key, PersistenceAdapter, PersistenceError, Save, Version,
};
use local_dynamodb::LocalDynamoDb;
use serde_json::{Value as Json, json};
use simulator::Conversation;
use starters::Starter;

use super::guarded::{Call, Guarded};
use super::policy::Policy;
use crate::files::Files;

/// What came of a visit.
pub struct Visit {
    /// What the skill called.
    pub calls: Vec<Call>,
    /// The actions that it called, each once, sorted.
    pub actions: Vec<String>,
    /// What went wrong with the table.
    pub errors: Vec<String>,
    /// What the user heard.
    pub speeches: Vec<String>,
}

/// A new user launches the skill, says everything in its interaction model, ends the session, and
/// causes every event to which the skill is subscribed. The skill's role has the policy alone.
pub async fn visit(starter: &Starter, policy: &Policy) -> Visit {
    let local = LocalDynamoDb::embedded().unwrap();
    let table = DynamoDb::new(local.client(), starter.table);
    table.ensure_table().await.unwrap();

    let guarded = Guarded::start(&local, policy).await;
    let table = Noting::from(DynamoDb::new(guarded.client(&local), starter.table));
    let speeches = say_everything(starter, &table).await;
    Visit {
        calls: guarded.calls(),
        actions: guarded.actions(),
        errors: table.errors(),
        speeches,
    }
}

/// Sends everything that Alexa can send to the starter, and returns its speeches.
pub async fn say_everything(starter: &Starter, table: &Noting) -> Vec<String> {
    let skill = (starter.skill)().persistence(table.clone());
    let mut user = Conversation::with(skill.build().unwrap());
    let mut speeches = Vec::new();
    for request in requests(starter) {
        let answer = user.send(request).await.unwrap();
        speeches.push(answer.speech().to_owned());
    }
    speeches
}

/// A table that notes its errors, of which a starter says no more than "sorry".
#[derive(Clone)]
pub struct Noting {
    table: DynamoDb,
    errors: Arc<Mutex<Vec<String>>>,
}

impl From<DynamoDb> for Noting {
    fn from(table: DynamoDb) -> Noting {
        Noting {
            table,
            errors: Arc::default(),
        }
    }
}

impl Noting {
    /// Each error's name and message.
    pub fn errors(&self) -> Vec<String> {
        self.errors.lock().unwrap().clone()
    }

    fn note<T>(&self, result: Result<T, PersistenceError>) -> Result<T, PersistenceError> {
        result.inspect_err(|error| {
            let noted = format!("{}: {error}", error.name());
            self.errors.lock().unwrap().push(noted);
        })
    }
}

impl PersistenceAdapter for Noting {
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(async { self.note(self.table.load(key).await) })
    }

    fn save<'a>(&'a self, save: Save<'a>) -> BoxFuture<'a, Result<Version, PersistenceError>> {
        Box::pin(async move { self.note(self.table.save(save).await) })
    }

    fn delete<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), PersistenceError>> {
        Box::pin(async { self.note(self.table.delete(key).await) })
    }
}

/// What Alexa sends, in an order in which a user could cause it.
fn requests(starter: &Starter) -> Vec<Json> {
    let mut requests = vec![json!({"type": "LaunchRequest"})];
    for model in starter.models().values() {
        for intent in &model.intents {
            let mut slots = json!({});
            for slot in &intent.slots {
                let own = model.types.iter().find(|known| known.name == slot.r#type);
                let value = own.map_or("50", |own| own.first_value());
                slots[&slot.name] = json!({"name": slot.name, "value": value});
            }
            let intent = json!({"name": intent.name, "slots": slots});
            requests.push(json!({"type": "IntentRequest", "intent": intent}));
        }
    }
    requests.push(json!({"type": "LaunchRequest"}));
    requests.push(json!({"type": "SessionEndedRequest", "reason": "USER_INITIATED"}));
    let manifest = starter.manifest();
    let events = manifest["events"]["subscriptions"].as_array();
    for event in events.into_iter().flatten() {
        assert_eq!(event["eventName"], "SKILL_DISABLED");
        let body = json!({"userInformationPersistenceStatus": "NOT_PERSISTED"});
        requests.push(json!({"type": "AlexaSkillEvent.SkillDisabled", "body": body}));
    }
    requests
}
