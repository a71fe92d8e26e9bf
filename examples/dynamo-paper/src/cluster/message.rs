//! What nodes and clients say to each other.

use crate::cart::Cart;
use crate::dotted::Dot;
use crate::gossip::Membership;
use crate::key::Key;
use crate::merkle::MerkleTree;
use crate::node_id::NodeId;
use crate::ring::KeyRange;
use crate::siblings::Siblings;
use crate::version_vector::VersionVector;

/// Virtual milliseconds since the cluster started.
pub type Time = u64;

/// A client's operation, numbered by the cluster.
pub type OperationId = u64;

/// A node's request to another, numbered by the node that asks.
pub(crate) type RequestId = u64;

/// What a client asks for.
#[derive(Clone, Debug)]
pub enum Request {
    /// All versions of a key.
    Get,
    /// A new version of a key, written by a client that had read `context`.
    Put {
        /// What the client had read; empty when it had read nothing.
        context: VersionVector,
        /// The new value.
        cart: Cart,
    },
}

/// What a client is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// R nodes answered, and this is what they hold together.
    Read(Siblings<Cart>),
    /// W nodes hold the new version. The name of the write.
    Written(Dot),
    /// Too few nodes answered. A write may still have reached some.
    Refused,
}

// ANCHOR: message
/// What one node sends to another, or a client to a node.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// A client's operation, for a node that may coordinate it.
    Ask {
        operation: OperationId,
        key: Key,
        request: Request,
        forwarded: bool,
    },
    /// All versions of a key that the sender holds, for the receiver to hold too, or to keep for
    /// the node that a hint names.
    Store {
        key: Key,
        siblings: Siblings<Cart>,
        instead_of: Option<NodeId>,
        request: Option<RequestId>,
    },
    /// The versions are on disk.
    Stored { request: RequestId },
    /// A question for all versions of a key.
    Fetch { key: Key, request: RequestId },
    /// The versions of the key.
    Fetched {
        request: RequestId,
        siblings: Siblings<Cart>,
    },
    /// Who belongs to the ring.
    Gossip {
        membership: Membership,
        answer: bool,
    },
    /// A range of keys as a tree of hashes.
    Compare { range: KeyRange, tree: MerkleTree },
    /// The leaves that differ, and what the sender holds there.
    Differing {
        range: KeyRange,
        leaves: Vec<usize>,
        items: Vec<(Key, Siblings<Cart>)>,
    },
}
// ANCHOR_END: message

impl Message {
    /// A name for the history.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Message::Ask { .. } => "ask",
            Message::Store { .. } => "store",
            Message::Stored { .. } => "stored",
            Message::Fetch { .. } => "fetch",
            Message::Fetched { .. } => "fetched",
            Message::Gossip { .. } => "gossip",
            Message::Compare { .. } => "compare",
            Message::Differing { .. } => "differing",
        }
    }

    /// The key that the message is about.
    pub(crate) fn key(&self) -> Option<&Key> {
        match self {
            Message::Ask { key, .. } | Message::Store { key, .. } | Message::Fetch { key, .. } => {
                Some(key)
            }
            _ => None,
        }
    }

    /// The node for which the receiver keeps what it gets.
    pub(crate) fn hint(&self) -> Option<NodeId> {
        match self {
            Message::Store { instead_of, .. } => *instead_of,
            _ => None,
        }
    }
}

/// What a node wants done after it has handled something.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) messages: Vec<(NodeId, Message)>,
    pub(crate) timeouts: Vec<RequestId>,
    pub(crate) answers: Vec<(OperationId, Answer)>,
}

impl Outbox {
    pub(crate) fn send(&mut self, to: NodeId, message: Message) {
        self.messages.push((to, message));
    }
}
