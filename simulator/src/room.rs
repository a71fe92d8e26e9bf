//! One starter on the stage: its table, its open sessions, and how a request to it is made.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::conversation::{Conversation, Endpoint};
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::{Key, PersistenceAdapter};
use alexa_skill::{BoxError, Skill};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value as Json;
use web_time::Instant;

use crate::meeting::Lane;
use crate::model::Model;
use crate::refusal::Refusal;
use crate::scene::{self, Session, Turn};
use crate::stage::{User, Who};
use crate::starters::Starter;
use crate::utterance::{self, Understood};
use crate::wire::{Wire, microseconds};

/// Nobody says more in one breath.
const MOST_CHARACTERS: usize = 200;

/// A starter with a table, and the sessions that are open with it.
pub(crate) struct Room {
    pub(crate) starter: &'static Starter,
    pub(crate) sessions: BTreeMap<Session, Open>,
    /// Reaches the table without a wire in between.
    pub(crate) client: Client,
    pub(crate) http: SharedHttpClient,
}

/// A session that is open on a device.
pub(crate) struct Open {
    conversation: Conversation<Line>,
    line: Line,
    pub(crate) locale: &'static str,
}

/// Between a device and the skill: keeps the envelopes as they pass.
#[derive(Clone)]
struct Line {
    skill: Skill,
    wire: Wire,
    envelopes: Arc<Mutex<(Json, Json)>>,
}

impl Endpoint for Line {
    async fn call(&self, request: Json) -> Result<Json, BoxError> {
        let answer = Endpoint::call(&self.skill, request.clone()).await?;
        *self
            .envelopes
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = (request, answer.clone());
        Ok(answer)
    }
}

impl Line {
    /// The last request envelope and its answer.
    fn last(&self) -> (Json, Json) {
        let envelopes = self.envelopes.lock();
        envelopes.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Room {
    pub(crate) fn new(starter: &'static Starter, client: Client, http: SharedHttpClient) -> Room {
        Room {
            starter,
            sessions: BTreeMap::new(),
            client,
            http,
        }
    }

    /// The interaction model of a locale, or of the first one.
    pub(crate) fn model(&self, who: &Who) -> Result<Model, Refusal> {
        let first = self.starter.locales().next().unwrap_or_default();
        let locale = who.locale.as_deref().unwrap_or(first);
        self.starter.model(locale).ok_or(Refusal::NoLocale)
    }

    /// What was said, if it is for the skill: as `asked`, it is so without a session too.
    pub(crate) fn heard(&self, who: &Who, text: &str, asked: bool) -> Result<Part, Refusal> {
        bounded(text)?;
        let model = self.model(who)?;
        let session = session(who);
        let in_session = asked || self.sessions.contains_key(&session);
        let understood = utterance::understand(&model, text, in_session);
        let open = || scene::open(&model);
        Ok(Part {
            session,
            locale: model.locale,
            said: Some(text.trim().to_owned()),
            understood: understood.ok_or_else(|| Refusal::NotToTheSkill { open: open() })?,
        })
    }

    /// The session that goes on, or a new one.
    pub(crate) fn take_session(&mut self, part: &Part) -> Result<Open, Refusal> {
        let open = self.sessions.remove(&part.session);
        let goes_on = |open: &Open| open.locale == part.locale && !part.understood.names_the_skill;
        if let Some(open) = open.filter(goes_on) {
            return Ok(open);
        }
        let wire = Wire::over(self.http.clone());
        let table = DynamoDb::new(wire.client(&self.client), self.starter.table);
        self.open(part, wire, table)
    }

    /// A new session with the skill on another memory than its own, which is reached by `wire`.
    pub(crate) fn open(
        &self,
        part: &Part,
        wire: Wire,
        memory: impl PersistenceAdapter,
    ) -> Result<Open, Refusal> {
        let skill = (self.starter.skill)().persistence(memory).build();
        let skill = skill.map_err(|error| Refusal::Failed(error.to_string()))?;
        let skill_id = skill.id().to_owned();
        let line = Line {
            skill,
            wire,
            envelopes: Arc::default(),
        };
        let conversation = Conversation::over(line.clone(), skill_id)
            .user(part.session.user.id())
            .device(part.session.device.id())
            .locale(part.locale);
        Ok(Open {
            conversation,
            line,
            locale: part.locale,
        })
    }

    /// The user's item as DynamoDB writes it, read past every wire that the panel shows.
    pub(crate) async fn item(&self, user: User) -> Result<Option<Json>, Refusal> {
        let wire = Wire::over(self.http.clone());
        let get = wire.client(&self.client).get_item();
        let get = get.table_name(self.starter.table).consistent_read(true);
        let got = get
            .key("userId", AttributeValue::S(user.id().into()))
            .send()
            .await;
        got.map_err(|error| Refusal::NoTable(error.into_service_error().to_string()))?;
        let call = wire.end().pop();
        Ok(call.and_then(|mut call| Some(call.response.body.get_mut("Item")?.take())))
    }

    /// Deletes a user's item.
    pub(crate) async fn forget(&self, user: User) -> Result<(), Refusal> {
        let table = DynamoDb::new(self.client.clone(), self.starter.table);
        let deleted = table.delete(&Key::from(user.id())).await;
        deleted.map_err(|error| Refusal::NoTable(error.to_string()))
    }

    /// Where a session is open.
    pub(crate) fn open_sessions(&self) -> Vec<Session> {
        self.sessions.keys().copied().collect()
    }
}

/// One request to the skill, still to be made.
pub(crate) struct Part {
    pub(crate) session: Session,
    pub(crate) locale: &'static str,
    pub(crate) said: Option<String>,
    pub(crate) understood: Understood,
}

impl Part {
    /// Sends the request, in the session that was taken for it.
    pub(crate) async fn play(
        self,
        mut open: Open,
        start: Instant,
        lane: Option<Lane>,
        numbers: Option<u64>,
    ) -> Result<(Turn, Open), Refusal> {
        open.line.wire.begin(start, lane, numbers);
        let begins = start.elapsed();
        let answer = open.conversation.send(self.understood.request).await;
        let took = start.elapsed().saturating_sub(begins);
        let calls = open.line.wire.end();
        let answer = answer.map_err(|error| Refusal::Failed(error.to_string()))?;
        let (request, response) = open.line.last();
        let text = |value: &Json| value.as_str().map(str::to_owned);
        let kind = &request["request"];
        let ended = kind["type"] == "SessionEndedRequest";
        let turn = Turn {
            user: self.session.user,
            device: self.session.device,
            said: self.said,
            understood: text(&kind["intent"]["name"])
                .or(text(&kind["type"]))
                .unwrap_or_default(),
            speech: scene::sounds(answer.speech()),
            reprompt: scene::sounds(answer.reprompt()),
            opens_session: request["session"]["new"] == true,
            ends_session: ended || answer.ends_session(),
            begins: microseconds(begins),
            took: microseconds(took),
            request,
            calls,
            response,
        };
        Ok((turn, open))
    }
}

/// Where this is said.
pub(crate) fn session(who: &Who) -> Session {
    let (user, device) = (who.user, who.device);
    Session { user, device }
}

/// Refuses what is too long to be said.
pub(crate) fn bounded(words: &str) -> Result<(), Refusal> {
    if words.chars().count() > MOST_CHARACTERS {
        let most = MOST_CHARACTERS;
        return Err(Refusal::LongSpeech { most });
    }
    Ok(())
}
