//! Figure 8: how evenly the three strategies share the load out, for the same metadata.

use super::{Axis, Figure, Legend, Series, Style};
use crate::partitioning::{
    EqualPartitions, efficiency, loads_between_tokens, loads_of_dealt_partitions,
    loads_of_equal_partitions, random_ring,
};
use crate::random::Random;

/// S, from the paper.
const NODES: usize = 30;

/// N, from the paper.
const REPLICAS: usize = 3;

/// Q of strategy 2, which the paper does not give. 1024 makes the paper's curve, although the
/// text asks for Q much above S times T.
const FIXED_PARTITIONS: usize = 1024;

/// Each point is the mean of so many rings: a single one shows the order of the strategies in
/// about four of five cases.
const RINGS: usize = 200;

/// S times T for strategies 1 and 2, and Q for strategy 3.
pub(super) const SIZES: [usize; 10] = [60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 30720];

/// Read from the paths of the paper's figure.
const PAPER: [[f64; 10]; 3] = [
    [0.52, 0.61, 0.69, 0.76, 0.82, 0.87, 0.91, 0.93, 0.95, 0.96],
    [0.53, 0.61, 0.70, 0.76, 0.82, 0.85, 0.88, 0.87, 0.85, 0.84],
    [0.86, 0.87, 0.90, 0.92, 0.94, 0.96, 0.97, 0.98, 0.98, 0.99],
];

pub(super) fn compute(seed: u64) -> Figure {
    let mut ours = [const { Vec::new() }; 3];
    for (index, size) in SIZES.into_iter().enumerate() {
        let mut random = Random::stream(seed, index as u64);
        let mut sums = [0.0; 3];
        for _ in 0..RINGS {
            for (sum, efficiency) in sums.iter_mut().zip(one_ring(size, &mut random)) {
                *sum += efficiency;
            }
        }
        for (points, sum) in ours.iter_mut().zip(sums) {
            points.push((size as f64, sum / RINGS as f64));
        }
    }
    let sizes = SIZES.map(|size| size as f64);
    let mut series = Vec::new();
    for (index, points) in ours.into_iter().enumerate() {
        let paper = sizes.into_iter().zip(PAPER[index]).collect();
        let strategy = index + 1;
        let name = format!("strategy {strategy}");
        series.push(Series::new(name, Style::Line, index, points));
        let name = format!("strategy {strategy}, paper");
        series.push(Series::new(name, Style::Circles, index, paper));
    }
    Figure {
        name: "8",
        title: "Figure 8: load balance of 30 nodes, N = 3, mean of 200 rings",
        x: Axis::logarithmic("tokens S·T, or partitions Q", &sizes, 0),
        y: Axis::linear(
            "efficiency: mean load / highest load",
            &[0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
            1,
        ),
        legend: Legend::LowerRight,
        series,
    }
}

// ANCHOR: one_ring
/// The efficiency of each strategy on one ring, metadata being equal.
fn one_ring(size: usize, random: &mut Random) -> [f64; 3] {
    let ring = random_ring(NODES, size / NODES, random);
    let between_tokens = loads_between_tokens(&ring, NODES, REPLICAS);
    let equal = loads_of_equal_partitions(&ring, FIXED_PARTITIONS, NODES, REPLICAS);
    let dealt = match EqualPartitions::dealt(NODES, size, random) {
        Ok(table) => loads_of_dealt_partitions(&table, NODES, REPLICAS),
        // Every size has a partition for each node.
        Err(_) => Vec::new(),
    };
    [between_tokens, equal, dealt].map(|loads| efficiency(&loads))
}
// ANCHOR_END: one_ring
