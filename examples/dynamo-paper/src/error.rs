//! What can go wrong.

use crate::node_id::NodeId;

/// A result with this crate's error.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a request was refused. The message says what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// N, R and W do not fit each other.
    #[error("R = {r} and W = {w} must each be from 1 to N = {n}")]
    Quorum {
        /// How many nodes hold a key.
        n: usize,
        /// How many must answer a read.
        r: usize,
        /// How many must answer a write.
        w: usize,
    },

    /// A cluster without enough nodes to keep N replicas.
    #[error("{nodes} nodes cannot hold N = {n} replicas: take at least {n} nodes")]
    TooFewNodes {
        /// How many nodes there are.
        nodes: usize,
        /// How many nodes hold a key.
        n: usize,
    },

    /// A node without a token holds nothing.
    #[error("a node needs at least one token")]
    NoTokens,

    /// The cluster has no such node.
    #[error("there is no node {0}")]
    NoSuchNode(NodeId),

    /// The partitions cannot be shared out equally.
    #[error("{partitions} partitions are fewer than {nodes} nodes: every node needs one")]
    TooFewPartitions {
        /// Q.
        partitions: usize,
        /// S.
        nodes: usize,
    },

    /// The replicas still differ although everything was healed.
    #[error("after {seconds} s without faults the cluster is not at rest: {reason}")]
    NotSettled {
        /// Virtual seconds since the faults ended.
        seconds: u64,
        /// The first thing found amiss.
        reason: String,
    },

    /// A figure that does not exist.
    #[error("there is no figure `{name}`: choose one of {known}")]
    NoSuchFigure {
        /// What was asked for.
        name: String,
        /// All names.
        known: String,
    },

    /// A figure could not be drawn.
    #[error("figure {name} cannot be drawn: {reason}")]
    Drawing {
        /// The figure.
        name: String,
        /// What the drawing library said.
        reason: String,
    },
}
