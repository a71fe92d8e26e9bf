//! What the chapters show as output.
//!
//! `SNAPSHOTS=overwrite cargo test -p dynamo-paper --test outputs` writes the snapshots anew.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

use dynamo_paper::cart::Cart;
use dynamo_paper::dotted::Clocks;
use dynamo_paper::figures::SEED;
use dynamo_paper::key::Key;
use dynamo_paper::latency::{Times, client_driven, server_driven};
use dynamo_paper::merkle::MerkleTree;
use dynamo_paper::node_id::NodeId;
use dynamo_paper::quorum::{Quorum, single_node_percentile};
use dynamo_paper::random::Random;
use dynamo_paper::ring::{KeyRange, Position, Ring};
use dynamo_paper::siblings::Siblings;
use dynamo_paper::version_vector::VersionVector;
use snapbox::{Assert, Data, file};

#[track_caller]
fn compare(actual: &str, snapshot: Data) {
    Assert::new().action_env("SNAPSHOTS").eq(actual, snapshot);
}

fn node(letter: char) -> NodeId {
    NodeId::new(letter as u32 - 'A' as u32)
}

/// Lines of which the first column is as wide as its widest entry.
fn columns(rows: &[(String, String)]) -> String {
    let width = rows.iter().map(|row| row.0.len()).max().unwrap_or(0);
    let lines = rows
        .iter()
        .map(|(left, right)| format!("{left:width$}  {right}\n"));
    lines.collect()
}

#[test]
fn keys_that_move_when_a_seventh_node_joins() {
    // ANCHOR: moved
    let keys: Vec<Position> = (0..10_000)
        .map(|key| Position::of(format!("user/{key}")))
        .collect();
    let by_remainder = keys.iter().filter(|key| key.0 % 6 != key.0 % 7).count();

    let tokens = |node: NodeId| (0..50).map(move |token| Position::of_token(node, token));
    let mut ring = Ring::default();
    (0..6)
        .map(NodeId::new)
        .for_each(|node| ring.join(node, tokens(node)));
    let before = ring.clone();
    ring.join(NodeId::new(6), tokens(NodeId::new(6)));
    let on_the_ring = keys
        .iter()
        .filter(|key| ring.owner(**key) != before.owner(**key))
        .count();
    // ANCHOR_END: moved
    let row = |way: &str, moved: usize| (way.to_owned(), format!("{moved:5} of 10000 keys move"));
    let rows = [
        row("hash mod nodes", by_remainder),
        row("ring", on_the_ring),
    ];
    compare(&columns(&rows), file!["snapshots/moved-keys.txt"]);
}

#[test]
fn figure_2_before_and_after_x_joins() {
    let position = |letter: char| {
        Position(match letter {
            'X' => 150,
            letter => 100 * (letter as u128 - 'A' as u128 + 1),
        })
    };
    let mut ring: Ring = ('A'..='G')
        .map(|letter| (position(letter), node(letter)))
        .collect();
    let names: BTreeMap<Position, char> = ('A'..='G')
        .chain(['X'])
        .map(|letter| (position(letter), letter))
        .collect();
    let shown = |ring: &Ring, letter: char| {
        let ranges = ring.ranges_held_by(node(letter), 3).into_iter();
        let shown =
            ranges.map(|range| format!("({},{}]", names[&range.after], names[&range.up_to]));
        shown.collect::<Vec<_>>().join(" ")
    };
    let mut text = String::from("Seven nodes\n");
    for letter in ['B', 'C', 'D'] {
        writeln!(text, "  {letter} holds {}", shown(&ring, letter)).unwrap();
    }
    ring.join(node('X'), [position('X')]);
    text += "X joins between A and B\n";
    for letter in ['X', 'B', 'C', 'D'] {
        writeln!(text, "  {letter} holds {}", shown(&ring, letter)).unwrap();
    }
    compare(&text, file!["snapshots/figure-2.txt"]);
}

#[test]
fn a_cart_that_keeps_the_last_write_only() {
    // ANCHOR: last_writer
    let (mut at_x, mut at_y) = (Cart::of(["milk"]), Cart::of(["milk"]));
    at_x.add("bread");
    at_y.add("eggs");
    // The network is whole again: the later of the two clocks on the wall decides.
    let kept = at_y.clone();
    // ANCHOR_END: last_writer
    let rows = [("at X", at_x), ("at Y", at_y), ("kept", kept)];
    let rows = rows.map(|(what, cart)| (what.to_owned(), cart.to_string()));
    compare(&columns(&rows), file!["snapshots/last-writer-wins.txt"]);
}

#[test]
fn figure_3_step_by_step() {
    let [x, y, z] = ['X', 'Y', 'Z'].map(node);
    let mut text = String::new();
    let mut say = |what: &str, shown: &dyn Display| writeln!(text, "{what:34}{shown}").unwrap();
    // ANCHOR: figure_3
    let mut at_x = Siblings::new(Clocks::Plain);
    at_x.write(x, &VersionVector::default(), "D1");
    say("X writes D1", &at_x.context());
    at_x.write(x, &at_x.context(), "D2");
    say("X writes D2, having read D1", &at_x.context());

    let (mut at_y, mut at_z) = (at_x.clone(), at_x.clone());
    at_y.write(y, &at_x.context(), "D3");
    say("Y writes D3, having read D2", &at_y.context());
    at_z.write(z, &at_x.context(), "D4");
    say("Z writes D4, having read D2", &at_z.context());

    at_x.merge(&at_y);
    at_x.merge(&at_z);
    say("X holds both D3 and D4: context", &at_x.context());
    at_x.write(x, &at_x.context(), "D5");
    say("X writes D5, having read both", &at_x.context());
    // ANCHOR_END: figure_3
    compare(&text, file!["snapshots/figure-3.txt"]);
}

#[test]
fn the_lost_update_under_both_clocks() {
    let x = node('X');
    let mut text = String::new();
    for clocks in [Clocks::Plain, Clocks::Dotted] {
        writeln!(text, "{clocks:?}").unwrap();
        // ANCHOR: stale
        let mut at_x = Siblings::new(clocks);
        at_x.write(x, &at_x.context(), Cart::of([]));
        at_x.write(x, &at_x.context(), Cart::of(["milk"]));
        let read = at_x.context();
        at_x.write(x, &read, Cart::of(["milk", "bread"]));
        at_x.write(x, &read, Cart::of(["milk", "eggs"]));
        // ANCHOR_END: stale
        for version in at_x.versions() {
            let clock = match clocks {
                Clocks::Plain => version.clock.vector().to_string(),
                Clocks::Dotted => version.clock.to_string(),
            };
            writeln!(text, "  {clock:14} {}", version.value).unwrap();
        }
        writeln!(text, "  in the cart    {}", Cart::reconciled(&at_x)).unwrap();
    }
    compare(&text, file!["snapshots/lost-update.txt"]);
}

#[test]
fn an_item_that_comes_back() {
    let [x, y] = ['X', 'Y'].map(node);
    // ANCHOR: comes_back
    let mut at_x = Siblings::new(Clocks::Dotted);
    at_x.write(x, &at_x.context(), Cart::of(["bread", "milk"]));
    let read = at_x.context();
    let mut at_y = at_x.clone();
    at_x.write(x, &read, Cart::of(["bread"]));
    at_y.write(y, &read, Cart::of(["bread", "eggs", "milk"]));
    at_x.merge(&at_y);
    // ANCHOR_END: comes_back
    let mut rows: Vec<(String, String)> = at_x
        .versions()
        .iter()
        .map(|version| {
            (
                format!("version {}", version.clock),
                version.value.to_string(),
            )
        })
        .collect();
    rows.push((
        "the customer sees".into(),
        Cart::reconciled(&at_x).to_string(),
    ));
    compare(&columns(&rows), file!["snapshots/item-comes-back.txt"]);
}

#[test]
fn writes_that_are_refused() {
    let mut text = String::from("down      strict      sloppy, 30 nodes\n");
    for down in [0.01, 0.05, 0.1] {
        // ANCHOR: refused
        let strict = Quorum::default().strict_write_refused(down);
        let sloppy = Quorum::new(30, 2, 2).unwrap().strict_write_refused(down);
        // ANCHOR_END: refused
        writeln!(
            text,
            "{:3.0} %   {strict:8.5}   {sloppy:18.0e}",
            100.0 * down
        )
        .unwrap();
    }
    compare(&text, file!["snapshots/refused-writes.txt"]);
}

#[test]
fn percentiles_of_quorums() {
    let mut text = String::new();
    for k in 1..=3 {
        let share = 100.0 * single_node_percentile(k, 3, 0.999);
        writeln!(
            text,
            "fastest {k} of 3: as slow as one node's {share:.3}th percentile"
        )
        .unwrap();
    }
    compare(&text, file!["snapshots/percentiles.txt"]);
}

#[test]
fn what_a_merkle_tree_saves() {
    let range = KeyRange {
        after: Position(0),
        up_to: Position(0),
    };
    let keys = || (0..10_000).map(|key| Key::new(&format!("user/{key}")).position());
    let mut text = String::from("differing keys   hashes compared   most: 1 + 2dh\n");
    for differing in [0, 1, 10, 100] {
        // ANCHOR: saves
        let ours: BTreeMap<Position, u128> = keys().map(|key| (key, 1)).collect();
        let mut theirs = ours.clone();
        theirs
            .values_mut()
            .step_by(97)
            .take(differing)
            .for_each(|value| *value = 2);
        let trees = [&ours, &theirs].map(|values| MerkleTree::over(range, 14, values));
        let difference = trees[0].compare(&trees[1]);
        // ANCHOR_END: saves
        let most = 1 + 2 * difference.leaves.len() * 14;
        writeln!(
            text,
            "{differing:14}   {:15}   {most:13}",
            difference.compared
        )
        .unwrap();
    }
    compare(&text, file!["snapshots/merkle-saves.txt"]);
}

#[test]
fn table_2_beside_the_model() {
    let mut random = Random::seeded(SEED);
    let client: Times = (0..1_000_000).map(|_| client_driven(&mut random)).collect();
    let server: Times = (0..1_000_000).map(|_| server_driven(&mut random)).collect();

    let mut text = String::from("reads, ms        mean   paper   99.9 %   paper\n");
    for (what, times, mean, tail) in [
        ("server-driven", server, 3.9, 68.9),
        ("client-driven", client, 1.55, 30.4),
    ] {
        let (ours, our_tail) = (times.mean(), times.percentile(0.999));
        writeln!(
            text,
            "{what:13} {ours:7.2} {mean:7.2} {our_tail:8.1} {tail:7.1}"
        )
        .unwrap();
        assert!((ours - mean).abs() < 0.1 && (our_tail - tail).abs() < 8.0);
    }
    compare(&text, file!["snapshots/table-2.txt"]);
}
