//! Where the starters run: a DynamoDB with a table for each, users, devices and open sessions.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as Cell, PoisonError};
use std::time::Instant;

use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::testing::{Conversation, Endpoint, LocalDynamoDb};
use alexa_skill::{BoxError, Skill};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_http_client::{Builder, tls};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tokio::sync::{Mutex, MutexGuard};

use super::difference;
use super::meeting::{self, Lane};
use super::model::Model;
use super::refusal::Refusal;
use super::scene::{self, About, Scene, Session, Turn};
use super::starters::{STARTERS, Starter};
use super::utterance::{self, Understood};
use super::wire::{Wire, microseconds};

/// Nobody says more in one breath.
const MOST_CHARACTERS: usize = 200;

/// Somebody with an account of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum User {
    /// The first one.
    Alice,
    /// The second one.
    Bob,
}

/// A device that both users speak to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    /// The one in the kitchen.
    Kitchen,
    /// The one in the bedroom.
    Bedroom,
}

impl User {
    /// Short, so that it can be read in an envelope; Amazon's have up to 255 characters.
    fn id(self) -> &'static str {
        match self {
            User::Alice => "amzn1.ask.account.ALICE",
            User::Bob => "amzn1.ask.account.BOB",
        }
    }
}

impl Device {
    fn id(self) -> &'static str {
        match self {
            Device::Kitchen => "amzn1.ask.device.KITCHEN",
            Device::Bedroom => "amzn1.ask.device.BEDROOM",
        }
    }
}

/// Who speaks, where, and in which language.
#[derive(Debug, Clone, Deserialize)]
pub struct Who {
    /// The user.
    pub user: User,
    /// The device.
    pub device: Device,
    /// The locale; the starter's first one where none is named.
    pub locale: Option<String>,
}

/// The DynamoDB in this process, and a room for each starter.
pub struct Stage {
    http: SharedHttpClient,
    rooms: Vec<Mutex<Room>>,
    /// Ends with the stage.
    _local: LocalDynamoDb,
}

struct Room {
    starter: &'static Starter,
    table: DynamoDb,
    /// Like the tables' own, without a wire in between.
    client: Client,
    sessions: BTreeMap<Session, Open>,
}

/// A session that is open on a device.
struct Open {
    conversation: Conversation<Line>,
    line: Line,
    locale: &'static str,
}

/// Between a device and the skill: keeps the envelopes as they pass.
#[derive(Clone)]
struct Line {
    skill: Skill,
    wire: Wire,
    envelopes: Arc<Cell<(Json, Json)>>,
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

impl Stage {
    /// Starts the DynamoDB and makes the tables.
    ///
    /// # Errors
    ///
    /// [`Refusal::NoTable`] when no port or thread can be had.
    pub async fn start() -> Result<Stage, Refusal> {
        let local =
            LocalDynamoDb::embedded().map_err(|error| Refusal::NoTable(error.to_string()))?;
        let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
        let http = Builder::new().tls_provider(provider).build_https();
        let mut rooms = Vec::new();
        for starter in STARTERS {
            let client = local.client();
            let table = DynamoDb::new(client.clone(), starter.table);
            table
                .ensure_table()
                .await
                .map_err(|error| Refusal::NoTable(error.to_string()))?;
            rooms.push(Mutex::new(Room {
                starter,
                table,
                client,
                sessions: BTreeMap::new(),
            }));
        }
        Ok(Stage {
            http,
            rooms,
            _local: local,
        })
    }

    /// Describes a starter.
    ///
    /// # Errors
    ///
    /// When there is none of this name.
    pub async fn about(&self, starter: &str) -> Result<About, Refusal> {
        let room = self.room(starter).await?;
        Ok(About::new(room.starter, room.open_sessions()))
    }

    /// Says something to a device.
    ///
    /// # Errors
    ///
    /// When it does not reach the skill, or the skill fails.
    pub async fn say(&self, starter: &str, who: &Who, text: &str) -> Result<Scene, Refusal> {
        let mut room = self.room(starter).await?;
        let part = room.heard(who, text, false)?;
        self.play(&mut room, who.user, vec![part]).await
    }

    /// Takes an intent for what was said, with words for its slots.
    ///
    /// # Errors
    ///
    /// When the model has no such intent, or the skill fails.
    pub async fn choose(
        &self,
        starter: &str,
        who: &Who,
        intent: &str,
        slots: &[(String, String)],
    ) -> Result<Scene, Refusal> {
        let mut room = self.room(starter).await?;
        let model = room.model(who)?;
        let intent = model.intent(intent).ok_or(Refusal::NoIntent)?;
        for (_, words) in slots {
            bounded(words)?;
        }
        let part = Part {
            session: session(who),
            locale: model.locale,
            said: None,
            understood: Understood {
                request: utterance::chosen(&model, intent, slots),
                names_the_skill: false,
            },
        };
        self.play(&mut room, who.user, vec![part]).await
    }

    /// Two devices of one user say something at the same time: both turns read before either writes.
    ///
    /// # Errors
    ///
    /// As [`Stage::say`].
    pub async fn at_once(
        &self,
        starter: &str,
        user: User,
        locale: Option<&str>,
        texts: [&str; 2],
    ) -> Result<Scene, Refusal> {
        let mut room = self.room(starter).await?;
        let mut parts = Vec::new();
        for (device, text) in [Device::Kitchen, Device::Bedroom].into_iter().zip(texts) {
            let locale = locale.map(str::to_owned);
            parts.push(room.heard(
                &Who {
                    user,
                    device,
                    locale,
                },
                text,
                true,
            )?);
        }
        self.play(&mut room, user, parts).await
    }

    /// Ends a session from the user's side.
    ///
    /// # Errors
    ///
    /// When none is open, or the skill fails.
    pub async fn end(&self, starter: &str, who: &Who) -> Result<Scene, Refusal> {
        let mut room = self.room(starter).await?;
        let session = session(who);
        let locale = room
            .sessions
            .get(&session)
            .ok_or(Refusal::NoSession)?
            .locale;
        let part = Part {
            session,
            locale,
            said: None,
            understood: Understood {
                request: json!({"type": "SessionEndedRequest", "reason": "USER_INITIATED"}),
                names_the_skill: false,
            },
        };
        self.play(&mut room, who.user, vec![part]).await
    }

    /// Forgets all items and sessions of a starter.
    ///
    /// # Errors
    ///
    /// When the table does not answer.
    pub async fn reset(&self, starter: &str) -> Result<About, Refusal> {
        let mut room = self.room(starter).await?;
        room.sessions.clear();
        for user in [User::Alice, User::Bob] {
            let delete = room.client.delete_item().table_name(room.table.table());
            let deleted = delete
                .key("userId", AttributeValue::S(user.id().into()))
                .send()
                .await;
            deleted.map_err(|error| Refusal::NoTable(error.into_service_error().to_string()))?;
        }
        Ok(About::new(room.starter, room.open_sessions()))
    }

    /// One at a time: what a reader sees before and after is what the turns between did.
    async fn room(&self, starter: &str) -> Result<MutexGuard<'_, Room>, Refusal> {
        let index = STARTERS.iter().position(|known| known.name == starter);
        let room = index
            .and_then(|index| self.rooms.get(index))
            .ok_or(Refusal::NoStarter)?;
        Ok(room.lock().await)
    }

    /// Plays one part, or two that meet.
    async fn play(&self, room: &mut Room, user: User, parts: Vec<Part>) -> Result<Scene, Refusal> {
        let before = room.item(self, user).await?;
        let start = Instant::now();
        let mut open = Vec::new();
        for part in parts {
            let session = room.take_session(self, &part)?;
            open.push((part, session));
        }
        let mut open = open.into_iter();
        // Both turns run in this task, so that a page that goes away takes both with it.
        let played = match (open.next(), open.next()) {
            (Some((part, session)), None) => vec![part.play(session, start, None).await?],
            (Some((first, kitchen)), Some((second, bedroom))) => {
                let [one, other] = meeting::lanes();
                let (one, other) = tokio::join!(
                    first.play(kitchen, start, Some(one)),
                    second.play(bedroom, start, Some(other)),
                );
                vec![one?, other?]
            }
            (None, _) => Vec::new(),
        };
        let mut turns = Vec::new();
        for (turn, open) in played {
            if !turn.ends_session {
                let (user, device) = (turn.user, turn.device);
                room.sessions.insert(Session { user, device }, open);
            }
            turns.push(turn);
        }
        let after = room.item(self, user).await?;
        Ok(Scene {
            turns,
            item: difference::lines(before.as_ref(), after.as_ref()),
            sessions: room.open_sessions(),
        })
    }
}

impl Room {
    fn model(&self, who: &Who) -> Result<Model, Refusal> {
        let first = self.starter.locales().next().unwrap_or_default();
        let locale = who.locale.as_deref().unwrap_or(first);
        self.starter.model(locale).ok_or(Refusal::NoLocale)
    }

    /// What was said, if it is for the skill: as `asked`, it is so without a session too.
    fn heard(&self, who: &Who, text: &str, asked: bool) -> Result<Part, Refusal> {
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
    fn take_session(&mut self, stage: &Stage, part: &Part) -> Result<Open, Refusal> {
        let open = self.sessions.remove(&part.session);
        let goes_on = |open: &Open| open.locale == part.locale && !part.understood.names_the_skill;
        if let Some(open) = open.filter(goes_on) {
            return Ok(open);
        }
        let wire = Wire::over(stage.http.clone());
        let table = DynamoDb::new(wire.client(&self.client), self.starter.table);
        let skill = (self.starter.skill)().persistence(table).build();
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
    async fn item(&self, stage: &Stage, user: User) -> Result<Option<Json>, Refusal> {
        let wire = Wire::over(stage.http.clone());
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

    fn open_sessions(&self) -> Vec<Session> {
        self.sessions.keys().copied().collect()
    }
}

/// One request to the skill, still to be made.
struct Part {
    session: Session,
    locale: &'static str,
    said: Option<String>,
    understood: Understood,
}

impl Part {
    async fn play(
        self,
        mut open: Open,
        start: Instant,
        lane: Option<Lane>,
    ) -> Result<(Turn, Open), Refusal> {
        open.line.wire.begin(start, lane);
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

fn session(who: &Who) -> Session {
    let (user, device) = (who.user, who.device);
    Session { user, device }
}

fn bounded(words: &str) -> Result<(), Refusal> {
    if words.chars().count() > MOST_CHARACTERS {
        let most = MOST_CHARACTERS;
        return Err(Refusal::LongSpeech { most });
    }
    Ok(())
}
