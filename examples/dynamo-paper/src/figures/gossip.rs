//! Section 4.8.1: how many rounds of gossip it takes until every node knows.

use super::{Axis, Figure, Legend, Series, Style};
use crate::gossip::rounds_to_reach_all;
use crate::random::Random;

const SIZES: [usize; 8] = [10, 30, 100, 200, 300, 1000, 3000, 10_000];
const RUNS: usize = 100;

pub(super) fn compute(seed: u64) -> Figure {
    let (mut mean, mut most, mut bound) = (Vec::new(), Vec::new(), Vec::new());
    for size in SIZES {
        let mut random = Random::stream(seed, size as u64);
        let rounds = (0..RUNS).map(|_| rounds_to_reach_all(size, &mut random));
        let rounds: Vec<usize> = rounds.collect();
        let nodes = size as f64;
        mean.push((nodes, rounds.iter().sum::<usize>() as f64 / RUNS as f64));
        most.push((nodes, rounds.iter().copied().max().unwrap_or(0) as f64));
        bound.push((nodes, 2.0 * libm::log2(nodes)));
    }
    Figure {
        name: "gossip",
        title: "Rounds of gossip until every node knows, 100 runs each",
        x: Axis::logarithmic("nodes", &[10.0, 100.0, 1000.0, 10_000.0], 0),
        y: Axis::linear(
            "rounds, one a second",
            &[0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0],
            0,
        ),
        legend: Legend::UpperLeft,
        series: vec![
            Series::new("mean", Style::Line, 0, mean),
            Series::new("slowest", Style::Line, 2, most),
            Series::new("2 log2 n", Style::Dashes, 1, bound),
        ],
    }
}
