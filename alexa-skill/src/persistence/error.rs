//! Why a store could not do it.

use std::fmt;

use super::Key;
use crate::boxed::BoxError;

/// Where an item is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// A DynamoDB table.
    Table(String),
    /// An S3 bucket.
    Bucket(String),
    /// The process.
    Memory,
}

impl Location {
    /// What helps against throttling.
    fn relief(&self) -> &'static str {
        match self {
            Location::Table(_) => "use on-demand capacity, or provision more",
            Location::Bucket(_) => {
                "send fewer requests a second, or spread them over more prefixes"
            }
            Location::Memory => "send less",
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Table(name) => write!(f, "table `{name}`"),
            Location::Bucket(name) => write!(f, "bucket `{name}`"),
            Location::Memory => f.write_str("memory"),
        }
    }
}

/// Why loading, saving or deleting failed. The message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PersistenceError {
    /// Another turn wrote in between, each time that this one ran.
    #[error(
        "another request changed the item {key} in {location} at the same time, \
         each time that this turn ran: let the user ask again"
    )]
    Conflict {
        /// The item.
        key: Key,
        /// Where it is kept.
        location: Location,
    },

    /// The answer to the write was lost, and others have written since: the turn must not run
    /// again, as it may have been saved.
    #[error(
        "it is not known whether the item {key} in {location} was saved: the answer was lost, \
         and others have written since; let the user look before they ask again"
    )]
    Uncertain {
        /// The item.
        key: Key,
        /// Where it is kept.
        location: Location,
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
    #[error("the skill may not call {action} on {location}: allow it in the policy of its role")]
    AccessDenied {
        /// The action, as a policy names it.
        action: &'static str,
        /// The table or bucket.
        location: Location,
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
    #[error("{location} is throttled: {}", location.relief())]
    Throttled {
        /// Where it is kept.
        location: Location,
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
        "the item {key} for {location} has {bytes} bytes, and DynamoDB keeps at most 409600 \
         (400 KB) an item: remember less, or keep the bulk elsewhere"
    )]
    TooLarge {
        /// The item.
        key: Key,
        /// Where it is kept.
        location: Location,
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
    #[error("the item {key} in {location} holds no attributes: {source}; mend it, or delete it")]
    NoAttributes {
        /// The item.
        key: Key,
        /// Where it is kept.
        location: Location,
        /// What is wrong with it, without any of it.
        source: BoxError,
    },

    /// Anything else.
    #[error("{action} on {location} failed: {source}")]
    Other {
        /// The action, as a policy names it.
        action: &'static str,
        /// The table or bucket.
        location: Location,
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
