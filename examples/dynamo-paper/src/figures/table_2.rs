//! Table 2: what it costs to ask a node that does not coordinate.

use super::{Axis, Figure, Legend, Series, Style};
use crate::latency::{Times, client_driven, server_driven};
use crate::random::Random;

const REQUESTS: usize = 1_000_000;

/// The 99.9th percentile of reads, in milliseconds.
const PAPER_SERVER_DRIVEN: f64 = 68.9;
const PAPER_CLIENT_DRIVEN: f64 = 30.4;

pub(super) fn compute(seed: u64) -> Figure {
    let slower = [
        50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01,
    ];
    let tail = |times: &Times| {
        let point = |share: f64| (share, times.percentile(1.0 - share / 100.0));
        slower.map(point).to_vec()
    };
    let mut random = Random::seeded(seed);
    let client: Times = (0..REQUESTS).map(|_| client_driven(&mut random)).collect();
    let server: Times = (0..REQUESTS).map(|_| server_driven(&mut random)).collect();
    let tenth = |time| vec![(0.1, time)];
    Figure {
        name: "table-2",
        title: "Table 2: reads by who coordinates them, a fitted model",
        x: Axis::logarithmic("slower requests, %", &[0.01, 0.1, 1.0, 10.0, 50.0], 2),
        y: Axis::logarithmic("milliseconds", &[0.1, 1.0, 10.0, 100.0, 1000.0], 1),
        legend: Legend::UpperRight,
        series: vec![
            Series::new("server-driven", Style::Line, 1, tail(&server)),
            Series::new(
                "server-driven, paper",
                Style::Circles,
                1,
                tenth(PAPER_SERVER_DRIVEN),
            ),
            Series::new("client-driven", Style::Line, 0, tail(&client)),
            Series::new(
                "client-driven, paper",
                Style::Circles,
                0,
                tenth(PAPER_CLIENT_DRIVEN),
            ),
        ],
    }
}
