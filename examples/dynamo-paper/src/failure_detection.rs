//! Which nodes seem to be down, as far as one node can tell (section 4.8.3).

use std::collections::BTreeSet;

use crate::node_id::NodeId;

// ANCHOR: detector
/// A node's own opinion of the others. There is no need to agree on it: whoever does not answer
/// me is down for me, and up again when I hear from it.
#[derive(Clone, Debug, Default)]
pub struct FailureDetector {
    suspected: BTreeSet<NodeId>,
}

impl FailureDetector {
    /// The node did not answer in time.
    pub fn no_answer_from(&mut self, node: NodeId) {
        self.suspected.insert(node);
    }

    /// The node sent something.
    pub fn heard_from(&mut self, node: NodeId) {
        self.suspected.remove(&node);
    }

    /// Whether to ask the node.
    pub fn seems_up(&self, node: NodeId) -> bool {
        !self.suspected.contains(&node)
    }
}
// ANCHOR_END: detector

impl FailureDetector {
    /// The nodes that seem to be down.
    pub fn suspected(&self) -> impl Iterator<Item = NodeId> {
        self.suspected.iter().copied()
    }

    /// Whether every node seems to be up.
    pub fn suspects_nobody(&self) -> bool {
        self.suspected.is_empty()
    }
}
