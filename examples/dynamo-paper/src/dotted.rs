//! Dotted version vectors: the write itself is named apart from what it has seen.
//!
//! The paper's vector says "two writes of X", which of two writers with the same context has made
//! which of them it cannot say. Dots are from Preguiça, Baquero, Almeida, Fonte and Gonçalves,
//! "Dotted Version Vectors: Logical Clocks for Optimistic Replication" (2010).

use std::fmt;

use crate::node_id::NodeId;
use crate::version_vector::VersionVector;

// ANCHOR: clock
/// The name of one write: the node that coordinated it, and the node's count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    /// The coordinator.
    pub node: NodeId,
    /// The coordinator's writes of this key, this one included.
    pub counter: u64,
}

/// The clock of a version: its own write, and the writes that its writer had seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    /// The write that made the version.
    pub dot: Dot,
    /// The context that its writer had read.
    pub past: VersionVector,
}
// ANCHOR_END: clock

// ANCHOR: obsolete
/// How two versions are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Clocks {
    /// As in the paper: the vectors decide.
    Plain,
    /// A version is obsolete when another has seen the write that made it.
    #[default]
    Dotted,
}

impl Clock {
    /// Whether the other version replaces this one.
    pub fn is_obsolete_beside(&self, other: &Clock, clocks: Clocks) -> bool {
        match clocks {
            Clocks::Plain => self.vector() < other.vector(),
            Clocks::Dotted => self.dot.counter <= other.past.get(self.dot.node),
        }
    }

    /// The paper's clock: the past with the write counted in.
    pub fn vector(&self) -> VersionVector {
        let mut vector = self.past.clone();
        vector.raise(self.dot.node, self.dot.counter);
        vector
    }
}
// ANCHOR_END: obsolete

impl fmt::Display for Dot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "({},{})", self.node, self.counter)
    }
}

/// The dot, then the past: `(X,4)[(X,2)]`.
impl fmt::Display for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.dot, self.past)
    }
}
