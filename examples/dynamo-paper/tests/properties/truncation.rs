//! Clocks of which the oldest pair is cut off.

use dynamo_paper::node_id::NodeId;
use dynamo_paper::truncation::TruncatedVector;
use dynamo_paper::version_vector::VersionVector;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::config;

proptest! {
    #![proptest_config(config())]

    /// Each node writes on top of its own last version and one more that it has read.
    #[test]
    fn truncated_clocks_report_more_conflicts_and_no_false_dominance(
        history in vec((0..6_usize, 0..6_usize), 1..30), limit in 1..6_usize,
    ) {
        let mut last = vec![(TruncatedVector::default(), VersionVector::default()); 6];
        let mut versions = Vec::new();
        for (now, (writer, read)) in (1..).zip(history) {
            let node = NodeId::new(writer as u32);
            let (mut cut, mut whole) = last[writer].clone();
            cut.merge(&last[read].0);
            whole.merge(&last[read].1);
            whole.increment(node);
            cut.write(node, whole.get(node), now, limit);
            last[writer] = (cut.clone(), whole.clone());
            versions.push((cut.vector(), whole));
        }
        for (cut, whole) in &versions {
            prop_assert!(cut.pairs().len() <= limit);
            for (other_cut, other_whole) in &versions {
                if cut < other_cut {
                    prop_assert!(whole < other_whole, "{cut} and {other_cut}");
                }
            }
        }
    }
}

#[test]
fn a_pair_that_was_cut_off_makes_a_descendant_look_concurrent() {
    let [a, b] = [0, 1].map(NodeId::new);
    let mut parent = TruncatedVector::default();
    parent.write(a, 1, 1, 1);
    let mut child = parent.clone();
    child.write(b, 1, 2, 1);
    assert_eq!(parent.vector().partial_cmp(&child.vector()), None);
}
