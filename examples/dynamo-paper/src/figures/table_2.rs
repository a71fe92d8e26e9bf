//! Table 2: what it costs to ask a node that does not coordinate.

use super::{Axis, Figure, Legend, Series, Style};
use crate::latency::{HOP, REPLICA, Times, wait_for};
use crate::random::Random;

const REQUESTS: usize = 1_000_000;

/// The 99.9th percentile of reads, in milliseconds.
const PAPER_SERVER_DRIVEN: f64 = 68.9;
const PAPER_CLIENT_DRIVEN: f64 = 30.4;

// ANCHOR: requests
/// The client asks a coordinator itself.
fn client_driven(random: &mut Random) -> f64 {
    wait_for(2, 3, || REPLICA.draw(random))
}

/// A load balancer picks any node, which forwards the request.
fn server_driven(random: &mut Random) -> f64 {
    HOP.draw(random) + client_driven(random)
}
// ANCHOR_END: requests

/// The times of many requests: client-driven, then server-driven.
pub(super) fn times(seed: u64) -> [Times; 2] {
    let mut random = Random::seeded(seed);
    let kinds: [fn(&mut Random) -> f64; 2] = [client_driven, server_driven];
    kinds.map(|request| (0..REQUESTS).map(|_| request(&mut random)).collect())
}

pub(super) fn compute(seed: u64) -> Figure {
    let slower = [
        50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01,
    ];
    let tail = |times: &Times| {
        let point = |share: f64| (share, times.percentile(1.0 - share / 100.0));
        slower.map(point).to_vec()
    };
    let [client, server] = times(seed);
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
