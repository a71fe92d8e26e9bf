//! What the papers print and arithmetic decides.

use dynamo_paper::cart::Cart;
use dynamo_paper::dotted::Clocks;
use dynamo_paper::node_id::NodeId;
use dynamo_paper::provisioned::{cold_cache_factor, partition_share};
use dynamo_paper::quorum::{Quorum, single_node_percentile};
use dynamo_paper::ring::{KeyRange, Position, Ring};
use dynamo_paper::siblings::Siblings;
use dynamo_paper::version_vector::VersionVector;

const N: usize = 3;

/// Figure 2: nodes A to G, one token each, a hundred apart.
fn figure_2() -> Ring {
    (0..7)
        .map(|node| (Position(100 * (u128::from(node) + 1)), NodeId::new(node)))
        .collect()
}

fn node(letter: char) -> NodeId {
    NodeId::new(letter as u32 - 'A' as u32)
}

/// The range from one node's token to another's.
fn range(after: char, up_to: char) -> KeyRange {
    let token = |letter| Position(100 * (letter as u128 - 'A' as u128 + 1));
    KeyRange {
        after: token(after),
        up_to: token(up_to),
    }
}

#[test]
fn md5_is_the_md5_of_rfc_1321() {
    let digests = [
        ("", "d41d8cd98f00b204e9800998ecf8427e"),
        ("a", "0cc175b9c0f1b6a831c399e269772661"),
        ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ];
    for (key, digest) in digests {
        assert_eq!(Position::of(key).to_string(), digest);
    }
}

#[test]
fn in_figure_2_node_d_stores_the_ranges_from_a_to_d() {
    let ranges = figure_2().ranges_held_by(node('D'), N);
    assert_eq!(ranges, [range('A', 'B'), range('B', 'C'), range('C', 'D')]);
}

#[test]
fn in_figure_2_key_k_between_a_and_b_is_on_b_c_and_d() {
    let nodes = figure_2().preference_list(Position(150), N);
    assert_eq!(nodes, [node('B'), node('C'), node('D')]);
}

/// Section 4.9: "when a new node (say X) is added into the system shown in figure 2 between A and
/// B".
#[test]
fn a_node_between_a_and_b_takes_three_ranges_which_b_c_and_d_drop() {
    let (before, mut after) = (figure_2(), figure_2());
    let (x, place) = (node('X'), Position(150));
    after.join(x, [place]);
    let from_a_to_x = KeyRange {
        after: Position(100),
        up_to: place,
    };
    let taken = after.ranges_held_by(x, N);
    assert_eq!(taken, [range('G', 'A'), from_a_to_x, range('F', 'G')]);
    for (letter, dropped) in [
        ('B', range('F', 'G')),
        ('C', range('G', 'A')),
        ('D', from_a_to_x),
    ] {
        let held = |ring: &Ring| ring.ranges_held_by(node(letter), N);
        let holds = |ring: &Ring| {
            let mut held = held(ring).into_iter();
            held.any(|range| range.contains(dropped.up_to))
        };
        assert!(holds(&before) && !holds(&after), "{letter}");
    }
}

#[test]
fn figure_3_is_reproduced_step_by_step() {
    let [x, y, z] = ['X', 'Y', 'Z'].map(node);
    let vector = |siblings: &Siblings<Cart>| siblings.versions()[0].clock.vector();
    for clocks in [Clocks::Plain, Clocks::Dotted] {
        let mut at_x = Siblings::new(clocks);
        at_x.write(x, &VersionVector::default(), Cart::of(["D1"]));
        let d1 = vector(&at_x);
        at_x.write(x, &at_x.context(), Cart::of(["D2"]));
        let d2 = vector(&at_x);

        let (mut at_y, mut at_z) = (at_x.clone(), at_x.clone());
        at_y.write(y, &at_x.context(), Cart::of(["D3"]));
        at_z.write(z, &at_x.context(), Cart::of(["D4"]));
        let (d3, d4) = (vector(&at_y), vector(&at_z));

        at_x.merge(&at_y);
        at_x.merge(&at_z);
        assert_eq!(at_x.versions().len(), 2, "D3 and D4 are siblings");
        assert_eq!(at_x.context().to_string(), "[(X,2),(Y,1),(Z,1)]");
        at_x.write(x, &at_x.context(), Cart::of(["D5"]));
        let d5 = vector(&at_x);

        let shown = [&d1, &d2, &d3, &d4, &d5].map(ToString::to_string);
        let printed = [
            "[(X,1)]",
            "[(X,2)]",
            "[(X,2),(Y,1)]",
            "[(X,2),(Z,1)]",
            "[(X,3),(Y,1),(Z,1)]",
        ];
        assert_eq!(shown, printed);
        assert!(d1 < d2 && d2 < d3 && d2 < d4);
        assert_eq!(d3.partial_cmp(&d4), None);
        assert!(
            [&d1, &d2, &d3, &d4]
                .into_iter()
                .all(|earlier| earlier < &d5)
        );
        assert_eq!(at_x.versions().len(), 1, "D5 replaces both");
    }
}

#[test]
fn a_strict_quorum_refuses_a_write_when_two_of_three_are_down() {
    let p = 0.05_f64;
    let formula = 3.0 * p.powi(2) * (1.0 - p) + p.powi(3);
    assert!((Quorum::default().strict_write_refused(p) - formula).abs() < 1e-15);
    assert!((formula - 0.00725).abs() < 1e-15);
}

#[test]
fn percentiles_of_two_of_three_answers_are_those_of_one_at_a_lower_share() {
    for (k, share) in [(1, 0.9), (2, 0.98163), (3, 0.99967)] {
        let found = single_node_percentile(k, 3, 0.999);
        assert!((found - share).abs() < 0.00001, "{k} of 3: {found}");
    }
}

#[test]
fn a_quorum_of_nobody_or_of_more_than_n_is_refused() {
    for (r, w) in [(0, 2), (2, 0), (4, 2), (2, 4)] {
        let error = Quorum::new(3, r, w).unwrap_err().to_string();
        assert_eq!(
            error,
            format!("R = {r} and W = {w} must each be from 1 to N = 3")
        );
    }
}

#[test]
fn the_shares_of_atc_2022_are_right_but_for_one() {
    let examples = [(3200.0, 4, 800.0), (3600.0, 4, 900.0), (6000.0, 8, 750.0)];
    for (table, partitions, printed) in examples {
        assert_eq!(partition_share(table, partitions), printed);
    }
    let printed = 675.0;
    assert_eq!(partition_share(5000.0, 8), 625.0);
    assert_ne!(partition_share(5000.0, 8), printed, "the paper's slip");
}

#[test]
fn an_empty_cache_that_hits_99_75_percent_lets_400_times_as_much_through() {
    assert!((cold_cache_factor(0.9975) - 400.0).abs() < 1e-9);
}

#[test]
fn the_shares_of_section_6_3_do_not_add_up_to_100() {
    let sum: f64 = [99.94, 0.00057, 0.00047, 0.00009].iter().sum();
    assert!((sum - 99.94113).abs() < 1e-9);
}

#[test]
fn the_means_of_table_2_do_not_fall_by_3_to_4_milliseconds() {
    let falls = [3.9 - 1.55, 4.02 - 1.9];
    assert!(falls.iter().all(|fall: &f64| *fall > 2.1 && *fall < 2.4));
}
