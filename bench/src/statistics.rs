//! What a record says of many times.

use std::time::Duration;

/// The names of the columns that [`percentiles`] fills.
pub const PERCENTILES: [&str; 3] = ["p50 us", "p90 us", "p99 us"];

/// The percentiles 50, 90 and 99 of each round, and of the rounds the median: in microseconds. There
/// is at least one round, and each has at least one time.
#[must_use]
pub fn percentiles(rounds: &[Vec<Duration>]) -> Vec<Option<f64>> {
    let percentile = |percent: usize| {
        let of_rounds = rounds.iter().map(|round| {
            let mut times = round.clone();
            times.sort_unstable();
            let time = times[(times.len() * percent / 100).min(times.len() - 1)];
            time.as_secs_f64() * 1e6
        });
        Some(median(of_rounds.collect()))
    };
    [50, 90, 99].map(percentile).to_vec()
}

/// The median of one or more values.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
