//! One skill that runs in the simulator: its table, its open sessions, and how a turn of it runs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::{Key, PersistenceAdapter};
use alexa_skill::{BoxError, Skill};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value as Json;

use super::calls::{CallRecorder, TurnOptions, microseconds};
use super::concurrent_turns::ConcurrentTurn;
use super::description::SkillDescription;
use super::error::Error;
use super::exchange::{TurnTrace, without_markup};
use super::users::{Speaker, User};
use crate::conversation::{Conversation, Endpoint};
use crate::deployed_skill::DeployedSkill;
use crate::interaction_model::InteractionModel;
use crate::utterance::interpret;

/// Nobody says more in one breath.
const MOST_CHARACTERS: usize = 200;

/// A skill with a table, and the sessions that are open with it.
pub struct SimulatedSkill {
    pub deployed: &'static DeployedSkill,
    models: Vec<InteractionModel>,
    pub sessions: BTreeMap<Speaker, OpenSession>,
    /// Reaches the table without being recorded.
    pub client: Client,
    /// What recorded calls go through.
    pub http: SharedHttpClient,
}

/// A session that is open.
pub struct OpenSession {
    conversation: Conversation<EnvelopeRecorder>,
    skill: EnvelopeRecorder,
    calls: CallRecorder,
    pub locale: &'static str,
}

/// The skill, and the last request envelope that it answered with its answer.
#[derive(Clone)]
struct EnvelopeRecorder {
    skill: Skill,
    envelopes: Arc<Mutex<(Json, Json)>>,
}

impl Endpoint for EnvelopeRecorder {
    async fn call(&self, request: Json) -> Result<Json, BoxError> {
        let answer = Endpoint::call(&self.skill, request.clone()).await?;
        *self
            .envelopes
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = (request, answer.clone());
        Ok(answer)
    }
}

impl EnvelopeRecorder {
    fn last(&self) -> (Json, Json) {
        let envelopes = self.envelopes.lock();
        envelopes.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A turn that is still to run.
pub struct PendingTurn {
    pub speaker: Speaker,
    pub locale: &'static str,
    /// The words, if it was said.
    pub said: Option<String>,
    /// The request to the skill, still without its id, time and locale.
    pub request: Json,
    /// Whether a new session begins even where one is open.
    pub new_session: bool,
}

impl SimulatedSkill {
    pub fn new(
        deployed: &'static DeployedSkill,
        client: Client,
        http: SharedHttpClient,
    ) -> Result<SimulatedSkill, Error> {
        let models = deployed.localizations.iter().map(|localization| {
            let locale = localization.locale;
            let model = InteractionModel::parse(locale, localization.interaction_model);
            model.map_err(|source| Error::InteractionModel {
                skill: deployed.name,
                locale,
                source,
            })
        });
        Ok(SimulatedSkill {
            deployed,
            models: models.collect::<Result<_, _>>()?,
            sessions: BTreeMap::new(),
            client,
            http,
        })
    }

    pub fn describe(&self) -> SkillDescription {
        SkillDescription::new(self.deployed, &self.models, self.open_sessions())
    }

    /// Where a session is open.
    pub fn open_sessions(&self) -> Vec<Speaker> {
        self.sessions.keys().copied().collect()
    }

    /// The interaction model of a locale, or of the first one.
    pub fn model(&self, locale: Option<&str>) -> Result<&InteractionModel, Error> {
        let mut models = self.models.iter();
        let model = models.find(|model| locale.is_none_or(|locale| model.locale == locale));
        model.ok_or(Error::UnknownLocale)
    }

    /// The turn for what was said. If `to_the_skill`, it is said to the skill even where no session is
    /// open.
    pub fn said(
        &self,
        speaker: Speaker,
        locale: Option<&str>,
        text: &str,
        to_the_skill: bool,
    ) -> Result<PendingTurn, Error> {
        check_length("what is said", text)?;
        let model = self.model(locale)?;
        let in_session = to_the_skill || self.sessions.contains_key(&speaker);
        let interpretation = interpret(model, text, in_session);
        let interpretation = interpretation.ok_or_else(|| Error::NotInSession {
            opening: model.opening(),
        })?;
        Ok(PendingTurn {
            speaker,
            locale: model.locale,
            said: Some(text.trim().to_owned()),
            request: interpretation.request,
            new_session: interpretation.names_the_skill,
        })
    }

    /// The session in which a turn runs: the one that is open, or a new one.
    pub fn take_session(&mut self, turn: &PendingTurn) -> Result<OpenSession, Error> {
        let open = self.sessions.remove(&turn.speaker);
        let goes_on = |open: &OpenSession| open.locale == turn.locale && !turn.new_session;
        if let Some(open) = open.filter(goes_on) {
            return Ok(open);
        }
        let calls = CallRecorder::new(self.http.clone());
        let table = DynamoDb::new(calls.client(&self.client), self.deployed.table);
        self.open_session(turn, calls, table)
    }

    /// A new session with the skill on a persistence of the caller's, whose calls `calls` records.
    pub fn open_session(
        &self,
        turn: &PendingTurn,
        calls: CallRecorder,
        persistence: impl PersistenceAdapter,
    ) -> Result<OpenSession, Error> {
        let skill = (self.deployed.skill)().persistence(persistence).build()?;
        let skill = EnvelopeRecorder {
            skill,
            envelopes: Arc::default(),
        };
        let conversation = Conversation::over(skill.clone(), self.deployed.skill_id)
            .user(turn.speaker.user.id())
            .device(turn.speaker.device.id())
            .locale(turn.locale);
        Ok(OpenSession {
            conversation,
            skill,
            calls,
            locale: turn.locale,
        })
    }

    /// The user's item in DynamoDB's JSON, read by a call that no panel shows.
    pub async fn item(&self, user: User) -> Result<Option<Json>, Error> {
        let calls = CallRecorder::new(self.http.clone());
        let get = calls.client(&self.client).get_item();
        let get = get.table_name(self.deployed.table).consistent_read(true);
        let got = get
            .key("userId", AttributeValue::S(user.id().into()))
            .send()
            .await;
        got.map_err(|error| Error::DynamoDb(error.into_service_error().to_string()))?;
        let call = calls.end().pop();
        Ok(call.and_then(|mut call| Some(call.response.body.get_mut("Item")?.take())))
    }

    /// Deletes a user's item.
    pub async fn delete_item(&self, user: User) -> Result<(), Error> {
        let table = DynamoDb::new(self.client.clone(), self.deployed.table);
        let deleted = table.delete(&Key::from(user.id())).await;
        deleted.map_err(|error| Error::DynamoDb(error.to_string()))
    }
}

impl PendingTurn {
    /// Sends the request in the session that was taken for it, and returns the session too.
    pub async fn run(
        self,
        mut session: OpenSession,
        options: TurnOptions,
        concurrent: Option<ConcurrentTurn>,
    ) -> Result<(TurnTrace, OpenSession), Error> {
        session.calls.begin(options, concurrent);
        let begins = options.start.elapsed();
        let answer = session.conversation.send(self.request).await;
        let took = options.start.elapsed().saturating_sub(begins);
        let calls = session.calls.end();
        let answer = answer.map_err(|error| Error::Skill(error.to_string()))?;
        let (request, response) = session.skill.last();
        let text = |value: &Json| value.as_str().map(str::to_owned);
        let kind = &request["request"];
        let ended = kind["type"] == "SessionEndedRequest";
        let trace = TurnTrace {
            user: self.speaker.user,
            device: self.speaker.device,
            said: self.said,
            understood: text(&kind["intent"]["name"])
                .or(text(&kind["type"]))
                .unwrap_or_default(),
            speech: without_markup(answer.speech()),
            reprompt: without_markup(answer.reprompt()),
            opens_session: request["session"]["new"] == true,
            ends_session: ended || answer.ends_session(),
            begins: microseconds(begins),
            took: microseconds(took),
            request,
            calls,
            response,
        };
        Ok((trace, session))
    }
}

/// Refuses what is too long to be said.
pub fn check_length(what: &'static str, words: &str) -> Result<(), Error> {
    if words.chars().count() > MOST_CHARACTERS {
        let most = MOST_CHARACTERS;
        return Err(Error::TooLong { what, most });
    }
    Ok(())
}
