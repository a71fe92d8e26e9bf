//! What is asked: the request inside the envelope.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer};
use serde_json::{Map, Value as Json};

use super::{Names, absent_if_null};
use crate::error::Error;

/// One request. Its type is in [`Request::body`].
#[derive(Clone)]
pub struct Request {
    /// `LaunchRequest`, `IntentRequest` and so on, as it came.
    pub request_type: String,
    /// Unique to this request.
    pub request_id: String,
    /// When Alexa sent it, in ISO 8601; empty when absent.
    pub timestamp: String,
    /// The user's locale, such as `en-GB`, absent from requests that are not spoken.
    pub locale: Option<String>,
    /// What is asked, by type.
    pub body: RequestBody,
    /// All other properties of the request, as they came.
    pub fields: Map<String, Json>,
}

/// What is asked.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum RequestBody {
    /// The user opened the skill without asking for something.
    Launch,
    /// The user asked for something that the interaction model knows.
    Intent {
        /// What was understood.
        intent: Intent,
        /// `STARTED`, `IN_PROGRESS` or `COMPLETED` when the model has a dialog.
        dialog_state: Option<String>,
    },
    /// The session is over; no answer reaches the user.
    SessionEnded {
        /// `USER_INITIATED`, `ERROR` or `EXCEEDED_MAX_REPROMPTS`.
        reason: String,
    },
    /// Every other type; its properties are in [`Request::fields`].
    Other,
}

/// An intent with the words that filled its slots.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// The name in the interaction model.
    pub name: String,
    /// `NONE`, `CONFIRMED` or `DENIED`.
    #[serde(default)]
    pub confirmation_status: Option<String>,
    /// The slots by name, filled or not.
    #[serde(default, deserialize_with = "absent_if_null")]
    pub slots: BTreeMap<String, Slot>,
}

/// A slot of an intent.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Slot {
    /// The slot's name.
    pub name: String,
    /// What the user said, as Alexa heard it; absent when the slot is not filled.
    #[serde(default)]
    pub value: Option<String>,
    /// All other properties, such as `resolutions` and `slotValue`, as they came.
    #[serde(flatten)]
    pub fields: Map<String, Json>,
}

impl Intent {
    /// What the user said for the slot `name`; `None` when it is not filled or does not exist.
    pub fn slot_value(&self, name: &str) -> Option<&str> {
        self.slots.get(name)?.values().into_iter().next()
    }
}

impl Slot {
    /// Everything the user said for the slot: one value, several for a slot that takes a list,
    /// none when it is not filled.
    pub fn values(&self) -> Vec<&str> {
        let list = self
            .fields
            .get("slotValue")
            .and_then(|slot| slot.get("values"));
        match (list.and_then(Json::as_array), &self.value) {
            (Some(list), _) => list
                .iter()
                .filter_map(|value| value.get("value")?.as_str())
                .collect(),
            (None, Some(value)) => vec![value],
            (None, None) => Vec::new(),
        }
    }

    /// The value of the interaction model that the user meant, by the first authority that
    /// recognised one; `None` when none did.
    pub fn resolved(&self) -> Option<Resolved<'_>> {
        resolved(self.fields.get("resolutions"))
    }

    /// Each value that was said, with what the interaction model makes of it.
    pub(crate) fn spoken(&self) -> Vec<Spoken<'_>> {
        let list = self.fields.get("slotValue");
        let list = list.and_then(|slot| slot.get("values"));
        match (list.and_then(Json::as_array), &self.value) {
            (Some(list), _) => list.iter().filter_map(Spoken::of).collect(),
            (None, Some(words)) => vec![Spoken {
                words,
                resolved: self.resolved(),
            }],
            (None, None) => Vec::new(),
        }
    }
}

fn resolved(resolutions: Option<&Json>) -> Option<Resolved<'_>> {
    let authorities = resolutions?.get("resolutionsPerAuthority")?;
    authorities.as_array()?.iter().find_map(|authority| {
        let code = authority.get("status")?.get("code")?;
        let value = authority.get("values")?.get(0)?.get("value")?;
        let name = value.get("name")?.as_str()?;
        let id = value.get("id").and_then(Json::as_str);
        (code == "ER_SUCCESS_MATCH").then_some(Resolved { name, id })
    })
}

/// One value that was said for a slot.
#[derive(Clone, Copy)]
pub(crate) struct Spoken<'a> {
    /// As Alexa heard it.
    pub(crate) words: &'a str,
    pub(crate) resolved: Option<Resolved<'a>>,
}

impl<'a> Spoken<'a> {
    fn of(value: &'a Json) -> Option<Spoken<'a>> {
        Some(Spoken {
            words: value.get("value")?.as_str()?,
            resolved: resolved(value.get("resolutions")),
        })
    }

    pub(crate) fn name_or_words(&self) -> &'a str {
        self.resolved
            .map_or(self.words.trim(), |resolved| resolved.name)
    }
}

/// A value of a slot type, as the interaction model names it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Resolved<'a> {
    /// The value's name.
    pub name: &'a str,
    /// The value's id, when the model gives one.
    pub id: Option<&'a str>,
}

impl Request {
    /// The intent of an IntentRequest.
    ///
    /// # Errors
    /// [`Error::WrongRequestType`] names the type that is there.
    pub fn intent(&self) -> Result<&Intent, Error> {
        match &self.body {
            RequestBody::Intent { intent, .. } => Ok(intent),
            _ => Err(self.is_no("IntentRequest")),
        }
    }

    /// The state of the dialog of an IntentRequest; `None` when the intent has no dialog.
    ///
    /// # Errors
    /// [`Error::WrongRequestType`] names the type that is there.
    pub fn dialog_state(&self) -> Result<Option<&str>, Error> {
        match &self.body {
            RequestBody::Intent { dialog_state, .. } => Ok(dialog_state.as_deref()),
            _ => Err(self.is_no("IntentRequest")),
        }
    }

    /// Why the session of a SessionEndedRequest ended.
    ///
    /// # Errors
    /// [`Error::WrongRequestType`] names the type that is there.
    pub fn reason(&self) -> Result<&str, Error> {
        match &self.body {
            RequestBody::SessionEnded { reason } => Ok(reason),
            _ => Err(self.is_no("SessionEndedRequest")),
        }
    }

    fn is_no(&self, expected: &'static str) -> Error {
        Error::WrongRequestType {
            expected,
            found: self.request_type.clone(),
        }
    }

    /// The intent's name, when this is an IntentRequest.
    pub fn intent_name(&self) -> Option<&str> {
        match &self.body {
            RequestBody::Intent { intent, .. } => Some(&intent.name),
            _ => None,
        }
    }

    /// Whether an `AlexaSkillEvent` says that the user's information stays, so that the user will
    /// come back under the same id.
    pub(crate) fn keeps_user_information(&self) -> bool {
        let body = self.fields.get("body");
        let status = body.and_then(|body| body.get("userInformationPersistenceStatus"));
        status.and_then(Json::as_str) == Some("PERSISTED")
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("request_type", &self.request_type)
            .field("request_id", &self.request_id)
            .field("timestamp", &self.timestamp)
            .field("locale", &self.locale)
            .field("body", &self.body)
            .field("fields", &Names(&self.fields))
            .finish()
    }
}

/// What the user said is left out.
impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot")
            .field("name", &self.name)
            .field("is_filled", &self.value.is_some())
            .field("fields", &Names(&self.fields))
            .finish_non_exhaustive()
    }
}

/// What the user meant is left out.
impl fmt::Debug for Resolved<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolved").finish_non_exhaustive()
    }
}

impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Raw {
            #[serde(rename = "type")]
            request_type: String,
            request_id: String,
            #[serde(default)]
            timestamp: Json,
            #[serde(default)]
            locale: Option<String>,
            #[serde(default)]
            intent: Option<Intent>,
            #[serde(default)]
            dialog_state: Option<String>,
            #[serde(default)]
            reason: Option<String>,
            #[serde(flatten)]
            fields: Map<String, Json>,
        }

        let raw = Raw::deserialize(deserializer)?;
        // A save is recognised by the id of the request that made it.
        if raw.request_id.is_empty() {
            return Err(de::Error::custom("`requestId` is empty"));
        }
        let body = match (raw.request_type.as_str(), raw.intent) {
            ("LaunchRequest", _) => RequestBody::Launch,
            ("IntentRequest", Some(intent)) => RequestBody::Intent {
                intent,
                dialog_state: raw.dialog_state,
            },
            ("IntentRequest", None) => return Err(de::Error::missing_field("intent")),
            ("SessionEndedRequest", _) => RequestBody::SessionEnded {
                reason: raw.reason.unwrap_or_default(),
            },
            _ => RequestBody::Other,
        };
        Ok(Request {
            request_type: raw.request_type,
            request_id: raw.request_id,
            // Some old copies of requests carry milliseconds as a number.
            timestamp: match raw.timestamp {
                Json::String(text) => text,
                Json::Null => String::new(),
                other => other.to_string(),
            },
            locale: raw.locale,
            body,
            fields: raw.fields,
        })
    }
}
