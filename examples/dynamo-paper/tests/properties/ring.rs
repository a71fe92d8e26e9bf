//! Consistent hashing, and partitions of equal size.

use std::collections::BTreeSet;

use dynamo_paper::node_id::NodeId;
use dynamo_paper::partitioning::EqualPartitions;
use dynamo_paper::random::Random;
use dynamo_paper::ring::{Position, Ring};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::config;

fn node() -> impl Strategy<Value = NodeId> {
    (0..5_u32).prop_map(NodeId::new)
}

/// Places that are close together, so that some are equal.
fn position() -> impl Strategy<Value = Position> {
    prop_oneof![
        3 => (0..60_u128).prop_map(Position),
        1 => any::<u128>().prop_map(Position),
        1 => (0..60_u128).prop_map(|below| Position(u128::MAX - below)),
    ]
}

fn tokens() -> impl Strategy<Value = Vec<(Position, NodeId)>> {
    vec((position(), node()), 1..30)
}

/// The first token clockwise, found by looking at all of them.
fn scan(tokens: &[(Position, NodeId)], key: Position) -> Option<NodeId> {
    let behind = tokens.iter().filter(|token| token.0 >= key).min();
    behind.or(tokens.iter().min()).map(|token| token.1)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn lookup_equals_a_linear_scan(tokens in tokens(), key in position()) {
        let ring: Ring = tokens.iter().copied().collect();
        prop_assert_eq!(ring.owner(key), scan(&tokens, key));
        prop_assert_eq!(ring.tokens_from(key).next(), scan(&tokens, key));
    }

    #[test]
    fn lookup_among_many_tokens_equals_a_linear_scan(
        few in tokens(), many in vec(any::<u128>(), 2100..2500), key in position()
    ) {
        let many = many.into_iter().map(|place| (Position(place), NodeId::new(0)));
        let tokens: Vec<_> = few.into_iter().chain(many).collect();
        let ring: Ring = tokens.iter().copied().collect();
        for key in [key, tokens[0].0, tokens[tokens.len() - 1].0, Position(u128::MAX)] {
            prop_assert_eq!(ring.owner(key), scan(&tokens, key));
        }
    }

    #[test]
    fn ranges_partition_the_ring(tokens in tokens(), key in position()) {
        let ring: Ring = tokens.into_iter().collect();
        let ranges = ring.ranges();
        let around: Vec<_> = ranges.iter().filter(|range| range.contains(key)).collect();
        prop_assert_eq!(around.len(), 1);
        prop_assert_eq!(ring.owner(around[0].up_to), ring.owner(key));
        let whole: f64 = ranges.iter().map(|range| range.share()).sum();
        prop_assert!((whole - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_preference_list_is_n_distinct_nodes(tokens in tokens(), key in position(), n in 1..6_usize) {
        let nodes: BTreeSet<_> = tokens.iter().map(|token| token.1).collect();
        let ring: Ring = tokens.into_iter().collect();
        let list = ring.preference_list(key, n);
        let distinct: BTreeSet<_> = list.iter().collect();
        prop_assert_eq!(distinct.len(), list.len());
        prop_assert_eq!(list.len(), n.min(nodes.len()));
    }

    #[test]
    fn a_join_moves_keys_only_to_the_newcomer(
        tokens in tokens(), places in vec(position(), 1..8), keys in vec(position(), 20),
    ) {
        let before: Ring = tokens.into_iter().collect();
        let newcomer = NodeId::new(9);
        let mut after = before.clone();
        after.join(newcomer, places);
        for key in keys {
            let now = after.owner(key);
            prop_assert!(now == before.owner(key) || now == Some(newcomer));
            let had = before.preference_list(key, 3);
            let has = after.preference_list(key, 3);
            prop_assert!(has.iter().all(|node| had.contains(node) || *node == newcomer));
        }
    }

    #[test]
    fn a_join_and_a_leave_are_the_identity(tokens in tokens(), places in vec(position(), 1..8)) {
        let before: Ring = tokens.into_iter().collect();
        let mut after = before.clone();
        after.join(NodeId::new(9), places);
        after.leave(NodeId::new(9));
        prop_assert_eq!(after, before);
    }

    #[test]
    fn the_order_of_joining_is_irrelevant(tokens in tokens(), seed in any::<u64>()) {
        let ring: Ring = tokens.iter().copied().collect();
        let mut shuffled = tokens;
        Random::seeded(seed).shuffle(&mut shuffled);
        let mut other = Ring::default();
        for (position, node) in shuffled {
            other.join(node, [position]);
        }
        prop_assert_eq!(other, ring);
    }

    #[test]
    fn equal_partitions_stay_q_over_s(
        nodes in 1..8_usize, each in 2..12_usize, seed in any::<u64>(),
    ) {
        let mut random = Random::seeded(seed);
        let mut table = EqualPartitions::dealt(nodes, nodes * each, &mut random).unwrap();
        prop_assert!(table.counts().values().all(|count| *count == each));

        let before = table.clone();
        let newcomer = NodeId::new(90);
        table.join(newcomer, &mut random);
        let moved = before.owners().iter().zip(table.owners()).filter(|(was, is)| was != is);
        prop_assert!(moved.clone().all(|(_, is)| *is == newcomer));
        prop_assert!(spread(&table) <= 1);

        table.leave(newcomer, &mut random);
        prop_assert!(table.counts().values().all(|count| *count == each));
    }
}

fn spread(table: &EqualPartitions) -> usize {
    let counts = table.counts();
    let most = counts.values().max().copied().unwrap_or(0);
    most - counts.values().min().copied().unwrap_or(0)
}
