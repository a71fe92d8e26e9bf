//! The update that the paper's clock loses, and what does not lose it.

use dynamo_paper::cart::Cart;
use dynamo_paper::cluster::{Answer, Cluster, Request, Settings};
use dynamo_paper::dotted::Clocks;
use dynamo_paper::hinted_handoff::Hints;
use dynamo_paper::key::Key;
use dynamo_paper::node_id::NodeId;
use dynamo_paper::siblings::Siblings;
use dynamo_paper::truncation::TruncatedVector;
use dynamo_paper::version_vector::VersionVector;

const X: NodeId = NodeId::new(23);

/// Two clients read [(X,2)], and both write through X.
fn two_writers(clocks: Clocks) -> Siblings<Cart> {
    let mut at_x = Siblings::new(clocks);
    at_x.write(X, &at_x.context(), Cart::of([]));
    at_x.write(X, &at_x.context(), Cart::of(["milk"]));
    let read = at_x.context();
    assert_eq!(read.to_string(), "[(X,2)]");
    at_x.write(X, &read, Cart::of(["milk", "bread"]));
    at_x.write(X, &read, Cart::of(["milk", "eggs"]));
    at_x
}

#[test]
fn the_plain_clock_loses_the_first_of_two_writes_with_one_context() {
    let left = two_writers(Clocks::Plain);
    assert_eq!(Cart::reconciled(&left), Cart::of(["milk", "eggs"]));
}

#[test]
fn the_dotted_clock_keeps_both_writes() {
    let left = two_writers(Clocks::Dotted);
    assert_eq!(Cart::reconciled(&left), Cart::of(["milk", "bread", "eggs"]));
}

fn two_writers_in_a_cluster(clocks: Clocks) -> Cart {
    let settings = Settings {
        clocks,
        ..Settings::default()
    };
    let mut cluster = Cluster::new(settings, 1).unwrap();
    let key = Key::new("cart");
    let contact = cluster.homes(NodeId::new(0), &key).unwrap()[0];
    for item in ["bread", "eggs"] {
        let context = VersionVector::default();
        let cart = Cart::of([item]);
        let answer = cluster.ask_and_wait(contact, &key, Request::Put { context, cart });
        assert!(matches!(answer, Answer::Written(_)), "{answer:?}");
    }
    match cluster.ask_and_wait(contact, &key, Request::Get) {
        Answer::Read(versions) => Cart::reconciled(&versions),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cluster_with_plain_clocks_forgets_a_write_that_it_acknowledged() {
    let cart = two_writers_in_a_cluster(Clocks::Plain);
    assert_eq!(cart, Cart::of(["eggs"]));
}

#[test]
fn a_cluster_with_dotted_clocks_forgets_none() {
    let cart = two_writers_in_a_cluster(Clocks::Dotted);
    assert_eq!(cart, Cart::of(["bread", "eggs"]));
}

#[test]
fn an_item_that_was_taken_out_comes_back_from_the_other_sibling() {
    let [y, z] = [24, 25].map(NodeId::new);
    let mut at_y = Siblings::new(Clocks::Dotted);
    at_y.write(y, &VersionVector::default(), Cart::of(["milk", "bread"]));
    let read = at_y.context();
    let mut at_z = at_y.clone();
    let mut without_milk = Cart::reconciled(&at_y);
    without_milk.remove("milk");
    at_y.write(y, &read, without_milk);
    at_z.write(z, &read, Cart::of(["milk", "bread", "eggs"]));
    at_y.merge(&at_z);
    assert_eq!(Cart::reconciled(&at_y), Cart::of(["milk", "bread", "eggs"]));
}

#[test]
fn a_counter_that_began_again_after_truncation_would_hide_a_write() {
    let [y, z] = [24, 25].map(NodeId::new);
    let limit = 1;
    let mut first = TruncatedVector::default();
    first.write(y, 1, 1, limit);
    // Z cuts Y's pair off; Y, which took its counter from the vector, counts from 1 again.
    let mut second = first.clone();
    second.write(z, 1, 2, limit);
    let mut third = second.clone();
    third.write(y, 1, 3, limit);
    assert_eq!(third.vector(), first.vector(), "two writes bear one name");
    third.write(y, 2, 3, limit);
    assert_ne!(third.vector(), first.vector());
}

#[test]
fn a_hint_that_grew_while_it_was_under_way_is_kept() {
    let key = Key::new("cart");
    let home = NodeId::new(1);
    let mut siblings = Siblings::new(Clocks::Dotted);
    siblings.write(X, &VersionVector::default(), Cart::of(["milk"]));
    let mut hints = Hints::default();
    hints.keep(home, &key, &siblings);
    let sent = siblings.clone();

    siblings.write(X, &VersionVector::default(), Cart::of(["bread"]));
    hints.keep(home, &key, &siblings);
    hints.delivered(home, &key, &sent);
    assert_eq!(hints.len(), 1);
    hints.delivered(home, &key, &siblings);
    assert!(hints.is_empty());
}
