//! Skills that users talk to: each with a table in one DynamoDB, and with open sessions.

use std::sync::PoisonError;

use alexa_skill::persistence::BoxFuture;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::SharedHttpClient;
use serde_json::json;
use tokio::sync::{Mutex, MutexGuard};
use web_time::Instant;

use super::calls::TurnOptions;
use super::concurrent_turns;
use super::description::SkillDescription;
use super::error::Error;
use super::exchange::Exchange;
use super::item_changes;
use super::simulated_skill::{PendingTurn, SimulatedSkill, check_length};
use super::users::{Device, Speaker, User};
use crate::deployed_skill::DeployedSkill;
use crate::utterance::intent_request;

/// Creates tables, which a skill cannot and should not.
pub trait Tables: Send + Sync {
    /// Creates the table `name` with the partition key `key` of type S, if it does not exist.
    fn create<'a>(&'a self, name: &'a str, key: &'a str) -> BoxFuture<'a, Result<(), String>>;
}

/// Runs skills for the users of a panel.
pub struct Simulator {
    pub(super) tables: Box<dyn Tables>,
    skills: Vec<(&'static str, Mutex<SimulatedSkill>)>,
    seed: std::sync::Mutex<Option<u64>>,
}

impl Simulator {
    /// Runs `skills` on the DynamoDB that `client` reaches, in which `tables` creates their tables.
    /// What a panel shows goes through `http`.
    ///
    /// # Errors
    ///
    /// [`Error::DynamoDb`] when a table cannot be created, [`Error::InteractionModel`] when a skill has
    /// a model that cannot be read.
    pub async fn start(
        client: &Client,
        http: &SharedHttpClient,
        tables: impl Tables + 'static,
        skills: &'static [DeployedSkill],
    ) -> Result<Simulator, Error> {
        let mut simulated = Vec::new();
        for deployed in skills {
            let created = tables.create(deployed.table, "userId").await;
            created.map_err(Error::DynamoDb)?;
            let skill = SimulatedSkill::new(deployed, client.clone(), http.clone())?;
            simulated.push((deployed.name, Mutex::new(skill)));
        }
        Ok(Simulator {
            tables: Box::new(tables),
            skills: simulated,
            seed: std::sync::Mutex::default(),
        })
    }

    /// Has the skills draw the same numbers in every turn from now on, so that a conversation can be
    /// compared with another one.
    pub fn fix_numbers(&self, seed: u64) {
        *self.seed() = Some(seed);
    }

    fn seed(&self) -> std::sync::MutexGuard<'_, Option<u64>> {
        // Nothing panics while it holds the lock.
        self.seed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Describes what can be said to a skill.
    ///
    /// # Errors
    ///
    /// When there is none of this name.
    pub async fn describe(&self, skill: &str) -> Result<SkillDescription, Error> {
        Ok(self.skill(skill).await?.describe())
    }

    /// Says something to a device, in a locale or in the skill's first one.
    ///
    /// # Errors
    ///
    /// When it does not reach the skill, or the skill fails.
    pub async fn say(
        &self,
        skill: &str,
        speaker: Speaker,
        locale: Option<&str>,
        text: &str,
    ) -> Result<Exchange, Error> {
        let mut skill = self.skill(skill).await?;
        let turn = skill.said(speaker, locale, text, false)?;
        self.run(&mut skill, speaker.user, vec![turn]).await
    }

    /// Sends an intent that a user chose instead of saying it, with words for its slots.
    ///
    /// # Errors
    ///
    /// When the model has no such intent, or the skill fails.
    pub async fn choose(
        &self,
        skill: &str,
        speaker: Speaker,
        locale: Option<&str>,
        intent: &str,
        slots: &[(String, String)],
    ) -> Result<Exchange, Error> {
        let mut skill = self.skill(skill).await?;
        let model = skill.model(locale)?;
        let intent = model.intent(intent).ok_or(Error::UnknownIntent)?;
        for (_, words) in slots {
            check_length("what a slot is filled with", words)?;
        }
        let turn = PendingTurn {
            speaker,
            locale: model.locale,
            said: None,
            request: intent_request(model, intent, slots),
            new_session: false,
        };
        self.run(&mut skill, speaker.user, vec![turn]).await
    }

    /// Says something to both devices of a user at the same time: both turns read before either
    /// writes.
    ///
    /// # Errors
    ///
    /// As [`Simulator::say`].
    pub async fn say_at_once(
        &self,
        skill: &str,
        user: User,
        locale: Option<&str>,
        texts: [&str; 2],
    ) -> Result<Exchange, Error> {
        let mut skill = self.skill(skill).await?;
        let mut turns = Vec::new();
        for (device, text) in [Device::Kitchen, Device::Bedroom].into_iter().zip(texts) {
            turns.push(skill.said(Speaker { user, device }, locale, text, true)?);
        }
        self.run(&mut skill, user, turns).await
    }

    /// Ends a session from the user's side.
    ///
    /// # Errors
    ///
    /// When none is open, or the skill fails.
    pub async fn end_session(&self, skill: &str, speaker: Speaker) -> Result<Exchange, Error> {
        let mut skill = self.skill(skill).await?;
        let session = skill.sessions.get(&speaker).ok_or(Error::NoSession)?;
        let turn = PendingTurn {
            speaker,
            locale: session.locale,
            said: None,
            request: json!({"type": "SessionEndedRequest", "reason": "USER_INITIATED"}),
            new_session: false,
        };
        self.run(&mut skill, speaker.user, vec![turn]).await
    }

    /// Deletes all items of a skill and forgets its sessions.
    ///
    /// # Errors
    ///
    /// When there is no skill of this name, or its table does not answer.
    pub async fn reset(&self, skill: &str) -> Result<SkillDescription, Error> {
        let mut skill = self.skill(skill).await?;
        skill.sessions.clear();
        for user in [User::Alice, User::Bob] {
            skill.delete_item(user).await?;
        }
        Ok(skill.describe())
    }

    /// The skill of this name, for one exchange at a time: the difference between an item before and
    /// after is then what the exchange did.
    pub(super) async fn skill(&self, name: &str) -> Result<MutexGuard<'_, SimulatedSkill>, Error> {
        let mut skills = self.skills.iter();
        let (_, skill) = skills
            .find(|(known, _)| *known == name)
            .ok_or(Error::UnknownSkill)?;
        Ok(skill.lock().await)
    }

    /// Runs one turn, or two at the same time.
    async fn run(
        &self,
        skill: &mut SimulatedSkill,
        user: User,
        turns: Vec<PendingTurn>,
    ) -> Result<Exchange, Error> {
        let before = skill.item(user).await?;
        let options = TurnOptions {
            start: Instant::now(),
            seed: *self.seed(),
        };
        let mut in_sessions = Vec::new();
        for turn in turns {
            let session = skill.take_session(&turn)?;
            in_sessions.push((turn, session));
        }
        let mut in_sessions = in_sessions.into_iter();
        // Both turns run in this task, so that a page that goes away takes both with it.
        let finished = match (in_sessions.next(), in_sessions.next()) {
            (Some((turn, session)), None) => vec![turn.run(session, options, None).await?],
            (Some((first, kitchen)), Some((second, bedroom))) => {
                let [one, other] = concurrent_turns::pair();
                let (one, other) = tokio::join!(
                    first.run(kitchen, options, Some(one)),
                    second.run(bedroom, options, Some(other)),
                );
                vec![one?, other?]
            }
            (None, _) => Vec::new(),
        };
        let mut traces = Vec::new();
        for (trace, session) in finished {
            if !trace.ends_session {
                let (user, device) = (trace.user, trace.device);
                skill.sessions.insert(Speaker { user, device }, session);
            }
            traces.push(trace);
        }
        let after = skill.item(user).await?;
        Ok(Exchange {
            turns: traces,
            item: item_changes::changes(before.as_ref(), after.as_ref()),
            sessions: skill.open_sessions(),
        })
    }
}
