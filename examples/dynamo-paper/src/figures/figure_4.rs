//! Figure 4: the latency of reads and writes over three days of a busy season.

use std::f64::consts::TAU;

use super::{Axis, Figure, Legend, Series, Style};
use crate::latency::{HOP, Lognormal, REPLICA, Times, wait_for};
use crate::random::Random;

const HOURS: usize = 72;
const REQUESTS_AN_HOUR: usize = 20_000;

/// What a write does on disk and a read, mostly from a cache, does not.
const DISK: Lognormal = Lognormal {
    median: 2.0,
    sigma: 1.75,
};

/// How busy the nodes are by day and by night, as a share of what they can do.
fn utilisation(hour: usize) -> f64 {
    0.4 + 0.25 * libm::sin(TAU * (hour as f64 - 9.0) / 24.0)
}

/// One request, in milliseconds. A node that is busy half of the time takes twice as long.
fn request(slowdown: f64, writes: bool, random: &mut Random) -> f64 {
    let hop = HOP.draw(random);
    let replicas = wait_for(2, 3, || {
        let disk = if writes { DISK.draw(random) } else { 0.0 };
        REPLICA.draw(random) + disk
    });
    slowdown * (hop + replicas)
}

pub(super) fn compute(seed: u64) -> Figure {
    let mut series = Vec::new();
    for (index, (what, writes)) in [("reads", false), ("writes", true)].into_iter().enumerate() {
        let mut random = Random::stream(seed, index as u64);
        let (mut means, mut tails) = (Vec::new(), Vec::new());
        for hour in 0..HOURS {
            let slowdown = 1.0 / (1.0 - utilisation(hour));
            let requests = (0..REQUESTS_AN_HOUR).map(|_| request(slowdown, writes, &mut random));
            let times: Times = requests.collect();
            means.push((hour as f64, times.mean()));
            tails.push((hour as f64, times.percentile(0.999)));
        }
        let tail = format!("{what}, 99.9th percentile");
        series.push(Series::new(tail, Style::Line, index, tails));
        let mean = format!("{what}, mean");
        series.push(Series::new(mean, Style::Dashes, index, means));
    }
    let around_200 = (0..=HOURS).step_by(12).map(|hour| (hour as f64, 200.0));
    series.push(Series::new(
        "99.9th percentile, paper: around 200 ms",
        Style::Circles,
        2,
        around_200.collect(),
    ));
    Figure {
        name: "4",
        title: "Figure 4: latency over three days, a model",
        x: Axis::linear("hours", &[0.0, 12.0, 24.0, 36.0, 48.0, 60.0, 72.0], 0),
        y: Axis::logarithmic("milliseconds", &[1.0, 10.0, 100.0, 1000.0, 10_000.0], 0),
        legend: Legend::UpperRight,
        series,
    }
}
