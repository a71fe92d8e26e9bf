//! What attributes are kept under.

use std::fmt;
use std::sync::Arc;

use crate::envelope::{RequestEnvelope, shortened};

/// What a skill's attributes are kept under. Usually an id that identifies a person, so `Debug`
/// and `Display` show only its end.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// The whole key.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Key {
    fn from(key: &str) -> Self {
        Key(key.into())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shortened(&self.0))
    }
}

/// A function that computes a key; see [`PartitionKey::Of`].
pub type KeyFunction = Arc<dyn Fn(&RequestEnvelope) -> Option<String> + Send + Sync>;

/// Where a request's key comes from, under the names that the ASK SDKs use.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum PartitionKey {
    /// The account's user id: one memory for a household.
    #[default]
    User,
    /// The device id: one memory a device.
    Device,
    /// The recognised speaker's id, and the user id where nobody was recognised.
    Person,
    /// Any function of the envelope; `None` or an empty text is an error.
    Of(KeyFunction),
}

impl PartitionKey {
    /// The key of a request's attributes, or the name of the id that the request does not have.
    pub(crate) fn of(&self, envelope: &RequestEnvelope) -> Result<Key, &'static str> {
        let (key, missing) = match self {
            PartitionKey::User => (envelope.user_id().map(str::to_owned), "user id"),
            PartitionKey::Device => (envelope.device_id().map(str::to_owned), "device id"),
            PartitionKey::Person => {
                let id = envelope.person_id().or(envelope.user_id());
                (id.map(str::to_owned), "person id or user id")
            }
            PartitionKey::Of(function) => (function(envelope), "key that the skill computes"),
        };
        match key {
            Some(key) if !key.is_empty() => Ok(Key(key)),
            _ => Err(missing),
        }
    }
}
