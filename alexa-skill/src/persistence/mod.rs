//! Where persistent attributes are kept.
//!
//! A [`PersistenceAdapter`] loads one item and saves it under the condition that nobody wrote in
//! between. The turn ([`Turn`](crate::Turn)) decides when; the adapter knows how.

#[cfg(any(feature = "dynamodb-core", feature = "s3"))]
mod aws;
#[cfg(feature = "cache")]
pub mod cached;
pub(crate) mod carried;
#[cfg(feature = "dynamodb-core")]
pub mod dynamodb;
pub mod memory;
mod revision;
#[cfg(feature = "s3")]
pub mod s3;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

#[cfg(feature = "dax")]
pub use dynamodb::dax;
pub use revision::{Contained, Revision, Version};

use crate::attributes::{Attributes, Count};
use crate::envelope::{RequestEnvelope, shortened};
use crate::error::{BoxError, Error};

/// A future that can be kept in a trait object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

// ANCHOR: adapter
/// Keeps one map of attributes a key.
pub trait PersistenceAdapter: Send + Sync + 'static {
    /// Reads what is kept under `key`; a key without an item gives [`Item::default`].
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>>;

    /// Reads as `load` does, but never something old: what a turn reads that runs again.
    fn load_fresh<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        self.load(key)
    }

    /// Writes `save.attributes` if what is kept is still what was read, and tells the version that
    /// the write made.
    ///
    /// A write that already happened, under the same request id and on the same revision, counts
    /// as this one: its answer was lost and it was sent again.
    ///
    /// # Errors
    /// [`PersistenceError::Conflict`] when somebody else wrote; the item is then unchanged.
    fn save<'a>(&'a self, save: Save<'a>) -> BoxFuture<'a, Result<Version, PersistenceError>>;

    /// Deletes what is kept under `key`, if anything.
    fn delete<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), PersistenceError>>;
    // ANCHOR_END: adapter

    /// Names the store and how its items look, if a session may carry an item from one turn to the
    /// next (see [`SkillBuilder::carry_in_session`](crate::SkillBuilder::carry_in_session)). An
    /// adapter says so itself: what `save` needs of an item must all be in [`Item`].
    fn origin(&self) -> Option<String> {
        None
    }

    /// Waits before a turn runs again after `conflicts` conflicts, so that turns which collide do
    /// not collide in step.
    fn pause(&self, conflicts: u32) -> BoxFuture<'_, ()> {
        let _ = conflicts;
        Box::pin(std::future::ready(()))
    }
}

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
    pub(crate) fn of(&self, envelope: &RequestEnvelope) -> Result<Key, Error> {
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
            _ => Err(Error::NoPartitionKey { missing }),
        }
    }
}

/// What is kept under a key, as it was read. `Debug` shows how much it is and not what.
#[derive(Clone, Default, PartialEq)]
pub struct Item {
    /// The skill's attributes.
    pub attributes: Attributes,
    /// What others put beside them; every save writes it back.
    pub others: Attributes,
    /// Which state of the item this is.
    pub revision: Revision,
}

/// One conditional write. `Debug` shows how much is written and not what.
#[derive(Clone, Copy)]
pub struct Save<'a> {
    /// Where to write.
    pub key: &'a Key,
    /// What was read, and must still be there.
    pub read: &'a Item,
    /// What to write.
    pub attributes: &'a Attributes,
    /// The request that writes.
    pub request_id: &'a str,
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item")
            .field("attributes", &Count(&self.attributes))
            .field("others", &Count(&self.others))
            .field("revision", &self.revision)
            .finish()
    }
}

impl fmt::Debug for Save<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Save")
            .field("key", self.key)
            .field("read", self.read)
            .field("attributes", &Count(self.attributes))
            .field("request_id", &self.request_id)
            .finish()
    }
}

/// Where an item is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A DynamoDB table.
    Table(String),
    /// An S3 bucket.
    Bucket(String),
    /// The process.
    Memory,
}

impl Place {
    /// What helps against throttling.
    fn relief(&self) -> &'static str {
        match self {
            Place::Table(_) => "use on-demand capacity, or provision more",
            Place::Bucket(_) => "send fewer requests a second, or spread them over more prefixes",
            Place::Memory => "send less",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Table(name) => write!(f, "table `{name}`"),
            Place::Bucket(name) => write!(f, "bucket `{name}`"),
            Place::Memory => f.write_str("memory"),
        }
    }
}

/// Why loading, saving or deleting failed. The message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PersistenceError {
    /// Another turn wrote in between, each time that this one ran.
    #[error(
        "another request changed the item {key} in {place} at the same time, \
         each time that this turn ran: let the user ask again"
    )]
    Conflict {
        /// The item.
        key: Key,
        /// Where it is kept.
        place: Place,
    },

    /// The answer to the write was lost, and others have written since: the turn must not run
    /// again, as it may have been saved.
    #[error(
        "it is not known whether the item {key} in {place} was saved: the answer was lost, \
         and others have written since; let the user look before they ask again"
    )]
    Uncertain {
        /// The item.
        key: Key,
        /// Where it is kept.
        place: Place,
    },

    /// The table is not there.
    #[error(
        "table `{table}` is not in Region `{region}`: create it with the partition key \
         `{partition_key}` of type S, or correct the name or the Region"
    )]
    NoTable {
        /// The table's name.
        table: String,
        /// The Region that was asked.
        region: String,
        /// The name that the key must have.
        partition_key: String,
    },

    /// The bucket is not there.
    #[error(
        "bucket `{bucket}` does not exist, or not in Region `{region}`: create it, or correct the \
         name or the Region"
    )]
    NoBucket {
        /// The bucket's name.
        bucket: String,
        /// The Region that was asked.
        region: String,
    },

    /// The table has another key than the skill's layout.
    #[error(
        "table `{table}` does not have the key of the skill's layout, `{partition_key}` of type S: \
         create the table with that key, or give the skill the layout of the table"
    )]
    WrongKey {
        /// The table's name.
        table: String,
        /// The name that the key should have.
        partition_key: String,
        /// What DynamoDB said.
        source: BoxError,
    },

    /// The skill's role may not do this.
    #[error("the skill may not call {action} on {place}: allow it in the policy of its role")]
    AccessDenied {
        /// The action, as a policy names it.
        action: &'static str,
        /// The table or bucket.
        place: Place,
        /// What AWS said.
        source: BoxError,
    },

    /// The credentials are wrong or have run out.
    #[error("AWS does not accept the credentials: {source}; get new ones, or check the clock")]
    BadCredentials {
        /// What AWS said.
        source: BoxError,
    },

    /// There are no credentials in the environment.
    #[error(
        "there are no AWS credentials: set {missing} (Lambda does; a local endpoint takes any value)"
    )]
    NoCredentials {
        /// The variable that is not set.
        missing: &'static str,
    },

    /// There is no Region in the environment.
    #[error("there is no AWS Region: set AWS_REGION to the table's, such as us-east-1")]
    NoRegion,

    /// An endpoint in the environment is not one.
    #[error(
        "{variable} holds no endpoint: {reason}; set it to a URL such as http://localhost:8000, \
         or unset it for AWS's own"
    )]
    BadEndpoint {
        /// The variable. Its value is not shown: a URL may hold a password.
        variable: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },

    /// A variable of the environment has a character that cannot be part of it.
    #[error(
        "{variable} has a blank, a line end, a quotation mark or another character that is never \
         part of it: set it again without"
    )]
    BadVariable {
        /// The variable. Its value is not shown: it may be a secret.
        variable: &'static str,
    },

    /// More requests than the table, the partition or the account takes.
    #[error("{place} is throttled: {}", place.relief())]
    Throttled {
        /// Where it is kept.
        place: Place,
        /// What AWS said.
        source: BoxError,
    },

    /// The endpoint cannot be reached, or did not answer in time. A write that it did not answer may
    /// still be on its way to the table.
    #[error("{service} does not answer: {source}; check the Region, the endpoint and the network")]
    Unreachable {
        /// The service's name.
        service: &'static str,
        /// What the HTTP client said.
        source: BoxError,
    },

    /// The item is larger than DynamoDB takes; nothing was sent.
    #[error(
        "the item {key} for {place} has {bytes} bytes, and DynamoDB keeps at most 409600 \
         (400 KB) an item: remember less, or keep the bulk elsewhere"
    )]
    TooLarge {
        /// The item.
        key: Key,
        /// Where it is kept.
        place: Place,
        /// How large the item would be, by DynamoDB's rules.
        bytes: usize,
    },

    /// An attribute of the item has another type than the layout says. It is never overwritten.
    #[error(
        "attribute `{attribute}` of the item {key} is of type {found}, not {expected}: \
         mend it, or give the skill the layout of the table"
    )]
    WrongType {
        /// The item.
        key: Key,
        /// The attribute's name.
        attribute: String,
        /// The type that the layout says.
        expected: &'static str,
        /// The type that is there.
        found: &'static str,
    },

    /// What is kept is no JSON object. It is never overwritten.
    #[error("the item {key} in {place} holds no attributes: {source}; mend it, or delete it")]
    NoAttributes {
        /// The item.
        key: Key,
        /// Where it is kept.
        place: Place,
        /// What is wrong with it, without any of it.
        source: BoxError,
    },

    /// Anything else.
    #[error("{action} on {place} failed: {source}")]
    Other {
        /// The action, as a policy names it.
        action: &'static str,
        /// The table or bucket.
        place: Place,
        /// What was reported.
        source: BoxError,
    },
}

impl PersistenceError {
    /// A stable name of the kind of error.
    pub fn name(&self) -> &'static str {
        match self {
            PersistenceError::Conflict { .. } => "Conflict",
            PersistenceError::Uncertain { .. } => "Uncertain",
            PersistenceError::NoTable { .. } => "NoTable",
            PersistenceError::NoBucket { .. } => "NoBucket",
            PersistenceError::WrongKey { .. } => "WrongKey",
            PersistenceError::AccessDenied { .. } => "AccessDenied",
            PersistenceError::BadCredentials { .. } => "BadCredentials",
            PersistenceError::NoCredentials { .. } => "NoCredentials",
            PersistenceError::NoRegion => "NoRegion",
            PersistenceError::BadEndpoint { .. } => "BadEndpoint",
            PersistenceError::BadVariable { .. } => "BadVariable",
            PersistenceError::Throttled { .. } => "Throttled",
            PersistenceError::Unreachable { .. } => "Unreachable",
            PersistenceError::TooLarge { .. } => "TooLarge",
            PersistenceError::WrongType { .. } => "WrongType",
            PersistenceError::NoAttributes { .. } => "NoAttributes",
            PersistenceError::Other { .. } => "Other",
        }
    }
}
