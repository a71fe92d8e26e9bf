//! A turn that runs into a fault which a reader chose: in its table, its policy or its item.

mod policy;
mod table;

use alexa_skill::persistence::dynamodb::DynamoDb;
use aws_sdk_dynamodb::config::SharedHttpClient;
use serde::Serialize;
use serde_json::Value as Json;
use web_time::Instant;

use super::calls::{CallRecorder, TurnOptions};
use super::error::Error;
use super::exchange::Exchange;
use super::item_changes;
use super::simulator::Simulator;
use super::users::{Device, Speaker, User};
use crate::deployed_skill::DeployedSkill;
use policy::{Policy, PolicyHttpClient};
use table::FaultyTable;

pub use table::LoggedError;

/// More than DynamoDB keeps in an item, in KiB.
const MOST_KIBIBYTES: usize = 1000;

/// As often as the library runs a turn at most.
const MOST_RUNS: u32 = 10;

/// The most characters of a policy.
const LONGEST_POLICY: usize = 4000;

/// The most characters of the name of a table or a key.
const LONGEST_NAME: usize = 60;

/// A text with more bytes is shown by its beginning.
const LONGEST_SHOWN: usize = 300;

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
    /// What the skill remembers beside its own state, in KiB.
    Size(usize),
    /// How often another request writes between the turn's reading and its writing.
    Writes(u32),
}

/// What happened under a fault.
#[derive(Debug, Serialize)]
pub struct FaultyExchange {
    /// The turn, as a panel shows it.
    pub exchange: Exchange,
    /// What the skill writes into its log; none when it worked in spite of the fault.
    pub error: Option<LoggedError>,
}

impl Fault {
    /// One of each for a skill, with a value that breaks a turn which reads and writes.
    fn all(skill: &DeployedSkill) -> [Fault; 5] {
        let read_only = skill.policy.replace(",\n        \"dynamodb:PutItem\"", "");
        [
            Fault::Policy(read_only),
            Fault::Table(format!("{}s", skill.table)),
            Fault::Key("id".into()),
            Fault::Size(400),
            Fault::Writes(MOST_RUNS),
        ]
    }

    /// The fault that a panel names, if its value fits.
    pub(super) fn named(fault: &str, value: &Json) -> Option<Fault> {
        let text = || value.as_str().map(str::to_owned);
        let number = || value.as_u64().and_then(|number| u32::try_from(number).ok());
        match fault {
            "policy" => text().map(Fault::Policy),
            "table" => text().map(Fault::Table),
            "key" => text().map(Fault::Key),
            "size" => number().map(|kibibytes| Fault::Size(kibibytes as usize)),
            "writes" => number().map(Fault::Writes),
            _ => None,
        }
    }

    /// What the skill's calls go through: `http`, behind the policy if that is what is broken.
    fn http(&self, http: &SharedHttpClient) -> Result<SharedHttpClient, Error> {
        match self {
            Fault::Policy(text) => {
                let policy = Policy::parse(text).map_err(Error::InvalidPolicy)?;
                let guarded = PolicyHttpClient::new(policy, http.clone());
                Ok(SharedHttpClient::new(guarded))
            }
            _ => Ok(http.clone()),
        }
    }

    fn check_size(&self) -> Result<(), Error> {
        let (what, text, most) = match self {
            Fault::Policy(text) => ("the policy", text, LONGEST_POLICY),
            Fault::Table(name) => ("the table's name", name, LONGEST_NAME),
            Fault::Key(name) => ("the key's name", name, LONGEST_NAME),
            Fault::Size(kibibytes) if *kibibytes > MOST_KIBIBYTES => {
                return Err(Error::InvalidFault);
            }
            Fault::Writes(times) if *times > MOST_RUNS => return Err(Error::InvalidFault),
            Fault::Size(_) | Fault::Writes(_) => return Ok(()),
        };
        if text.chars().count() > most {
            return Err(Error::TooLong { what, most });
        }
        Ok(())
    }
}

impl Simulator {
    /// One fault of each kind for a skill, with a value that breaks a turn which reads and writes.
    ///
    /// # Errors
    ///
    /// When there is no skill of this name.
    pub async fn faults(&self, skill: &str) -> Result<[Fault; 5], Error> {
        Ok(Fault::all(self.skill(skill).await?.deployed))
    }

    /// Has a user open a skill under a fault.
    ///
    /// # Errors
    ///
    /// When the fault makes no sense, or the DynamoDB does not answer. An error that the skill ends in
    /// is part of the answer.
    pub async fn run_with_fault(
        &self,
        skill: &str,
        fault: &Fault,
    ) -> Result<FaultyExchange, Error> {
        fault.check_size()?;
        let skill = self.skill(skill).await?;
        let speaker = Speaker {
            user: User::Carol,
            device: Device::Kitchen,
        };
        skill.delete_item(speaker.user).await?;
        let table = match fault {
            Fault::Table(name) => name.clone(),
            Fault::Key(key) => self.table_with_key(skill.deployed.table, key).await?,
            _ => skill.deployed.table.to_owned(),
        };
        let calls = CallRecorder::new(fault.http(&skill.http)?);
        let faulty = FaultyTable::new(
            DynamoDb::new(calls.client(&skill.client), &table),
            DynamoDb::new(skill.client.clone(), &table),
            fault,
        );
        let last_error = faulty.last_error();
        let turn = skill.said(speaker, None, &skill.model(None)?.opening(), false)?;
        let session = skill.open_session(&turn, calls, faulty)?;
        let options = TurnOptions {
            start: Instant::now(),
            seed: None,
        };
        let (mut trace, _) = turn.run(session, options, None).await?;
        for call in &mut trace.calls {
            shorten(&mut call.request.body);
            shorten(&mut call.response.body);
        }
        let mut after = skill.item(speaker.user).await?;
        after.iter_mut().for_each(shorten);
        Ok(FaultyExchange {
            exchange: Exchange {
                turns: vec![trace],
                item: item_changes::changes(None, after.as_ref()),
                sessions: Vec::new(),
            },
            error: last_error.get(),
        })
    }

    /// Creates a table like the skill's, but with a partition key of this name.
    async fn table_with_key(&self, table: &str, key: &str) -> Result<String, Error> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "_.-".contains(letter);
        if key.is_empty() || !key.chars().all(plain) {
            return Err(Error::InvalidKeyName);
        }
        let name = format!("{table}.{key}");
        let created = self.tables.create(&name, key).await;
        created.map_err(Error::DynamoDb)?;
        Ok(name)
    }
}

/// Leaves the beginning of each long text, and says how long it is.
fn shorten(value: &mut Json) {
    match value {
        Json::String(text) if text.len() > LONGEST_SHOWN => {
            let start: String = text.chars().take(20).collect();
            *text = format!("{start}… ({} bytes)", text.len());
        }
        Json::Array(values) => values.iter_mut().for_each(shorten),
        Json::Object(entries) => entries.values_mut().for_each(shorten),
        _ => {}
    }
}
