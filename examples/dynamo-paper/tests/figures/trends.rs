//! The figures show what the paper says of them, and no more is asserted than it supports.

use dynamo_paper::figures::{Figure, SEED};
use dynamo_paper::gossip::{Membership, rounds_to_reach_all};
use dynamo_paper::node_id::NodeId;
use dynamo_paper::random::Random;
use dynamo_paper::write_buffer::{CAPACITY, Disk, arrivals};

use crate::figure;

/// The values of a series, in the order of x.
fn ys(figure: &Figure, series: &str) -> Vec<f64> {
    let points = figure
        .series(series)
        .unwrap_or_else(|| panic!("no {series}"));
    points.iter().map(|point| point.1).collect()
}

fn highest(values: &[f64]) -> usize {
    (0..values.len())
        .max_by(|a, b| values[*a].total_cmp(&values[*b]))
        .unwrap()
}

#[test]
fn figure_8_is_within_two_hundredths_of_the_paper_at_all_thirty_points() {
    let figure = figure("8");
    let mut worst = 0.0_f64;
    for strategy in 1..=3 {
        let ours = ys(figure, &format!("strategy {strategy}"));
        let paper = ys(figure, &format!("strategy {strategy}, paper"));
        assert_eq!(ours.len(), 10);
        for (index, (ours, paper)) in ours.iter().zip(&paper).enumerate() {
            let off = (ours - paper).abs();
            worst = worst.max(off);
            assert!(
                off < 0.02,
                "strategy {strategy}, point {index}: {ours} and {paper}"
            );
        }
    }
    println!("at most {worst:.4} off");
}

#[test]
fn figure_8_orders_the_strategies_as_the_paper_does() {
    let figure = figure("8");
    let [s1, s2, s3] = [1, 2, 3].map(|strategy| ys(figure, &format!("strategy {strategy}")));
    let sizes: Vec<f64> = figure
        .series("strategy 1")
        .unwrap()
        .iter()
        .map(|p| p.0)
        .collect();
    for (index, size) in sizes.iter().enumerate() {
        assert!(s3[index] > s1[index], "at {size}");
        if *size <= 960.0 {
            assert!((s1[index] - s2[index]).abs() < 0.02, "at {size}");
        }
    }
    let at = |size: f64| sizes.iter().position(|other| *other == size).unwrap();
    assert!(s1[at(3840.0)] - s2[at(3840.0)] > 0.015);
    assert!(s1[at(30720.0)] - s2[at(30720.0)] > 0.10);
    let peak = sizes[highest(&s2)];
    assert!(peak == 3840.0 || peak == 7680.0, "{peak}");
}

#[test]
fn figure_8_strategy_1_follows_its_closed_form() {
    let figure = figure("8");
    for (size, efficiency) in figure.series("strategy 1").unwrap() {
        let tokens = size / 30.0;
        let closed = 1.0 / (1.0 + 2.04 / (3.0 * tokens).sqrt());
        assert!(
            (efficiency - closed).abs() < 0.025,
            "at {size}: {efficiency} and {closed}"
        );
    }
}

#[test]
fn figure_4_writes_are_slower_than_reads_and_tails_an_order_above_means() {
    let figure = figure("4");
    let [reads, writes] = ["reads", "writes"].map(|what| {
        let tail = ys(figure, &format!("{what}, 99.9th percentile"));
        (tail, ys(figure, &format!("{what}, mean")))
    });
    for hour in 0..reads.0.len() {
        assert!(
            writes.0[hour] > reads.0[hour] && writes.1[hour] > reads.1[hour],
            "hour {hour}"
        );
        for (tail, mean) in [&reads, &writes] {
            assert!(
                (5.0..30.0).contains(&(tail[hour] / mean[hour])),
                "hour {hour}"
            );
        }
    }
}

#[test]
fn figure_4_latency_follows_the_day() {
    let means = ys(figure("4"), "reads, mean");
    for day in means.chunks(24) {
        let peak = highest(day);
        assert!((12..=18).contains(&peak), "{peak}");
        assert!(day[peak] > 1.5 * day[3]);
    }
}

#[test]
fn figure_5_the_buffer_pays_at_the_peak_and_not_at_night() {
    let figure = figure("5");
    let (plain, buffered) = (
        ys(figure, "no buffer"),
        ys(figure, "buffer of 1000 objects"),
    );
    let ratio = |hour: usize| plain[hour] / buffered[hour];
    let peak = highest(&plain);
    println!(
        "{:.2} times at the peak, {:.2} at night",
        ratio(peak),
        ratio(2)
    );
    assert!(ratio(peak) >= 2.0);
    assert!((0.8..1.3).contains(&ratio(2)));
}

#[test]
fn figure_5_a_crash_loses_no_more_than_the_buffer() {
    let mut random = Random::seeded(SEED);
    let mut disk = Disk::new(CAPACITY);
    let mut most = 0;
    // Twice as many writes as the disk can do: the buffer fills, and then writers wait.
    for (now, work) in arrivals(400.0, 5.0, &mut random).take(5000) {
        disk.write(now, work);
        most = most.max(disk.lost_by_a_crash(now));
    }
    assert_eq!(most, CAPACITY);
}

#[test]
fn figure_6_more_nodes_are_out_of_balance_at_low_load() {
    let shares = ys(figure("6"), "nodes out of balance");
    let (quiet, busy) = (shares[4], shares[16]);
    println!("{quiet:.1} % at low load, {busy:.1} % at high load");
    assert!((15.0..25.0).contains(&quiet));
    assert!((7.0..15.0).contains(&busy));
}

#[test]
fn one_client_never_reads_two_versions_and_more_clients_do_more_often() {
    let figure = figure("versions");
    let one = figure.series("1 client").unwrap();
    assert_eq!(one, [(1.0, 100.0)]);
    let several = ["2 clients", "4 clients", "8 clients"].map(|clients| ys(figure, clients));
    let diverging = several.each_ref().map(|shares| 100.0 - shares[0]);
    assert!(
        diverging.windows(2).all(|pair| pair[0] < pair[1]),
        "{diverging:?}"
    );
    for shares in several {
        assert!(
            shares.windows(2).all(|pair| pair[0] > pair[1]),
            "{shares:?}"
        );
    }
}

#[test]
fn table_2_both_columns_are_near_the_fit() {
    let figure = figure("table-2");
    let tail = |series: &str| {
        let points = figure.series(series).unwrap();
        points.iter().find(|point| point.0 == 0.1).unwrap().1
    };
    let (client, server) = (tail("client-driven"), tail("server-driven"));
    println!("99.9th percentiles: {client:.1} and {server:.1} ms");
    assert!((client - 30.4).abs() < 3.0);
    assert!((server - 68.9).abs() < 8.0);
}

#[test]
fn section_6_5_requests_are_faster_with_the_controller_and_the_work_is_done_when_idle() {
    let figure = figure("background");
    let with = figure.series("controller, ms").unwrap();
    let without = figure.series("no controller, ms").unwrap();
    // The controller needs a minute to see that it has become busy.
    let busy = |point: &&(f64, f64)| (690.0..1200.0).contains(&point.0);
    for (with, without) in with.iter().filter(busy).zip(without.iter().filter(busy)) {
        assert!(with.1 < without.1, "at {} s", with.0);
    }
    let left = ys(figure, "controller, work left");
    assert!(left.windows(2).all(|pair| pair[0] >= pair[1]));
    assert_eq!(left.last(), Some(&0.0));
}

#[test]
fn gossip_reaches_all_nodes_within_twice_the_logarithm() {
    for nodes in [30, 200, 1000] {
        for seed in 0..100 {
            let rounds = rounds_to_reach_all(nodes, &mut Random::seeded(seed));
            assert!(
                rounds as f64 <= 2.0 * (nodes as f64).log2(),
                "{nodes} nodes, seed {seed}"
            );
        }
    }
}

#[test]
fn two_groups_learn_of_each_other_only_through_a_seed() {
    let [a, b, seed] = [0, 1, 2].map(NodeId::new);
    let mut at_a = Membership::of([a]);
    let mut at_b = Membership::of([b]);
    // Each talks to whom it knows: to itself.
    assert!(!at_a.knows(b) && !at_b.knows(a));

    let mut at_seed = Membership::of([seed]);
    at_seed.merge(&at_a);
    at_seed.merge(&at_b);
    at_a.merge(&at_seed);
    at_b.merge(&at_seed);
    assert!(at_a.knows(b) && at_b.knows(a));
}
