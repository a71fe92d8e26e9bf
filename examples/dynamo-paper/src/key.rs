//! A key with its place on the ring.

use std::fmt;
use std::sync::Arc;

use crate::ring::Position;

/// A key. It is hashed once, however many nodes it passes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    // First, so that keys are ordered as on the ring and a range of them is a slice.
    position: Position,
    name: Arc<str>,
}

impl Key {
    /// The key of this name.
    pub fn new(name: &str) -> Key {
        Key {
            position: Position::of(name),
            name: name.into(),
        }
    }

    /// Where the key lies.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(formatter)
    }
}
