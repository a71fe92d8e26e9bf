//! Who belongs to the ring, told from node to node (section 4.8).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::node_id::NodeId;
use crate::random::Random;
use crate::ring::{Position, Ring};

// ANCHOR: membership
/// What an administrator last said about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The node belongs to the ring.
    Joined,
    /// The node was removed.
    Left,
}

/// What one node knows of all nodes: each node's number of changes and the last of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    changes: BTreeMap<NodeId, (u64, Status)>,
}

impl Membership {
    /// Takes over what another node knows better, and says whether anything did.
    pub fn merge(&mut self, other: &Membership) -> bool {
        let before = self.clone();
        for (node, theirs) in &other.changes {
            let ours = self.changes.entry(*node).or_insert(*theirs);
            *ours = (*ours).max(*theirs);
        }
        *self != before
    }
}
// ANCHOR_END: membership

impl Membership {
    /// These nodes have joined, as far as anyone knows.
    pub fn of(nodes: impl IntoIterator<Item = NodeId>) -> Membership {
        let mut membership = Membership::default();
        for node in nodes {
            membership.change(node, Status::Joined);
        }
        membership
    }

    /// An administrator's command, issued at the node that keeps this list.
    pub fn change(&mut self, node: NodeId, status: Status) {
        let before = self.changes.get(&node).map_or(0, |change| change.0);
        self.changes.insert(node, (before + 1, status));
    }

    /// Whether the node is known, in whatever status.
    pub fn knows(&self, node: NodeId) -> bool {
        self.changes.contains_key(&node)
    }

    /// Every node that is known, those that left included: they may still have keys to hand over.
    pub fn known(&self) -> impl Iterator<Item = NodeId> {
        self.changes.keys().copied()
    }

    /// The nodes of the ring.
    pub fn members(&self) -> impl Iterator<Item = NodeId> {
        let joined = self.changes.iter();
        let joined = joined.filter(|(_, change)| change.1 == Status::Joined);
        joined.map(|(node, _)| *node)
    }

    /// The ring on which every member has so many tokens.
    pub fn ring(&self, tokens: usize) -> Ring {
        let tokens_of =
            |node| (0..tokens).map(move |token| (Position::of_token(node, token), node));
        self.members().flat_map(tokens_of).collect()
    }
}

// ANCHOR: spread
/// Counts the rounds until all of `nodes` know what one of them knows. In a round each node talks
/// to one other at random, and afterwards both know what either knew.
pub fn rounds_to_reach_all(nodes: usize, random: &mut Random) -> usize {
    let mut knows = vec![false; nodes];
    if let Some(first) = knows.first_mut() {
        *first = true;
    }
    let mut rounds = 0;
    while knows.contains(&false) {
        rounds += 1;
        let before = knows.clone();
        for node in 0..nodes {
            let other = (node + 1 + random.below(nodes - 1)) % nodes;
            let either = before[node] || before[other];
            knows[node] |= either;
            knows[other] |= either;
        }
    }
    rounds
}
// ANCHOR_END: spread
