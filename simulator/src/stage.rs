//! Where the starters run: a DynamoDB with a table for each, users, devices and open sessions.

use std::sync::PoisonError;

use alexa_skill::persistence::BoxFuture;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::SharedHttpClient;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::{Mutex, MutexGuard};
use web_time::Instant;

use crate::difference;
use crate::meeting;
use crate::refusal::Refusal;
use crate::room::{Part, Room, bounded, session};
use crate::scene::{About, Scene, Session};
use crate::starters::STARTERS;
use crate::utterance::{self, Understood};

/// Somebody with an account of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum User {
    /// The first one.
    Alice,
    /// The second one.
    Bob,
    /// The one for whom the reader breaks something.
    Carol,
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
    pub(crate) fn id(self) -> &'static str {
        match self {
            User::Alice => "amzn1.ask.account.ALICE",
            User::Bob => "amzn1.ask.account.BOB",
            User::Carol => "amzn1.ask.account.CAROL",
        }
    }
}

impl Device {
    pub(crate) fn id(self) -> &'static str {
        match self {
            Device::Kitchen => "amzn1.ask.device.KITCHEN",
            Device::Bedroom => "amzn1.ask.device.BEDROOM",
        }
    }
}

/// Who speaks, where, and in which language.
#[derive(Debug, Clone)]
pub struct Who {
    /// The user.
    pub user: User,
    /// The device.
    pub device: Device,
    /// The locale; the starter's first one where none is named.
    pub locale: Option<String>,
}

/// Makes tables, which a skill cannot and should not.
pub trait Tables: Send + Sync {
    /// Makes the table `name` with the partition key `key` of type S, if it is not there.
    fn make<'a>(&'a self, name: &'a str, key: &'a str) -> BoxFuture<'a, Result<(), String>>;
}

/// A room for each starter, all with tables in one DynamoDB.
pub struct Stage {
    pub(crate) tables: Box<dyn Tables>,
    rooms: Vec<Mutex<Room>>,
    /// What the numbers begin with that a starter draws; any number unless set.
    numbers: std::sync::Mutex<Option<u64>>,
}

impl Stage {
    /// A stage over the DynamoDB that `client` reaches, and where `tables` makes them; what the
    /// panel shows goes through `http`.
    ///
    /// # Errors
    ///
    /// [`Refusal::NoTable`] when a table cannot be made.
    pub async fn over(
        client: &Client,
        http: &SharedHttpClient,
        tables: impl Tables + 'static,
    ) -> Result<Stage, Refusal> {
        let mut rooms = Vec::new();
        for starter in STARTERS {
            let made = tables.make(starter.table, "userId").await;
            made.map_err(Refusal::NoTable)?;
            rooms.push(Mutex::new(Room::new(starter, client.clone(), http.clone())));
        }
        Ok(Stage {
            tables: Box::new(tables),
            rooms,
            numbers: std::sync::Mutex::default(),
        })
    }

    /// Has the starters draw the same numbers in every turn from now on, so that a conversation
    /// can be compared with another one.
    pub fn fix_numbers(&self, first: u64) {
        *self.numbers() = Some(first);
    }

    fn numbers(&self) -> std::sync::MutexGuard<'_, Option<u64>> {
        // Nothing panics while it holds the lock.
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
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
            room.forget(user).await?;
        }
        Ok(About::new(room.starter, room.open_sessions()))
    }

    /// One at a time: what a reader sees before and after is what the turns between did.
    pub(crate) async fn room(&self, starter: &str) -> Result<MutexGuard<'_, Room>, Refusal> {
        let index = STARTERS.iter().position(|known| known.name == starter);
        let room = index
            .and_then(|index| self.rooms.get(index))
            .ok_or(Refusal::NoStarter)?;
        Ok(room.lock().await)
    }

    /// Plays one part, or two that meet.
    async fn play(&self, room: &mut Room, user: User, parts: Vec<Part>) -> Result<Scene, Refusal> {
        let numbers = *self.numbers();
        let before = room.item(user).await?;
        let start = Instant::now();
        let mut open = Vec::new();
        for part in parts {
            let session = room.take_session(&part)?;
            open.push((part, session));
        }
        let mut open = open.into_iter();
        // Both turns run in this task, so that a page that goes away takes both with it.
        let played = match (open.next(), open.next()) {
            (Some((part, session)), None) => vec![part.play(session, start, None, numbers).await?],
            (Some((first, kitchen)), Some((second, bedroom))) => {
                let [one, other] = meeting::lanes();
                let (one, other) = tokio::join!(
                    first.play(kitchen, start, Some(one), numbers),
                    second.play(bedroom, start, Some(other), numbers),
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
        let after = room.item(user).await?;
        Ok(Scene {
            turns,
            item: difference::lines(before.as_ref(), after.as_ref()),
            sessions: room.open_sessions(),
        })
    }
}
