//! What the paper calls a vector clock: who has written how often (section 4.4).

use std::cmp::Ordering;
use std::fmt;

use crate::node_id::NodeId;

// ANCHOR: vector
/// A list of (node, counter) pairs, ordered by node. A node that is not in it counts as 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct VersionVector {
    pairs: Vec<(NodeId, u64)>,
}

impl VersionVector {
    /// How many writes of this node the version has seen.
    pub fn get(&self, node: NodeId) -> u64 {
        self.find(node).map_or(0, |place| self.pairs[place].1)
    }

    /// Whether this version has seen every write that the other has seen.
    pub fn descends(&self, other: &VersionVector) -> bool {
        let mut pairs = other.pairs.iter();
        pairs.all(|&(node, counter)| counter <= self.get(node))
    }
}
// ANCHOR_END: vector

// ANCHOR: order
/// Equal, before, after, or neither: two versions that have not seen each other are concurrent,
/// and only the application can make one of them.
impl PartialOrd for VersionVector {
    fn partial_cmp(&self, other: &VersionVector) -> Option<Ordering> {
        match (self.descends(other), other.descends(self)) {
            (true, true) => Some(Ordering::Equal),
            (true, false) => Some(Ordering::Greater),
            (false, true) => Some(Ordering::Less),
            (false, false) => None,
        }
    }
}
// ANCHOR_END: order

impl VersionVector {
    /// A vector with these pairs; of two pairs of one node the higher counts.
    pub fn new(pairs: impl IntoIterator<Item = (NodeId, u64)>) -> VersionVector {
        let mut vector = VersionVector::default();
        for (node, counter) in pairs {
            vector.raise(node, counter);
        }
        vector
    }

    // ANCHOR: change
    /// Counts one more write of the node.
    pub fn increment(&mut self, node: NodeId) {
        self.raise(node, self.get(node) + 1);
    }

    /// Adds what the other has seen: afterwards this is the least vector that descends from both.
    pub fn merge(&mut self, other: &VersionVector) {
        for &(node, counter) in &other.pairs {
            self.raise(node, counter);
        }
    }
    // ANCHOR_END: change

    /// Makes the node's counter at least this one.
    pub fn raise(&mut self, node: NodeId, counter: u64) {
        match self.find(node) {
            _ if counter == 0 => {}
            Ok(place) => self.pairs[place].1 = self.pairs[place].1.max(counter),
            Err(place) => self.pairs.insert(place, (node, counter)),
        }
    }

    /// The pairs, ordered by node.
    pub fn pairs(&self) -> &[(NodeId, u64)] {
        &self.pairs
    }

    fn find(&self, node: NodeId) -> Result<usize, usize> {
        self.pairs.binary_search_by_key(&node, |pair| pair.0)
    }
}

/// As in the paper's figure 3: `[(X,2),(Y,1)]`.
impl fmt::Display for VersionVector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.pairs.iter();
        let pairs = pairs.map(|(node, counter)| format!("({node},{counter})"));
        write!(formatter, "[{}]", pairs.collect::<Vec<_>>().join(","))
    }
}
