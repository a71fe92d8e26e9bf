//! Figure 5: the 99.9th percentile of writes over a day, with a buffer and without.

use std::f64::consts::TAU;

use super::{Axis, Figure, Legend, Series, Style};
use crate::latency::{Lognormal, Times};
use crate::random::Random;
use crate::write_buffer::{CAPACITY, Disk, arrivals};

const WRITES_AN_HOUR: usize = 60_000;

/// What a write takes besides the disk, in milliseconds.
const REST: Lognormal = Lognormal {
    median: 2.0,
    sigma: 1.2,
};

/// How long the disk works on a write on average, in milliseconds.
const WORK: f64 = 5.0;

/// How many writes come in a second: at the busiest hour the disk has work for 92 % of the time.
fn writes_a_second(hour: usize) -> f64 {
    let busy = 0.51 - 0.41 * libm::cos(TAU * (hour as f64 - 2.0) / 24.0);
    busy * 1000.0 / WORK
}

pub(super) fn compute(seed: u64) -> Figure {
    let tails = |capacity: usize| {
        let hour = |hour: usize| {
            // The same writes come to both disks.
            let mut random = Random::stream(seed, hour as u64);
            let mut disk = Disk::new(capacity);
            let rest: Vec<f64> = (0..WRITES_AN_HOUR)
                .map(|_| REST.draw(&mut random))
                .collect();
            let writes = arrivals(writes_a_second(hour), WORK, &mut random);
            let times: Times = writes
                .zip(rest)
                .map(|((now, work), rest)| rest + disk.write(now, work))
                .collect();
            (hour as f64, times.percentile(0.999))
        };
        (0..24).map(hour).collect::<Vec<_>>()
    };
    let (unbuffered, buffered) = (tails(0), tails(CAPACITY));
    let peak = unbuffered
        .iter()
        .copied()
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let a_fifth = peak.map(|(hour, time)| (hour, time / 5.0));
    Figure {
        name: "5",
        title: "Figure 5: writes over a day, a model",
        x: Axis::linear(
            "hour of the day",
            &[0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 23.0],
            0,
        ),
        y: Axis::logarithmic("99.9th percentile, milliseconds", &[10.0, 100.0, 1000.0], 0),
        legend: Legend::UpperRight,
        series: vec![
            Series::new("no buffer", Style::Line, 1, unbuffered),
            Series::new("buffer of 1000 objects", Style::Line, 0, buffered),
            Series::new(
                "paper: a fifth at the peak",
                Style::Circles,
                0,
                a_fifth.into_iter().collect(),
            ),
        ],
    }
}
