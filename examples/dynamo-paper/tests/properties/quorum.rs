//! Strict quorums, and sloppy ones.

use std::collections::BTreeSet;

use dynamo_paper::hinted_handoff::{Target, targets};
use dynamo_paper::node_id::NodeId;
use dynamo_paper::quorum::Quorum;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::config;

/// All ways to take `k` of `n` nodes, each as a set of bits.
fn choices(n: usize, k: usize) -> impl Iterator<Item = u32> {
    (0..1_u32 << n).filter(move |set| set.count_ones() as usize == k)
}

#[test]
fn every_read_meets_every_write_when_and_only_when_r_and_w_exceed_n() {
    for n in 1..=6 {
        for (r, w) in (1..=n).flat_map(|r| (1..=n).map(move |w| (r, w))) {
            let meet = |read: u32| choices(n, w).all(|write| read & write != 0);
            let quorum = Quorum::new(n, r, w).unwrap();
            assert_eq!(choices(n, r).all(meet), quorum.overlaps(), "{n} {r} {w}");
        }
    }
}

/// B and C are away while A writes: D and E hold the replicas. Then B and C are back, and a
/// read asks them.
#[test]
fn a_sloppy_quorum_can_be_stale_although_r_and_w_exceed_n() {
    let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(NodeId::new);
    let quorum = Quorum::default();
    assert!(quorum.overlaps());
    let nodes = [a, b, c, d, e];
    let written = targets(&nodes, quorum.n(), |node| node != b && node != c);
    let read = [b, c];
    assert!(!written.iter().any(|target| read.contains(&target.node)));
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn each_home_that_is_away_has_one_stand_in(n in 1..4_usize, down in vec(any::<bool>(), 8)) {
        let nodes: Vec<NodeId> = (0..8).map(NodeId::new).collect();
        let up = |node: NodeId| !down[node.index()];
        let asked: Vec<Target> = targets(&nodes, n, up);
        let distinct: BTreeSet<_> = asked.iter().map(|target| target.node).collect();
        prop_assert_eq!(distinct.len(), asked.len());
        prop_assert_eq!(asked.len(), n.min(nodes.iter().filter(|node| up(**node)).count()));
        for target in asked {
            prop_assert!(up(target.node));
            let home = target.instead_of.unwrap_or(target.node);
            prop_assert!(home.index() < n && up(home) == target.instead_of.is_none());
        }
    }
}
