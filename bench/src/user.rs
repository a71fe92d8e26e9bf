//! A user of the visit counter.

use anyhow::{Result, ensure};
use contenders::welcome;
use serde_json::{Value as Json, json};

use crate::runtime_api::{Environment, Turn};

const SKILL_ID: &str = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000";

/// Somebody who opens the skill again and again, and counts how often.
pub struct User {
    /// The only one that answers this user, and answers nobody else.
    pub environment: Environment,
    id: String,
    visits: u64,
    /// The session's attributes; `None` where each visit opens a session of its own.
    session: Option<Json>,
}

impl User {
    /// Somebody who has not opened the skill before, and whose visits are `in_one_session` or each in
    /// a session of its own.
    #[must_use]
    pub fn new(environment: Environment, id: &str, in_one_session: bool) -> User {
        // An endpoint that the environment names may remember an earlier run.
        let run = std::process::id();
        let id = format!("amzn1.ask.account.{run}.{}", id.replace([' ', ','], "-"));
        User {
            environment,
            id,
            visits: 0,
            session: in_one_session.then(|| json!({})),
        }
    }

    /// Opens the skill `number` times, each time after the last answer, and checks each answer's
    /// count.
    ///
    /// # Errors
    /// Fails when a turn does, and when an answer has another count or ends the one session.
    pub fn turns(&mut self, number: usize) -> Result<Vec<Turn>> {
        let turns = (0..number).map(|_| {
            let event = self.event(self.visits + 1)?;
            let turn = self.environment.turn(event)?;
            self.visits += 1;
            let answer = self.check(&turn)?;
            if let Some(session) = &mut self.session {
                let ended = &answer["response"]["shouldEndSession"];
                ensure!(*ended == false, "{}: {answer} ends the session", self.id);
                *session = answer["sessionAttributes"].clone();
            }
            Ok(turn)
        });
        turns.collect()
    }

    /// The envelope of a visit.
    fn event(&self, visit: u64) -> Result<Vec<u8>> {
        let application = json!({"applicationId": SKILL_ID});
        let user = json!({"userId": self.id});
        let session = if self.session.is_some() { 1 } else { visit };
        Ok(serde_json::to_vec(&json!({
            "version": "1.0",
            "session": {
                "new": session == visit,
                "sessionId": format!("amzn1.echo-api.session.{session}"),
                "application": application,
                "attributes": self.session.as_ref().unwrap_or(&json!({})),
                "user": user,
            },
            "context": {"System": {
                "application": application, "user": user,
                "device": {"deviceId": "amzn1.ask.device.1", "supportedInterfaces": {}},
                "apiEndpoint": "https://api.amazonalexa.com", "apiAccessToken": "none",
            }},
            "request": {
                "type": "LaunchRequest", "locale": "en-US",
                "requestId": format!("amzn1.echo-api.request.{}.{visit}", self.id),
                "timestamp": "2026-11-22T12:00:00Z",
            },
        }))?)
    }

    /// The skill's answer, which must say how many visits there were.
    fn check(&self, turn: &Turn) -> Result<Json> {
        let answer: Json = serde_json::from_slice(&turn.answer)?;
        let said = answer["response"]["outputSpeech"]["ssml"].as_str();
        let expected = welcome(self.visits);
        ensure!(
            said.is_some_and(|said| said.contains(&expected)),
            "{}: {answer} instead of {expected}",
            self.id
        );
        Ok(answer)
    }
}
