//! What Alexa sends: the request envelope.
//!
//! Only what a skill needs to answer is required. Everything else may be absent, and what this
//! version of the library does not know is kept in [`Request::fields`]: Alexa adds properties and
//! request types without notice (Request and Response JSON Reference).

mod not_an_envelope;
mod request;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json};

use crate::attributes::{Attributes, Count};

pub use not_an_envelope::EnvelopeError;
pub(crate) use request::Spoken;
pub use request::{Intent, Request, RequestBody, Resolved, Slot};

/// One request from Alexa, with what surrounds it.
///
/// `Debug` of the envelope and of all its parts shows what is there and how much, but no whole id of
/// a user, person or device, no token, and nothing that the user said or the session holds.
#[derive(Debug, Clone, Deserialize)]
pub struct RequestEnvelope {
    /// The session, absent for requests outside one, such as skill events and AudioPlayer's.
    #[serde(default)]
    pub session: Option<Session>,
    /// Who speaks, where and through which device.
    pub context: Context,
    /// What is asked.
    pub request: Request,
}

/// A session: from "open …" until the skill, the user or silence ends it.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// True for the first request of a session.
    #[serde(default)]
    pub new: bool,
    /// The session's id.
    #[serde(default)]
    pub session_id: String,
    /// The attributes that the last response of this session carried.
    #[serde(default, deserialize_with = "absent_if_null")]
    pub attributes: Attributes,
    /// The skill that Alexa means to call.
    #[serde(default)]
    pub application: Option<Application>,
    /// The user, as in [`System::user`].
    #[serde(default)]
    pub user: Option<User>,
}

/// The state of the device and the account.
#[derive(Clone, Deserialize)]
pub struct Context {
    /// What holds for every kind of request.
    #[serde(rename = "System")]
    pub system: System,
    /// The interfaces' states, such as `AudioPlayer` and `Viewport`, as they came.
    #[serde(flatten)]
    pub interfaces: Map<String, Json>,
}

/// The part of the context that every request carries.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct System {
    /// The skill that Alexa means to call.
    #[serde(default)]
    pub application: Option<Application>,
    /// The user who enabled the skill.
    #[serde(default)]
    pub user: Option<User>,
    /// The speaker, when Alexa recognised the voice and the skill may know.
    #[serde(default)]
    pub person: Option<Person>,
    /// The device spoken to.
    #[serde(default)]
    pub device: Option<Device>,
    /// Where Alexa's own APIs are called, by Region of the user.
    #[serde(default)]
    pub api_endpoint: Option<String>,
    /// The bearer token for these APIs. A secret: never log it.
    #[serde(default)]
    pub api_access_token: Option<Secret>,
}

/// The skill's own identity.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// The skill id, `amzn1.ask.skill.…`.
    pub application_id: String,
}

/// The user of an account.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Made when the skill is enabled, and new when it is enabled again; up to 255 characters.
    #[serde(default)]
    pub user_id: String,
    /// The token of a linked account. A secret.
    #[serde(default)]
    pub access_token: Option<Secret>,
}

/// A recognised speaker.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Up to 255 characters.
    pub person_id: String,
    /// The token of the speaker's linked account. A secret.
    #[serde(default)]
    pub access_token: Option<Secret>,
}

/// A device.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// Made for this skill; normally new after the skill is enabled again.
    #[serde(default)]
    pub device_id: String,
    /// The interfaces that the device has, such as `AudioPlayer`.
    #[serde(default)]
    pub supported_interfaces: Map<String, Json>,
}

/// A text that `Debug` does not print.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl RequestEnvelope {
    /// The skill id that the request names: the context's, else the session's.
    pub fn skill_id(&self) -> Option<&str> {
        let session = self.session.as_ref();
        let application = self
            .context
            .system
            .application
            .as_ref()
            .or_else(|| session.and_then(|session| session.application.as_ref()));
        application.map(|application| application.application_id.as_str())
    }

    /// The user id: the context's, else the session's; `None` when absent or empty.
    pub fn user_id(&self) -> Option<&str> {
        let session = self.session.as_ref();
        self.context
            .system
            .user
            .as_ref()
            .or_else(|| session.and_then(|session| session.user.as_ref()))
            .map(|user| user.user_id.as_str())
            .filter(|id| !id.is_empty())
    }

    /// The device id; `None` when absent or empty.
    pub fn device_id(&self) -> Option<&str> {
        let device = self.context.system.device.as_ref();
        device
            .map(|device| device.device_id.as_str())
            .filter(|id| !id.is_empty())
    }

    /// The recognised speaker's id; `None` when absent or empty.
    pub fn person_id(&self) -> Option<&str> {
        let person = self.context.system.person.as_ref();
        person
            .map(|person| person.person_id.as_str())
            .filter(|id| !id.is_empty())
    }
}

impl Device {
    /// Whether the device has the interface `name`, such as `AudioPlayer`.
    pub fn supports(&self, name: &str) -> bool {
        self.supported_interfaces.contains_key(name)
    }
}

fn absent_if_null<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// The start of an id that identifies a person, for messages and logs: enough to compare two lines
/// of a log, too little to find the person.
pub(crate) fn shortened(id: &str) -> String {
    let tail_start = id.char_indices().rev().nth(5).map_or(0, |(index, _)| index);
    if id.chars().count() <= 12 {
        "…".into()
    } else {
        format!("…{}", &id[tail_start..])
    }
}

macro_rules! debug_shortened {
    ($($type:ident.$id:ident)*) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($type))
                    .field(stringify!($id), &shortened(&self.$id))
                    .finish_non_exhaustive()
            }
        }
    )*};
}
debug_shortened!(User.user_id Person.person_id Device.device_id);

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("new", &self.new)
            .field("session_id", &self.session_id)
            .field("attributes", &Count(&self.attributes))
            .field("application", &self.application)
            .field("user", &self.user)
            .finish()
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("system", &self.system)
            .field("interfaces", &Names(&self.interfaces))
            .finish()
    }
}

/// The names of properties that came as JSON, without their values.
pub(crate) struct Names<'a>(pub(crate) &'a Map<String, Json>);

impl std::fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}
