//! Figure 6: how many nodes are out of balance over a day.

use std::f64::consts::TAU;

use super::{Axis, Figure, Legend, Series, Style};
use crate::partitioning::random_ring;
use crate::random::Random;
use crate::ring::Ring;

const NODES: usize = 30;
const REPLICAS: usize = 3;

/// T. The paper gives none for this figure.
const TOKENS: usize = 40;

/// Sessions a node at the quietest time, chosen so that a fifth of the nodes is out of balance.
const QUIET: f64 = 185.0;

/// How many times as many there are at the busiest time.
const PEAK: f64 = 8.0;

/// "A node is considered to be out-of-balance" when its load differs from the mean by more.
const THRESHOLD: f64 = 0.15;

const RINGS: usize = 60;

/// How busy the day is, from 0 to 1.
fn activity(hour: usize) -> f64 {
    0.5 - 0.5 * libm::cos(TAU * (hour as f64 - 4.0) / 24.0)
}

// ANCHOR: imbalance
/// The share of nodes whose load is off the mean. Each session is a key of its own, and keeps all
/// N nodes busy that hold the key.
fn out_of_balance(ring: &Ring, sessions: usize, random: &mut Random) -> f64 {
    let mut loads = [0.0; NODES];
    for _ in 0..sessions {
        for node in ring.preference_list(random.position(), REPLICAS) {
            loads[node.index()] += 1.0;
        }
    }
    let mean = loads.iter().sum::<f64>() / NODES as f64;
    let off = loads
        .iter()
        .filter(|load| (**load - mean).abs() > THRESHOLD * mean);
    off.count() as f64 / NODES as f64
}
// ANCHOR_END: imbalance

pub(super) fn compute(seed: u64) -> Figure {
    let mut random = Random::seeded(seed);
    let rings: Vec<Ring> = (0..RINGS)
        .map(|_| random_ring(NODES, TOKENS, &mut random))
        .collect();
    let (mut shares, mut load) = (Vec::new(), Vec::new());
    for hour in 0..24 {
        let more = 1.0 + (PEAK - 1.0) * activity(hour);
        let sessions = (QUIET * more) as usize * NODES / REPLICAS;
        let share = |ring: &Ring| out_of_balance(ring, sessions, &mut random);
        let sum: f64 = rings.iter().map(share).sum();
        let hour = hour as f64;
        shares.push((hour, 100.0 * sum / RINGS as f64));
        load.push((hour, 20.0 * more / PEAK));
    }
    Figure {
        name: "6",
        title: "Figure 6: 30 nodes under strategy 1, mean of 60 rings",
        x: Axis::linear(
            "hour of the day",
            &[0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0],
            0,
        ),
        y: Axis::linear(
            "nodes more than 15 % off the mean load, %",
            &[0.0, 5.0, 10.0, 15.0, 20.0, 25.0],
            0,
        ),
        legend: Legend::LowerRight,
        series: vec![
            Series::new("nodes out of balance", Style::Line, 0, shares),
            Series::new(
                "paper: 20 % at low load",
                Style::Circles,
                0,
                vec![(4.0, 20.0)],
            ),
            Series::new(
                "paper: about 10 % at high load",
                Style::Circles,
                0,
                vec![(16.0, 10.0)],
            ),
            Series::new("load (20 = the peak)", Style::Dashes, 1, load),
        ],
    }
}
