//! What the skill remembers of a household.

use serde::{Deserialize, Serialize};

/// How many items a list holds. With the length of an item, this keeps a household's attributes
/// far below the 400 KB that DynamoDB takes.
pub(crate) const MAX_ITEMS: usize = 100;

/// How many characters an item has at most.
pub(crate) const MAX_LENGTH: usize = 80;

// ANCHOR: list
/// A household's list.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct List {
    /// In the order in which they were added, so by rising number.
    pub(crate) items: Vec<Item>,
    /// The number of the item that was added last. Numbers are never given twice, so that reading
    /// goes on at the right place whatever another device adds or removes meanwhile.
    last_number: u32,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Item {
    pub(crate) number: u32,
    pub(crate) name: String,
}
// ANCHOR_END: list

// ANCHOR: added
/// Whether a name is on the list now, and if not, why.
pub(crate) enum Added {
    Now,
    Before,
    NotAsFull,
    NotAsLong,
}

impl List {
    pub(crate) fn add(&mut self, name: &str) -> Added {
        if name.chars().count() > MAX_LENGTH {
            return Added::NotAsLong;
        }
        if self.items.iter().any(|item| item.is(name)) {
            return Added::Before;
        }
        if self.items.len() >= MAX_ITEMS {
            return Added::NotAsFull;
        }
        self.last_number += 1;
        self.items.push(Item {
            number: self.last_number,
            name: name.to_owned(),
        });
        Added::Now
    }
    // ANCHOR_END: added

    /// Whether there was such an item.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        let before = self.items.len();
        self.items.retain(|item| !item.is(name));
        self.items.len() < before
    }
}

impl Item {
    fn is(&self, name: &str) -> bool {
        self.name.to_lowercase() == name.to_lowercase()
    }
}
