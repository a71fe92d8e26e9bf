//! What an adapter reads and writes.

use std::fmt;

use super::{Key, Revision};
use crate::attributes::{Attributes, Count};

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
