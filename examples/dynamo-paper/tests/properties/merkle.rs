//! Merkle trees.

use std::collections::{BTreeMap, BTreeSet};

use dynamo_paper::merkle::{MerkleTree, differing_keys};
use dynamo_paper::ring::{KeyRange, Position};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::config;

const WHOLE: KeyRange = KeyRange {
    after: Position(0),
    up_to: Position(0),
};

fn values() -> impl Strategy<Value = BTreeMap<Position, u128>> {
    btree_map(any::<u128>().prop_map(Position), 1..4_u128, 0..40)
}

/// The second map is the first with some values changed, added and taken away.
fn pair() -> impl Strategy<Value = (BTreeMap<Position, u128>, BTreeMap<Position, u128>)> {
    (values(), values(), vec(any::<prop::sample::Index>(), 0..6)).prop_map(
        |(base, extra, removed)| {
            let mut other = base.clone();
            other.extend(extra.into_iter().take(5));
            for index in removed {
                let keys: Vec<_> = other.keys().copied().collect();
                if !keys.is_empty() {
                    other.remove(&keys[index.index(keys.len())]);
                }
            }
            (base, other)
        },
    )
}

fn brute_force(a: &BTreeMap<Position, u128>, b: &BTreeMap<Position, u128>) -> Vec<Position> {
    let keys: BTreeSet<_> = a.keys().chain(b.keys()).copied().collect();
    keys.into_iter()
        .filter(|key| a.get(key) != b.get(key))
        .collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn roots_are_equal_when_and_only_when_the_maps_are((a, b) in pair(), height in 0..8_u32) {
        let roots = [&a, &b].map(|map| MerkleTree::over(WHOLE, height, map).root());
        prop_assert_eq!(roots[0] == roots[1], a == b);
    }

    #[test]
    fn the_difference_equals_brute_force((a, b) in pair(), height in 0..8_u32) {
        prop_assert_eq!(differing_keys(WHOLE, height, &a, &b), brute_force(&a, &b));
    }

    #[test]
    fn a_comparison_looks_at_1_plus_2dh_hashes_at_most((a, b) in pair(), height in 0..8_u32) {
        let [a, b] = [&a, &b].map(|map| MerkleTree::over(WHOLE, height, map));
        let difference = a.compare(&b);
        let bound = 1 + 2 * difference.leaves.len() * height as usize;
        prop_assert!(difference.compared <= bound, "{difference:?}");
    }

    #[test]
    fn what_was_synchronised_needs_no_synchronising((a, b) in pair(), height in 0..8_u32) {
        let mut synchronised = a.clone();
        for key in differing_keys(WHOLE, height, &a, &b) {
            match b.get(&key) {
                Some(value) => synchronised.insert(key, *value),
                None => synchronised.remove(&key),
            };
        }
        prop_assert_eq!(&synchronised, &b);
        prop_assert!(differing_keys(WHOLE, height, &synchronised, &b).is_empty());
    }
}
