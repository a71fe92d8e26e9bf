//! How nodes are called.

use std::fmt;

use serde::{Serialize, Serializer};

/// A node, written as a letter as in the paper's figures: `A`, `B`, … `Z`, then `N26`.
///
/// A node that forgot its counters counts on under a new name, its next life: `A.2`. A counter
/// that began again under the old name would name two writes alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    index: u32,
    life: u32,
}

impl NodeId {
    /// The node with this index, in its first life.
    pub const fn new(index: u32) -> NodeId {
        NodeId { index, life: 1 }
    }

    /// The index in the cluster, which stays the same in every life.
    pub const fn index(self) -> usize {
        self.index as usize
    }

    /// The same node in another of its lives, counted from 1.
    pub const fn in_life(self, life: u32) -> NodeId {
        NodeId { life, ..self }
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match u8::try_from(self.index) {
            Ok(index) if index < 26 => write!(formatter, "{}", char::from(b'A' + index))?,
            _ => write!(formatter, "N{}", self.index)?,
        }
        match self.life {
            1 => Ok(()),
            life => write!(formatter, ".{life}"),
        }
    }
}

impl Serialize for NodeId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
