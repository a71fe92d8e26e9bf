//! Sloppy quorum and hinted handoff: a write finds a home while its own is away (section 4.6).

use std::collections::BTreeMap;

use crate::key::Key;
use crate::node_id::NodeId;
use crate::siblings::Siblings;

/// A node that is asked to hold a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Who is asked.
    pub node: NodeId,
    /// The home node that it stands in for, which the replica's hint names.
    pub instead_of: Option<NodeId>,
}

// ANCHOR: targets
/// The first `n` healthy nodes of the preference list, which goes on behind the key's `n` home
/// nodes: each home that is away has the next healthy node stand in for it.
pub fn targets(nodes: &[NodeId], n: usize, is_healthy: impl Fn(NodeId) -> bool) -> Vec<Target> {
    let (homes, others) = nodes.split_at(n.min(nodes.len()));
    let mut stand_ins = others.iter().copied().filter(|node| is_healthy(*node));
    let target = |home: &NodeId| {
        if is_healthy(*home) {
            return Some(Target {
                node: *home,
                instead_of: None,
            });
        }
        let node = stand_ins.next()?;
        Some(Target {
            node,
            instead_of: Some(*home),
        })
    };
    homes.iter().filter_map(target).collect()
}
// ANCHOR_END: targets

// ANCHOR: hints
/// The replicas that a node keeps for others, in a place of their own.
#[derive(Clone, Debug)]
pub struct Hints<V> {
    kept: BTreeMap<(NodeId, Key), Siblings<V>>,
}

impl<V: Clone + PartialEq> Hints<V> {
    /// Keeps versions for a home node.
    pub fn keep(&mut self, home: NodeId, key: &Key, siblings: &Siblings<V>) {
        self.kept
            .entry((home, key.clone()))
            .and_modify(|kept| {
                kept.merge(siblings);
            })
            .or_insert_with(|| siblings.clone());
    }

    /// The home node holds what it was sent. A version that came in meanwhile is kept: it was not
    /// part of what was acknowledged.
    pub fn delivered(&mut self, home: NodeId, key: &Key, sent: &Siblings<V>) {
        let hint = (home, key.clone());
        if self.kept.get(&hint).is_some_and(|kept| kept == sent) {
            self.kept.remove(&hint);
        }
    }
}
// ANCHOR_END: hints

impl<V: Clone + PartialEq> Hints<V> {
    /// Every hint: home node, key and versions.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Key, &Siblings<V>)> {
        let kept = self.kept.iter();
        kept.map(|((home, key), siblings)| (*home, key, siblings))
    }

    /// What is kept of a key, whoever it is for.
    pub fn of_key<'a>(&'a self, key: &'a Key) -> impl Iterator<Item = &'a Siblings<V>> {
        self.iter()
            .filter(move |(_, kept, _)| *kept == key)
            .map(|(_, _, siblings)| siblings)
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many hints there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }
}

impl<V> IntoIterator for Hints<V> {
    type Item = (NodeId, Key, Siblings<V>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        let kept = self.kept.into_iter();
        let kept: Vec<_> = kept
            .map(|((home, key), siblings)| (home, key, siblings))
            .collect();
        kept.into_iter()
    }
}

impl<V> Default for Hints<V> {
    fn default() -> Hints<V> {
        Hints {
            kept: BTreeMap::new(),
        }
    }
}
