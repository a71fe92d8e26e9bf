//! One node: what it keeps on disk, and what it does with versions that come in.

use std::collections::BTreeMap;
use std::mem;

use md5::{Digest, Md5};

use super::Settings;
use super::coordinator::Pending;
use super::message::{Message, Outbox, RequestId};
use crate::cart::Cart;
use crate::failure_detection::FailureDetector;
use crate::gossip::Membership;
use crate::hinted_handoff::{Hints, Target, targets};
use crate::key::Key;
use crate::merkle::Hash;
use crate::node_id::NodeId;
use crate::ring::{KeyRange, Ring};
use crate::siblings::Siblings;

/// What survives a crash, until the disk is lost.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    pub(crate) store: BTreeMap<Key, Siblings<Cart>>,
    pub(crate) hints: Hints<Cart>,
    pub(crate) membership: Membership,
}

/// A storage node. It knows the others only by what they send.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) id: NodeId,
    pub(crate) up: bool,
    /// Counts the starts, so that what was due before a crash is not done after it.
    pub(crate) starts: u32,
    pub(crate) disk: Disk,
    pub(crate) ring: Ring,
    pub(crate) failures: FailureDetector,
    pub(super) settings: Settings,
    pub(super) pending: BTreeMap<RequestId, Pending>,
    /// The ranges that the node holds, each with the other nodes that hold it.
    pub(super) ranges: Vec<(KeyRange, Vec<NodeId>)>,
    pub(super) turn: usize,
    requests: RequestId,
    life: u32,
}

impl Node {
    pub(crate) fn new(id: NodeId, settings: Settings, membership: Membership) -> Node {
        let mut node = Node {
            id,
            up: true,
            starts: 0,
            disk: Disk {
                membership,
                ..Disk::default()
            },
            ring: Ring::default(),
            failures: FailureDetector::default(),
            settings,
            pending: BTreeMap::new(),
            ranges: Vec::new(),
            turn: 0,
            requests: 0,
            life: 0,
        };
        node.follow_membership();
        node
    }

    /// The name under which the node counts its writes.
    pub(crate) fn name(&self) -> NodeId {
        self.id.in_life(self.life)
    }

    pub(crate) fn crash(&mut self) {
        self.up = false;
        self.starts += 1;
        self.pending.clear();
        self.failures = FailureDetector::default();
    }

    /// The disk is replaced by an empty one, and with it goes every counter.
    pub(crate) fn lose_disk(&mut self, seeds: Membership) {
        self.disk = Disk {
            membership: seeds,
            ..Disk::default()
        };
        self.pending.clear();
        self.ring = Ring::default();
        self.follow_membership();
    }

    // ANCHOR: place
    /// Keeps versions where they belong: here, or as hints for each node that they belong to.
    /// Nothing is dropped before a home node has acknowledged it.
    pub(super) fn place(&mut self, key: &Key, siblings: &Siblings<Cart>) {
        let homes = self.homes(key);
        if homes.contains(&self.id) || homes.is_empty() {
            self.held_mut(key).merge(siblings);
            return;
        }
        for home in homes {
            self.disk.hints.keep(home, key, siblings);
        }
    }
    // ANCHOR_END: place

    // ANCHOR: follow
    /// Moves to the ring that the membership describes. Keys that no longer belong here become
    /// hints for the nodes where they belong.
    ///
    /// The node counts on under a new name: it may have become home of keys whose history it does
    /// not hold, earlier writes of its own included.
    pub(super) fn follow_membership(&mut self) {
        let ring = self.disk.membership.ring(self.settings.tokens);
        if ring == self.ring {
            return;
        }
        self.ring = ring;
        self.life += 1;
        self.ranges = self.shared_ranges();
        for (key, siblings) in mem::take(&mut self.disk.store) {
            self.place(&key, &siblings);
        }
        for (home, key, siblings) in mem::take(&mut self.disk.hints) {
            if self.homes(&key).contains(&home) && home != self.id {
                self.disk.hints.keep(home, &key, &siblings);
            } else {
                self.place(&key, &siblings);
            }
        }
    }
    // ANCHOR_END: follow

    /// The N nodes where a key belongs.
    pub(super) fn homes(&self, key: &Key) -> Vec<NodeId> {
        self.ring
            .preference_list(key.position(), self.settings.quorum.n())
    }

    /// The nodes to ask about a key: the first N that seem to be up.
    pub(super) fn targets(&self, key: &Key) -> Vec<Target> {
        let n = self.settings.quorum.n();
        let reach = if self.failures.suspects_nobody() {
            n
        } else {
            usize::MAX
        };
        let nodes = self.ring.preference_list(key.position(), reach);
        targets(&nodes, n, |node| self.failures.seems_up(node))
    }

    /// All that the node holds of a key, its own and what it keeps for others.
    pub(super) fn everything_about(&self, key: &Key) -> Siblings<Cart> {
        let mut siblings = match self.disk.store.get(key) {
            Some(siblings) => siblings.clone(),
            None => Siblings::new(self.settings.clocks),
        };
        for kept in self.disk.hints.of_key(key) {
            siblings.merge(kept);
        }
        siblings
    }

    pub(super) fn held_mut(&mut self, key: &Key) -> &mut Siblings<Cart> {
        let clocks = self.settings.clocks;
        self.disk
            .store
            .entry(key.clone())
            .or_insert_with(|| Siblings::new(clocks))
    }

    pub(super) fn next_request(&mut self) -> RequestId {
        self.requests += 1;
        self.requests
    }

    pub(crate) fn receive(&mut self, from: Option<NodeId>, message: Message, out: &mut Outbox) {
        if let Some(from) = from {
            self.failures.heard_from(from);
        }
        match (message, from) {
            (
                Message::Ask {
                    operation,
                    key,
                    request,
                    forwarded,
                },
                _,
            ) => self.accept(operation, key, request, forwarded, out),
            (
                Message::Store {
                    key,
                    siblings,
                    instead_of,
                    request,
                },
                Some(from),
            ) => {
                match instead_of {
                    Some(home) if home != self.id => self.disk.hints.keep(home, &key, &siblings),
                    _ => self.place(&key, &siblings),
                }
                if let Some(request) = request {
                    out.send(from, Message::Stored { request });
                }
            }
            (Message::Stored { request }, Some(from)) => self.stored(from, request, out),
            (Message::Fetch { key, request }, Some(from)) => {
                let siblings = self.everything_about(&key);
                out.send(from, Message::Fetched { request, siblings });
            }
            (Message::Fetched { request, siblings }, Some(from)) => {
                self.fetched(from, request, siblings, out);
            }
            (Message::Gossip { membership, answer }, Some(from)) => {
                self.hear(from, &membership, answer, out);
            }
            (Message::Compare { range, tree }, Some(from)) => self.compare(from, range, &tree, out),
            (
                Message::Differing {
                    range,
                    leaves,
                    items,
                },
                Some(from),
            ) => self.exchange(from, range, &leaves, &items, out),
            // Only clients have no name, and they only ask.
            (_, None) => {}
        }
    }
}

/// The hash of a key's versions: which writes they are, and what was written.
pub(crate) fn hash_of(siblings: &Siblings<Cart>) -> Hash {
    let mut hasher = Md5::new();
    for version in siblings.versions() {
        hasher.update(version.clock.to_string());
        hasher.update(version.value.to_string());
    }
    Hash::from_be_bytes(hasher.finalize().into())
}
