//! Versions that no other version replaces.

use std::collections::BTreeSet;

use dynamo_paper::dotted::Clocks;
use dynamo_paper::node_id::NodeId;
use dynamo_paper::siblings::Siblings;
use dynamo_paper::version_vector::VersionVector;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::config;

/// A write at a replica with the context of an earlier moment, or a merge from another replica.
#[derive(Clone, Debug)]
enum Move {
    Read { at: usize, client: usize },
    Write { at: usize, client: usize },
    Merge { from: usize, into: usize },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        (0..3_usize, 0..3_usize).prop_map(|(at, client)| Move::Read { at, client }),
        (0..3_usize, 0..3_usize).prop_map(|(at, client)| Move::Write { at, client }),
        (0..3_usize, 0..3_usize).prop_map(|(from, into)| Move::Merge { from, into }),
    ];
    vec(one, 0..40)
}

/// Three replicas and three clients. A value is the set of all writes that it includes.
fn play(clocks: Clocks, moves: &[Move]) -> (Vec<Siblings<BTreeSet<u32>>>, u32) {
    let mut replicas = vec![Siblings::new(clocks); 3];
    let mut clients = vec![(VersionVector::default(), BTreeSet::new()); 3];
    let mut written = 0;
    for one in moves {
        match *one {
            Move::Read { at, client } => {
                let seen = replicas[at].values().flatten().copied().collect();
                clients[client] = (replicas[at].context(), seen);
            }
            Move::Write { at, client } => {
                let (context, mut value) = clients[client].clone();
                value.insert(written);
                written += 1;
                replicas[at].write(NodeId::new(at as u32), &context, value);
            }
            Move::Merge { from, into } => {
                let from = replicas[from].clone();
                replicas[into].merge(&from);
            }
        }
    }
    (replicas, written)
}

fn all_merged(replicas: &[Siblings<BTreeSet<u32>>]) -> Siblings<BTreeSet<u32>> {
    let mut merged = replicas[0].clone();
    replicas[1..].iter().for_each(|other| {
        merged.merge(other);
    });
    merged
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn are_an_antichain(moves in moves(), plain in any::<bool>()) {
        let clocks = if plain { Clocks::Plain } else { Clocks::Dotted };
        for siblings in play(clocks, &moves).0 {
            let versions = siblings.versions();
            for one in versions {
                for other in versions {
                    prop_assert!(!one.clock.is_obsolete_beside(&other.clock, clocks));
                }
            }
        }
    }

    #[test]
    fn dotted_clocks_lose_no_write(moves in moves()) {
        let (replicas, written) = play(Clocks::Dotted, &moves);
        let found: BTreeSet<u32> = all_merged(&replicas).values().flatten().copied().collect();
        prop_assert_eq!(found, (0..written).collect());
    }

    #[test]
    fn merging_in_any_order_gives_the_same(moves in moves()) {
        let (mut replicas, _) = play(Clocks::Dotted, &moves);
        let merged = all_merged(&replicas);
        replicas.reverse();
        prop_assert_eq!(all_merged(&replicas), merged.clone());
        let mut again = merged.clone();
        prop_assert!(!again.merge(&merged), "merging what is held changes nothing");
    }
}

/// Without this the test above could be one that cannot fail.
#[test]
fn plain_clocks_lose_a_write_in_the_same_test() {
    let moves = [
        Move::Write { at: 0, client: 0 },
        Move::Write { at: 0, client: 1 },
    ];
    let (replicas, written) = play(Clocks::Plain, &moves);
    let found = all_merged(&replicas).values().flatten().count();
    assert_eq!((written, found), (2, 1));
}
