//! What a reader breaks on the page "Break it": one turn of the visit counter on a table, a policy or
//! an item that does not fit, and the error that the skill ends in.

mod policy;
mod store;

use alexa_skill::persistence::dynamodb::DynamoDb;
use aws_sdk_dynamodb::config::SharedHttpClient;
use serde::Serialize;
use serde_json::Value as Json;
use web_time::Instant;

use crate::difference;
use crate::refusal::Refusal;
use crate::scene::Scene;
use crate::stage::{Device, Stage, User, Who};
use crate::wire::Wire;
use policy::{Guarded, Policy};
use store::{Noted, Watched};

/// The starter whose turn goes wrong, and what it is told.
const STARTER: &str = "visit-counter";
const SAID: &str = "open visit counter";

/// More than DynamoDB keeps in an item, in KiB.
const MOST_KILOBYTES: usize = 1000;

/// As often as a turn runs at most.
const MOST_THEFTS: u32 = 10;

/// A longer text is shown by its ends.
const LONGEST: usize = 300;

/// What is broken, and how.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "fault", content = "value", rename_all = "lowercase")]
pub enum Fault {
    /// The policy of the function's role, in JSON.
    Policy(String),
    /// The table's name, as the skill spells it.
    Table(String),
    /// The partition key of the table that the skill uses.
    Key(String),
    /// What the skill remembers beside the count, in KiB.
    Size(usize),
    /// How often another request writes between the turn's reading and its writing.
    Theft(u32),
}

/// A turn that was broken.
#[derive(Debug, Serialize)]
pub struct Broken {
    /// The turn, as a panel shows it.
    pub scene: Scene,
    /// What the skill writes into its log; none when it bore the fault.
    pub error: Option<Noted>,
}

impl Fault {
    /// One of each, with a value that does break the turn.
    pub fn all() -> [Fault; 5] {
        let policy = include_str!("../../examples/visit-counter/policy.json");
        let read_only = policy.replace(",\n        \"dynamodb:PutItem\"", "");
        [
            Fault::Policy(read_only),
            Fault::Table("VisitsCounter".into()),
            Fault::Key("id".into()),
            Fault::Size(400),
            Fault::Theft(MOST_THEFTS),
        ]
    }

    /// The fault that a panel names, if its value fits.
    pub(crate) fn named(fault: &str, value: &Json) -> Option<Fault> {
        let text = || value.as_str().map(str::to_owned);
        let number = || value.as_u64().and_then(|number| u32::try_from(number).ok());
        match fault {
            "policy" => text().map(Fault::Policy),
            "table" => text().map(Fault::Table),
            "key" => text().map(Fault::Key),
            "size" => number().map(|kilobytes| Fault::Size(kilobytes as usize)),
            "theft" => number().map(Fault::Theft),
            _ => None,
        }
    }

    /// The wire's other end: AWS's own, or what stands in for IAM before it.
    fn http(&self, http: &SharedHttpClient) -> Result<SharedHttpClient, Refusal> {
        match self {
            Fault::Policy(text) => {
                let policy = Policy::parse(text).map_err(Refusal::NoPolicy)?;
                Ok(SharedHttpClient::new(Guarded::by(policy, http.clone())))
            }
            _ => Ok(http.clone()),
        }
    }

    fn bounded(&self) -> Result<(), Refusal> {
        let (Fault::Policy(text) | Fault::Table(text) | Fault::Key(text)) = self else {
            let most = match self {
                Fault::Size(kilobytes) => *kilobytes <= MOST_KILOBYTES,
                Fault::Theft(times) => *times <= MOST_THEFTS,
                _ => true,
            };
            return most.then_some(()).ok_or(Refusal::NoFault);
        };
        let most = if matches!(self, Fault::Policy(_)) {
            4000
        } else {
            60
        };
        if text.len() > most {
            return Err(Refusal::LongSpeech { most });
        }
        Ok(())
    }
}

impl Stage {
    /// Plays a turn under a fault.
    ///
    /// # Errors
    ///
    /// When the fault makes no sense, or the DynamoDB does not answer. An error of the skill is an
    /// answer here.
    pub async fn break_it(&self, fault: &Fault) -> Result<Broken, Refusal> {
        fault.bounded()?;
        let room = self.room(STARTER).await?;
        let user = User::Carol;
        room.forget(user).await?;
        let name = match fault {
            Fault::Table(name) => name.clone(),
            Fault::Key(key) => self.keyed(key).await?,
            _ => room.starter.table.to_owned(),
        };
        let wire = Wire::over(fault.http(&room.http)?);
        let table = DynamoDb::new(wire.client(&room.client), &name);
        let others = DynamoDb::new(room.client.clone(), &name);
        let watched = Watched::new(table, others, fault);
        let notes = watched.notes();
        let who = Who {
            user,
            device: Device::Kitchen,
            locale: None,
        };
        let part = room.heard(&who, SAID, false)?;
        let open = room.open(&part, wire, watched)?;
        let (mut turn, _) = part.play(open, Instant::now(), None, None).await?;
        for call in &mut turn.calls {
            shorten(&mut call.request.body);
            shorten(&mut call.response.body);
        }
        let mut after = room.item(user).await?;
        after.iter_mut().for_each(shorten);
        Ok(Broken {
            scene: Scene {
                turns: vec![turn],
                item: difference::lines(None, after.as_ref()),
                sessions: Vec::new(),
            },
            error: notes.last(),
        })
    }

    /// A table whose partition key is called so.
    async fn keyed(&self, key: &str) -> Result<String, Refusal> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "_.-".contains(letter);
        if key.is_empty() || !key.chars().all(plain) {
            return Err(Refusal::NoKey);
        }
        let name = format!("VisitCounter.{key}");
        let made = self.tables.make(&name, key).await;
        made.map_err(Refusal::NoTable)?;
        Ok(name)
    }
}

/// Leaves the ends of long texts, and says how long they are.
fn shorten(value: &mut Json) {
    match value {
        Json::String(text) if text.len() > LONGEST => {
            let start: String = text.chars().take(20).collect();
            *text = format!("{start}… ({} bytes)", text.len());
        }
        Json::Array(values) => values.iter_mut().for_each(shorten),
        Json::Object(entries) => entries.values_mut().for_each(shorten),
        _ => {}
    }
}
