//! Somebody who talks to a skill, and the part of Alexa that stands between them.

use std::future::Future;

use alexa_skill::{BoxError, Skill};
use serde_json::{Map, Value as Json, json};
use time::OffsetDateTime;
use web_time::{SystemTime, UNIX_EPOCH};

/// Where a conversation sends its request envelopes: a [`Skill`], or a function that takes them to
/// one, over the Runtime API or HTTP.
pub trait Endpoint {
    /// Sends a request envelope and returns the response envelope.
    fn call(&self, request: Json) -> impl Future<Output = Result<Json, BoxError>> + Send;
}

impl Endpoint for Skill {
    async fn call(&self, request: Json) -> Result<Json, BoxError> {
        let answer = self.answer_json(&serde_json::to_vec(&request)?).await?;
        Ok(serde_json::from_slice(&answer)?)
    }
}

impl<F, Answer> Endpoint for F
where
    F: Fn(Json) -> Answer + Sync,
    Answer: Future<Output = Result<Json, BoxError>> + Send,
{
    async fn call(&self, request: Json) -> Result<Json, BoxError> {
        self(request).await
    }
}

/// One user's conversation with a skill, session after session.
///
/// It sends what Alexa would send, and carries the session attributes from each answer to the
/// session's next request. A session starts with the first request and ends as Alexa ends it for a
/// device without a screen: when the answer says so, or does not say otherwise.
pub struct Conversation<E = Skill> {
    endpoint: E,
    skill_id: String,
    user_id: String,
    device_id: String,
    person_id: Option<String>,
    locale: String,
    session: Option<Session>,
}

struct Session {
    id: String,
    attributes: Map<String, Json>,
}

impl Conversation<Skill> {
    /// A new user of `skill`.
    pub fn with(skill: Skill) -> Conversation<Skill> {
        let skill_id = skill.id().to_owned();
        Conversation::over(skill, skill_id)
    }
}

impl<E: Endpoint> Conversation<E> {
    /// A new user of the skill with the id `skill_id` behind `endpoint`.
    pub fn over(endpoint: E, skill_id: impl Into<String>) -> Conversation<E> {
        Conversation {
            endpoint,
            skill_id: skill_id.into(),
            user_id: format!("amzn1.ask.account.{}", unique()),
            device_id: format!("amzn1.ask.device.{}", unique()),
            person_id: None,
            locale: "en-US".into(),
            session: None,
        }
    }

    /// Speaks as the user `user_id` of the next request on.
    pub fn user(mut self, user_id: impl Into<String>) -> Self {
        self.user_id = user_id.into();
        self
    }

    /// Speaks to the device `device_id`.
    pub fn device(mut self, device_id: impl Into<String>) -> Self {
        self.device_id = device_id.into();
        self
    }

    /// Speaks as a person whose voice Alexa recognises.
    pub fn person(mut self, person_id: impl Into<String>) -> Self {
        self.person_id = Some(person_id.into());
        self
    }

    /// Speaks in `locale`, such as `fr-FR`; `en-US` unless called.
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = locale.into();
        self
    }

    /// Opens the skill, in a new session.
    ///
    /// # Errors
    /// Fails as the skill fails.
    pub async fn launch(&mut self) -> Result<Answer, BoxError> {
        self.session = None;
        self.send(json!({"type": "LaunchRequest"})).await
    }

    /// Says something that the interaction model understands as the intent `name`, with the words
    /// that fill its slots.
    ///
    /// # Errors
    /// Fails as the skill fails.
    pub async fn intent<const N: usize>(
        &mut self,
        name: &str,
        slots: [(&str, &str); N],
    ) -> Result<Answer, BoxError> {
        let slot = |(name, value): (&str, &str)| {
            let slot = json!({"name": name, "value": value, "confirmationStatus": "NONE"});
            (name.to_owned(), slot)
        };
        let slots: Map<String, Json> = slots.into_iter().map(slot).collect();
        let intent = json!({"name": name, "confirmationStatus": "NONE", "slots": slots});
        self.send(json!({"type": "IntentRequest", "intent": intent}))
            .await
    }

    /// Ends the session from the user's side: `USER_INITIATED`, `ERROR` or
    /// `EXCEEDED_MAX_REPROMPTS`.
    ///
    /// # Errors
    /// Fails as the skill fails.
    pub async fn end_session(&mut self, reason: &str) -> Result<Answer, BoxError> {
        let answer = self
            .send(json!({"type": "SessionEndedRequest", "reason": reason}))
            .await;
        self.session = None;
        answer
    }

    /// Sends a request of any type; its id, time and locale are added where it has none.
    ///
    /// # Errors
    /// Fails as the skill fails.
    pub async fn send(&mut self, request: Json) -> Result<Answer, BoxError> {
        let envelope = self.envelope(request);
        let answer = Answer(self.endpoint.call(envelope).await?);
        match &mut self.session {
            Some(session) if !answer.ends_session() => {
                session.attributes = answer.session_attributes().cloned().unwrap_or_default();
            }
            _ => self.session = None,
        }
        Ok(answer)
    }

    /// The envelope around a request, as Alexa would send it now.
    pub fn envelope(&mut self, request: Json) -> Json {
        let new = self.session.is_none();
        let session = self.session.get_or_insert_with(|| Session {
            id: format!("amzn1.echo-api.session.{}", unique()),
            attributes: Map::new(),
        });
        let mut complete = json!({
            "requestId": format!("amzn1.echo-api.request.{}", unique()),
            "timestamp": timestamp(),
            "locale": self.locale,
        });
        if let (Some(complete), Json::Object(request)) = (complete.as_object_mut(), request) {
            complete.extend(request);
        }
        let application = json!({"applicationId": self.skill_id});
        let user = json!({"userId": self.user_id});
        let mut system = json!({
            "application": application,
            "user": user,
            "device": {"deviceId": self.device_id, "supportedInterfaces": {}},
            "apiEndpoint": "https://api.amazonalexa.com",
            "apiAccessToken": "a token of no account",
        });
        if let Some(person_id) = &self.person_id {
            system["person"] = json!({"personId": person_id});
        }
        json!({
            "version": "1.0",
            "session": {
                "new": new,
                "sessionId": session.id,
                "application": application,
                "attributes": session.attributes,
                "user": user,
            },
            "context": {"System": system},
            "request": complete,
        })
    }
}

/// What the skill answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer(Json);

impl Answer {
    /// What Alexa says, without the `<speak>` around it; empty when it says nothing.
    pub fn speech(&self) -> &str {
        spoken(&self.0["response"]["outputSpeech"])
    }

    /// What Alexa says when the user stays silent; empty when the skill does not ask again.
    pub fn reprompt(&self) -> &str {
        spoken(&self.0["response"]["reprompt"]["outputSpeech"])
    }

    /// Whether the session is over after this answer.
    pub fn ends_session(&self) -> bool {
        self.0["response"]["shouldEndSession"] != Json::Bool(false)
    }

    /// The attributes for the session's next request.
    pub fn session_attributes(&self) -> Option<&Map<String, Json>> {
        self.0["sessionAttributes"].as_object()
    }

    /// The whole response envelope.
    pub fn json(&self) -> &Json {
        &self.0
    }
}

fn spoken(speech: &Json) -> &str {
    let text = speech["ssml"]
        .as_str()
        .or(speech["text"].as_str())
        .unwrap_or_default();
    text.strip_prefix("<speak>")
        .and_then(|text| text.strip_suffix("</speak>"))
        .unwrap_or(text)
}

/// Now, as Alexa writes it: `2026-11-28T12:34:56Z`.
fn timestamp() -> String {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = since_1970.unwrap_or_default().as_secs();
    let now = i64::try_from(seconds).ok();
    let now = now.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    let now = now.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = now.to_calendar_date();
    let (hour, minute, second) = now.to_hms();
    let month = u8::from(month);
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// A text that no other call, here or in another process, has returned.
pub(crate) fn unique() -> String {
    use std::hash::{BuildHasher, RandomState};
    // Each RandomState has keys of its own, the first of them from the operating system.
    let random = || RandomState::new().hash_one(());
    format!("{:016x}{:016x}", random(), random())
}
