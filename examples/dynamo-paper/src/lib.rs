//! The algorithms of the Dynamo paper, deterministic, and its figures computed again.
//!
//! "Section" means a section of DeCandia et al., "Dynamo: Amazon's Highly Available Key-value
//! Store", SOSP 2007. Each technique of its Table 1 is a module:
//!
//! | problem | technique | module |
//! |---|---|---|
//! | partitioning | consistent hashing | [`ring`], [`partitioning`] |
//! | high availability for writes | vector clocks, reconciled when read | [`version_vector`], [`dotted`], [`siblings`], [`truncation`] |
//! | temporary failures | sloppy quorum and hinted handoff | [`quorum`], [`hinted_handoff`] |
//! | permanent failures | anti-entropy with Merkle trees | [`merkle`] |
//! | membership and failure detection | gossip | [`gossip`], [`failure_detection`] |
//!
//! [`cluster`] joins them, [`cart`] is what they were made for, and [`figures`] computes the
//! paper's figures. No module reads a clock, starts a thread or draws a random number that a seed
//! does not determine.

pub mod admission;
pub mod cart;
pub mod choices;
pub mod cluster;
pub mod dotted;
pub mod error;
pub mod failure_detection;
pub mod figures;
pub mod gossip;
pub mod hinted_handoff;
pub mod key;
pub mod latency;
pub mod merkle;
pub mod node_id;
pub mod partitioning;
pub mod provisioned;
pub mod quorum;
pub mod random;
pub mod ring;
pub mod scenario;
pub mod siblings;
pub mod truncation;
pub mod version_vector;
pub mod write_buffer;
