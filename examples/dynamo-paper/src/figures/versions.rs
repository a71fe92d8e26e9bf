//! Section 6.3: how many versions a read returns.

use super::{Axis, Figure, Legend, Series, Style};
use crate::cluster::{Cluster, Settings, Shoppers};
use crate::key::Key;

/// How many shoppers share a cart.
const SHOPPERS: [usize; 4] = [1, 2, 4, 8];

const SESSIONS: u64 = 150;
const PURCHASES: usize = 12;

/// Milliseconds from reading a cart to writing it, and from writing to the next reading.
const THINK: f64 = 20.0;
const REST: f64 = 2000.0;

/// The shares of reads that returned 1, 2, 3 and 4 versions, in per cent. They add up to
/// 99.94113: the paper does not say what the rest was.
const PAPER: [f64; 4] = [99.94, 0.00057, 0.00047, 0.00009];

pub(super) fn compute(seed: u64) -> Figure {
    let mut series: Vec<Series> = Vec::new();
    for (index, shoppers) in SHOPPERS.into_iter().enumerate() {
        let counts = versions_read(shoppers, seed);
        let reads: usize = counts.iter().sum();
        let share = |(versions, count): (usize, &usize)| {
            let share = 100.0 * *count as f64 / reads as f64;
            (*count > 0 && (1..=4).contains(&versions)).then_some((versions as f64, share))
        };
        let points = counts.iter().enumerate().filter_map(share).collect();
        let name = match shoppers {
            1 => "1 client".to_owned(),
            _ => format!("{shoppers} clients"),
        };
        // One client has one point, which a line would not show.
        series.push(Series::new(name, Style::Line, index, points));
    }
    let paper = (1..).map(f64::from).zip(PAPER).collect();
    series.push(Series::new("paper", Style::Circles, 4, paper));
    Figure {
        name: "versions",
        title: "Section 6.3: versions returned by a read, by clients of one cart",
        x: Axis::linear("versions", &[1.0, 2.0, 3.0, 4.0], 0),
        y: Axis::logarithmic(
            "share of reads, %",
            &[0.00001, 0.0001, 0.001, 0.01, 0.1, 1.0, 10.0, 100.0],
            5,
        ),
        legend: Legend::UpperRight,
        series,
    }
}

// ANCHOR: count
/// How many reads returned so many versions, at the index of their number.
fn versions_read(shoppers: usize, seed: u64) -> Vec<usize> {
    let mut counts = vec![0; 5];
    for session in 0..SESSIONS {
        let seed = seed + session;
        let Ok(mut cluster) = Cluster::new(Settings::default(), seed) else {
            continue;
        };
        let cart = [Key::new("cart")];
        let shoppers = Shoppers::new(shoppers, PURCHASES, &cart, THINK, REST, seed);
        let ledger = shoppers.shop(&mut cluster, 10_000_000);
        for (versions, count) in ledger.versions_read.iter().enumerate() {
            counts[versions.min(4)] += count;
        }
    }
    // A read that finds nothing returns no version.
    counts[0] = 0;
    counts
}
// ANCHOR_END: count
