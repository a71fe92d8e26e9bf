//! How the items of a table are laid out.

use std::borrow::Cow;
use std::time::Duration;

/// The names of an item's key and of the map that holds the attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// `userId` and `mapAttr`: what the Node.js SDK v1 uses, and this guide.
    #[default]
    UserId,
    /// `id` and `attributes`: what the Node.js SDK v2 and the Python SDK use.
    Id,
    /// Names of your own.
    Named {
        /// The partition key, of type S.
        partition_key: String,
        /// The map that holds the attributes.
        attributes: String,
    },
}

impl Layout {
    /// The name of the partition key, which is of type S.
    pub fn partition_key(&self) -> &str {
        match self {
            Layout::UserId => "userId",
            Layout::Id => "id",
            Layout::Named { partition_key, .. } => partition_key,
        }
    }

    /// The name of the map that holds the attributes.
    pub fn attributes(&self) -> &str {
        match self {
            Layout::UserId => "mapAttr",
            Layout::Id => "attributes",
            Layout::Named { attributes, .. } => attributes,
        }
    }
}

/// The second part of a table's key, of type S, the same for all items of a skill: with it several
/// skills share a table, each with an item a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SortKey {
    pub(super) name: Cow<'static, str>,
    pub(super) value: String,
}

/// When an item expires: so long after the last save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TimeToLive {
    /// A top-level attribute of type N, in seconds since 1970, as DynamoDB asks.
    pub(super) attribute: String,
    pub(super) after: Duration,
}
