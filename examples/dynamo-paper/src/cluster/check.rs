//! What must hold once the faults are over.

use super::message::Time;
use super::{Cluster, UPKEEP};
use crate::cart::Cart;
use crate::error::{Error, Result};
use crate::key::Key;
use crate::node_id::NodeId;

impl Cluster {
    /// Runs without faults until the cluster is at rest, and returns how long that took.
    ///
    /// # Errors
    ///
    /// [`Error::NotSettled`] when the nodes do not agree within the given virtual time.
    pub fn settle(&mut self, within: Time) -> Result<Time> {
        let begin = self.now;
        loop {
            let Some(reason) = self.unrest() else {
                return Ok(self.now - begin);
            };
            if self.now - begin >= within {
                let seconds = (self.now - begin) / 1000;
                return Err(Error::NotSettled { seconds, reason });
            }
            self.pass(UPKEEP);
        }
    }

    // ANCHOR: unrest
    /// The first thing that keeps the cluster from being at rest: nodes that see different rings,
    /// a hint that is left, or two home nodes of a range whose Merkle roots differ.
    pub fn unrest(&self) -> Option<String> {
        let first = self.nodes.first()?;
        for node in &self.nodes {
            let id = node.id;
            if node.ring != first.ring {
                return Some(format!("{id} sees another ring than {}", first.id));
            }
            if let Some((home, key, _)) = node.disk.hints.iter().next() {
                return Some(format!("{id} still keeps {key} for {home}"));
            }
        }
        let n = self.settings.quorum.n();
        for range in first.ring.ranges() {
            let homes = first.ring.preference_list(range.up_to, n);
            let mut roots = homes.iter().map(|home| self.root(*home, range));
            let root = roots.next()?;
            if roots.any(|other| other != root) {
                return Some(format!("the home nodes of {} differ", range.up_to));
            }
        }
        None
    }
    // ANCHOR_END: unrest

    fn root(&self, node: NodeId, range: crate::ring::KeyRange) -> crate::merkle::Hash {
        self.nodes[node.index()].tree(range).root()
    }

    // ANCHOR: missing
    /// The home nodes that do not have an item in their cart. This looks at what customers see and
    /// not at clocks, which may be wrong together.
    pub fn homes_without(&self, key: &Key, item: &str) -> Vec<NodeId> {
        let first = self.nodes.first();
        let mut homes = first.map(|node| node.homes(key)).unwrap_or_default();
        homes.retain(|home| {
            let store = &self.nodes[home.index()].disk.store;
            let cart = store.get(key).map(Cart::reconciled);
            !cart.is_some_and(|cart| cart.contains(item))
        });
        homes
    }
    // ANCHOR_END: missing
}
