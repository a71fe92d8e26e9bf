//! The three ways to share out the ring that the paper compares (section 6.2, figures 7 and 8).

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::node_id::NodeId;
use crate::random::Random;
use crate::ring::{Position, Ring, first_distinct};

// ANCHOR: equal
/// The ring cut into Q partitions of equal size.
///
/// A partition is a line in a table and not a place between two tokens: it can be moved, archived
/// or copied as one file whoever its node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EqualPartitions {
    owners: Vec<NodeId>,
}

impl EqualPartitions {
    /// The first `n` distinct nodes from the partition on. A node that is met again is passed over.
    pub fn preference_list(&self, partition: usize, n: usize) -> Vec<NodeId> {
        let (before, after) = self.owners.split_at(partition % self.owners.len());
        first_distinct(after.iter().chain(before).copied(), n)
    }
}
// ANCHOR_END: equal

impl EqualPartitions {
    /// Strategy 3: the partitions are dealt out at random, Q/S to each of the S nodes, give or
    /// take one when S does not divide Q.
    ///
    /// # Errors
    ///
    /// [`Error::TooFewPartitions`] when a node would get none.
    pub fn dealt(nodes: usize, partitions: usize, random: &mut Random) -> Result<EqualPartitions> {
        if nodes == 0 || partitions < nodes {
            return Err(Error::TooFewPartitions { partitions, nodes });
        }
        let node = |partition| NodeId::new((partition % nodes) as u32);
        let mut owners: Vec<NodeId> = (0..partitions).map(node).collect();
        random.shuffle(&mut owners);
        Ok(EqualPartitions { owners })
    }

    /// The node of each partition.
    pub fn owners(&self) -> &[NodeId] {
        &self.owners
    }

    /// How many partitions each node has.
    pub fn counts(&self) -> BTreeMap<NodeId, usize> {
        let mut counts = BTreeMap::new();
        for owner in &self.owners {
            *counts.entry(*owner).or_default() += 1;
        }
        counts
    }

    // ANCHOR: steal
    /// A node that joins takes partitions from the nodes that have most, until its share is Q/S.
    pub fn join(&mut self, node: NodeId, random: &mut Random) {
        let nodes = self.counts().len() + 1;
        for _ in 0..self.owners.len() / nodes {
            let most = self.counts().into_values().max().unwrap_or_default();
            let counts = self.counts();
            let rich = |partition: &usize| {
                let owner = self.owners[*partition];
                owner != node && counts[&owner] == most
            };
            let candidates: Vec<usize> = (0..self.owners.len()).filter(rich).collect();
            if let Some(partition) = random.choose(&candidates) {
                self.owners[*partition] = node;
            }
        }
    }

    /// A node that leaves gives its partitions to the nodes that have fewest.
    pub fn leave(&mut self, node: NodeId, random: &mut Random) {
        let mut counts = self.counts();
        counts.remove(&node);
        let mut given: Vec<usize> = (0..self.owners.len()).collect();
        given.retain(|partition| self.owners[*partition] == node);
        random.shuffle(&mut given);
        for partition in given {
            let Some((poorest, count)) = counts.iter_mut().min_by_key(|(_, count)| **count) else {
                return;
            };
            self.owners[partition] = *poorest;
            *count += 1;
        }
    }
    // ANCHOR_END: steal
}

// ANCHOR: loads
/// What each node holds under strategy 1, as a multiple of the whole key space: T random tokens a
/// node, and partitions between the tokens.
pub fn loads_between_tokens(ring: &Ring, nodes: usize, n: usize) -> Vec<f64> {
    let mut loads = vec![0.0; nodes];
    for (token, range) in ring.ranges().into_iter().enumerate() {
        for node in first_distinct(ring.walk(token), n) {
            loads[node.index()] += range.share();
        }
    }
    loads
}
// ANCHOR_END: loads

// ANCHOR: equal_loads
/// The same under strategy 2: T random tokens a node, and Q partitions of equal size, each held by
/// the first nodes after its end.
pub fn loads_of_equal_partitions(ring: &Ring, q: usize, nodes: usize, n: usize) -> Vec<f64> {
    let mut loads = vec![0.0; nodes];
    for partition in 1..=q as u128 {
        let end = Position((u128::MAX / q as u128) * partition);
        for node in ring.preference_list(end, n) {
            loads[node.index()] += 1.0 / q as f64;
        }
    }
    loads
}

/// The same under strategy 3.
pub fn loads_of_dealt_partitions(table: &EqualPartitions, nodes: usize, n: usize) -> Vec<f64> {
    let mut loads = vec![0.0; nodes];
    let q = table.owners.len();
    for partition in 0..q {
        for node in table.preference_list(partition, n) {
            loads[node.index()] += 1.0 / q as f64;
        }
    }
    loads
}
// ANCHOR_END: equal_loads

// ANCHOR: efficiency
/// "The ratio of average number of requests served by each node to the maximum number of requests
/// served by the hottest node" (section 6.2).
pub fn efficiency(loads: &[f64]) -> f64 {
    let mean = loads.iter().sum::<f64>() / loads.len() as f64;
    mean / loads.iter().copied().fold(0.0, f64::max)
}
// ANCHOR_END: efficiency

/// The ring on which each node has T tokens anywhere.
pub fn random_ring(nodes: usize, tokens: usize, random: &mut Random) -> Ring {
    let node_of = |token| NodeId::new((token % nodes) as u32);
    (0..nodes * tokens)
        .map(|token| (random.position(), node_of(token)))
        .collect()
}
