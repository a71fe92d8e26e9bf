//! A clock that may not grow for ever: the oldest pair goes (section 4.4).

use crate::node_id::NodeId;
use crate::version_vector::VersionVector;

/// How many pairs the paper keeps, "say 10".
pub const LIMIT: usize = 10;

/// A version vector that knows when each of its nodes last wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TruncatedVector {
    pairs: Vec<Pair>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pair {
    node: NodeId,
    counter: u64,
    written: u64,
}

// ANCHOR: write
impl TruncatedVector {
    /// Records the node's write number `counter` at the time `now`, and keeps at most `limit` pairs.
    ///
    /// The counter comes from the node. Were it taken from the vector, a node whose pair was cut
    /// off would begin again at 1, and two of its writes would bear one name.
    pub fn write(&mut self, node: NodeId, counter: u64, now: u64, limit: usize) {
        self.pairs.retain(|pair| pair.node != node);
        self.pairs.push(Pair {
            node,
            counter,
            written: now,
        });
        self.pairs.sort_by_key(|pair| (pair.written, pair.node));
        let surplus = self.pairs.len().saturating_sub(limit);
        self.pairs.drain(..surplus);
    }
}
// ANCHOR_END: write

impl TruncatedVector {
    /// Adds the other's pairs; of two pairs of one node the higher counts. Nothing is cut off.
    pub fn merge(&mut self, other: &TruncatedVector) {
        for theirs in &other.pairs {
            match self.pairs.iter_mut().find(|pair| pair.node == theirs.node) {
                Some(ours) if ours.counter < theirs.counter => *ours = *theirs,
                Some(_) => {}
                None => self.pairs.push(*theirs),
            }
        }
    }

    /// The pairs that are left, without their times.
    pub fn vector(&self) -> VersionVector {
        VersionVector::new(self.pairs.iter().map(|pair| (pair.node, pair.counter)))
    }
}
