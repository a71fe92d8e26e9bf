//! What a skill is told of its table.

use aws_sdk_dynamodb::config::{Config, Region, SharedAsyncSleep};

use super::layout::{Layout, SortKey, TimeToLive};
use crate::persistence::Location;

/// A table and the looks of its items, whichever client reaches them.
#[derive(Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) region: Option<Region>,
    /// How the SDK's client was told to wait.
    pub(super) sleep: Option<SharedAsyncSleep>,
    pub(super) layout: Layout,
    pub(super) sort_key: Option<SortKey>,
    pub(super) time_to_live: Option<TimeToLive>,
    pub(super) consistent_reads: bool,
}

impl Table {
    pub(super) fn new(config: &Config, name: String) -> Table {
        Table {
            name,
            region: config.region().cloned(),
            sleep: config.sleep_impl(),
            layout: Layout::default(),
            sort_key: None,
            time_to_live: None,
            consistent_reads: true,
        }
    }

    pub(super) fn location(&self) -> Location {
        Location::Table(self.name.clone())
    }

    /// All that says which items these are.
    pub(super) fn named(&self) -> String {
        let region = self.region.as_ref().map(AsRef::as_ref);
        let expires = self.time_to_live.as_ref().map(|expiry| &expiry.attribute);
        let items = (&self.layout, &self.sort_key, expires);
        format!("{:?}", ("DynamoDB", region, &self.name, items))
    }
}
