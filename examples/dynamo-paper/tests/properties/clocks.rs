//! Version vectors.

use std::cmp::Ordering;

use dynamo_paper::node_id::NodeId;
use dynamo_paper::version_vector::VersionVector;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::config;

fn node() -> impl Strategy<Value = NodeId> {
    (0..5_u32).prop_map(NodeId::new)
}

fn vector() -> impl Strategy<Value = VersionVector> {
    vec((node(), 0..4_u64), 0..6).prop_map(VersionVector::new)
}

fn merged(a: &VersionVector, b: &VersionVector) -> VersionVector {
    let mut merged = a.clone();
    merged.merge(b);
    merged
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn order_is_partial(a in vector(), b in vector(), c in vector()) {
        prop_assert_eq!(a.partial_cmp(&a), Some(Ordering::Equal));
        prop_assert_eq!(a.partial_cmp(&b).map(Ordering::reverse), b.partial_cmp(&a));
        prop_assert_eq!(a.partial_cmp(&b) == Some(Ordering::Equal), a == b);
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
    }

    #[test]
    fn merging_is_commutative_associative_and_idempotent(
        a in vector(), b in vector(), c in vector(),
    ) {
        prop_assert_eq!(merged(&a, &b), merged(&b, &a));
        prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
        prop_assert_eq!(merged(&a, &a), a);
    }

    #[test]
    fn merged_is_the_least_upper_bound(a in vector(), b in vector(), c in vector()) {
        let bound = merged(&a, &b);
        prop_assert!(a <= bound && b <= bound);
        if a <= c && b <= c {
            prop_assert!(bound <= c);
        }
    }

    #[test]
    fn an_increment_strictly_dominates(before in vector(), node in node()) {
        let mut after = before.clone();
        after.increment(node);
        prop_assert!(before < after);
    }
}
