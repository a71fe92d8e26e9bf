//! What a node does every second on its own: gossip, hinted handoff, anti-entropy.

use super::coordinator::Pending;
use super::message::{Message, Outbox};
use super::node::{Node, hash_of};
use crate::cart::Cart;
use crate::gossip::Membership;
use crate::key::Key;
use crate::merkle::{MerkleTree, leaf_of};
use crate::node_id::NodeId;
use crate::random::Random;
use crate::ring::KeyRange;
use crate::siblings::Siblings;

/// The trees of a range have 2^4 leaves.
const HEIGHT: u32 = 4;

/// How many hints a node sends in a second.
const HINTS_AT_ONCE: usize = 32;

impl Node {
    pub(crate) fn tick(&mut self, random: &mut Random, out: &mut Outbox) {
        self.gossip(random, out);
        self.hand_off(out);
        self.offer_tree(out);
    }

    // ANCHOR: gossip
    fn gossip(&mut self, random: &mut Random, out: &mut Outbox) {
        let known = self.disk.membership.known();
        let others: Vec<NodeId> = known.filter(|node| *node != self.id).collect();
        if let Some(other) = random.choose(&others) {
            let membership = self.disk.membership.clone();
            let answer = true;
            out.send(*other, Message::Gossip { membership, answer });
        }
    }

    pub(super) fn hear(
        &mut self,
        from: NodeId,
        theirs: &Membership,
        answer: bool,
        out: &mut Outbox,
    ) {
        if self.disk.membership.merge(theirs) {
            self.follow_membership();
        }
        if answer {
            let membership = self.disk.membership.clone();
            let answer = false;
            out.send(from, Message::Gossip { membership, answer });
        }
    }
    // ANCHOR_END: gossip

    // ANCHOR: hand_off
    /// Sends hints home. To a node that seems down one is sent, to learn whether it is back.
    fn hand_off(&mut self, out: &mut Outbox) {
        for pending in self.pending.values() {
            if let Pending::HandOff { home, .. } = pending {
                self.failures.no_answer_from(*home);
            }
        }
        self.pending
            .retain(|_, pending| !matches!(pending, Pending::HandOff { .. }));

        let mut sent_to: Vec<NodeId> = Vec::new();
        let hints = self.disk.hints.iter();
        let due = hints.filter(|(home, ..)| {
            let due = self.failures.seems_up(*home) || !sent_to.contains(home);
            sent_to.push(*home);
            due
        });
        let due: Vec<_> = due
            .take(HINTS_AT_ONCE)
            .map(|(home, key, siblings)| (home, key.clone(), siblings.clone()))
            .collect();
        for (home, key, sent) in due {
            let request = self.next_request();
            let store = Message::Store {
                key: key.clone(),
                siblings: sent.clone(),
                instead_of: None,
                request: Some(request),
            };
            out.send(home, store);
            self.pending
                .insert(request, Pending::HandOff { home, key, sent });
        }
    }
    // ANCHOR_END: hand_off

    // ANCHOR: offer
    /// Offers the tree of one range to one of the nodes that share it, all of them in turn.
    fn offer_tree(&mut self, out: &mut Outbox) {
        let pairs = self
            .ranges
            .iter()
            .flat_map(|(range, nodes)| nodes.iter().map(|node| (*range, *node)));
        let pairs: Vec<(KeyRange, NodeId)> = pairs.collect();
        if pairs.is_empty() {
            return;
        }
        let (range, node) = pairs[self.turn % pairs.len()];
        self.turn += 1;
        let tree = self.tree(range);
        out.send(node, Message::Compare { range, tree });
    }
    // ANCHOR_END: offer

    // ANCHOR: compare
    /// Answers a tree that differs with what is held here in the leaves that differ.
    pub(super) fn compare(
        &mut self,
        from: NodeId,
        range: KeyRange,
        theirs: &MerkleTree,
        out: &mut Outbox,
    ) {
        let leaves = self.tree(range).compare(theirs).leaves;
        if !leaves.is_empty() {
            let items = self.items(range, &leaves);
            let differing = Message::Differing {
                range,
                leaves,
                items,
            };
            out.send(from, differing);
        }
    }
    // ANCHOR_END: compare

    // ANCHOR: exchange
    /// Takes what the other holds, and sends back what both hold together.
    pub(super) fn exchange(
        &mut self,
        from: NodeId,
        range: KeyRange,
        leaves: &[usize],
        theirs: &[(Key, Siblings<Cart>)],
        out: &mut Outbox,
    ) {
        for (key, siblings) in theirs {
            self.place(key, siblings);
        }
        for (key, siblings) in self.items(range, leaves) {
            let store = Message::Store {
                key,
                siblings,
                instead_of: None,
                request: None,
            };
            out.send(from, store);
        }
    }
    // ANCHOR_END: exchange

    /// The tree of what the node holds in a range.
    pub(crate) fn tree(&self, range: KeyRange) -> MerkleTree {
        let held = self.held_in(range);
        let hashes: Vec<_> = held
            .map(|(key, siblings)| (key.position(), hash_of(siblings)))
            .collect();
        let hashes = hashes.iter().map(|(position, hash)| (position, hash));
        MerkleTree::over(range, HEIGHT, hashes)
    }

    fn items(&self, range: KeyRange, leaves: &[usize]) -> Vec<(Key, Siblings<Cart>)> {
        self.held_in(range)
            .filter(|(key, _)| leaves.contains(&leaf_of(range, HEIGHT, key.position())))
            .map(|(key, siblings)| (key.clone(), siblings.clone()))
            .collect()
    }

    fn held_in(&self, range: KeyRange) -> impl Iterator<Item = (&Key, &Siblings<Cart>)> {
        let held = self.disk.store.iter();
        held.filter(move |(key, _)| range.contains(key.position()))
    }

    /// The ranges that this node holds, and who else holds each.
    pub(super) fn shared_ranges(&self) -> Vec<(KeyRange, Vec<NodeId>)> {
        let n = self.settings.quorum.n();
        let ranges = self.ring.ranges_held_by(self.id, n).into_iter();
        let with_others = ranges.map(|range| {
            let mut others = self.ring.preference_list(range.up_to, n);
            others.retain(|node| *node != self.id);
            (range, others)
        });
        with_others.collect()
    }
}
