//! The turns of a day, second by second.

use dynamo_paper::random::Random;

/// The seconds of a day.
pub const DAY: usize = 86_400;
const HOUR: f64 = 3600.0;

/// When the television spot begins, in seconds after midnight: a quarter past eight.
pub const SPOT: usize = 20 * 3600 + 15 * 60;

/// How often a skill is spoken to.
#[derive(Clone, Copy, Debug)]
pub struct Traffic {
    /// Turns of the whole day, without a spot.
    pub turns: f64,
    /// Turns a second at the height of a television spot, if there is one.
    pub spot: Option<f64>,
}

impl Traffic {
    // ANCHOR: rate
    /// Turns a second that are expected at a second of the day: a morning, a longer evening, and
    /// hardly anything at night. A spot sends everybody at once, and soon nobody any more.
    pub fn rate(&self, second: usize) -> f64 {
        let hour = second as f64 / HOUR;
        let bump = |at: f64, width: f64| libm::exp(-libm::pow((hour - at) / width, 2.0) / 2.0);
        let shape = 0.15 + 1.2 * bump(7.5, 1.2) + 2.0 * bump(19.5, 2.4);
        let spot = match (self.spot, second.checked_sub(SPOT)) {
            (Some(height), Some(since)) if since < 15 => height * since as f64 / 15.0,
            (Some(height), Some(since)) => height * libm::exp(-(since as f64 - 15.0) / 60.0),
            _ => 0.0,
        };
        self.turns * shape / AREA + spot
    }
    // ANCHOR_END: rate

    /// The turns of each second of a day, drawn at random around the rate.
    pub fn day(&self, seed: u64) -> Vec<f64> {
        let mut random = Random::seeded(seed);
        (0..DAY)
            .map(|second| arrivals(self.rate(second), &mut random))
            .collect()
    }
}

/// What the shape of the day adds up to over its seconds, so that `turns` is what a day has.
const AREA: f64 = 0.15 * 86_400.0 + ROOT_OF_TAU * HOUR * (1.2 * 1.2 + 2.0 * 2.4 * SEEN);
const ROOT_OF_TAU: f64 = 2.506_628_274_631;
/// The part of the evening before midnight: 4.5 hours are 1.875 widths after its middle.
const SEEN: f64 = 0.969_6;

/// How many events a second has when so many are expected (Poisson).
fn arrivals(expected: f64, random: &mut Random) -> f64 {
    let mut events = 0.0;
    let mut elapsed = random.exponential(1.0);
    while elapsed < expected {
        events += 1.0;
        elapsed += random.exponential(1.0);
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Traffic = Traffic {
        turns: 1_000_000.0,
        spot: None,
    };

    #[test]
    fn a_day_has_the_turns_that_it_was_given() {
        let expected: f64 = (0..DAY).map(|second| QUIET.rate(second)).sum();
        assert!((expected / QUIET.turns - 1.0).abs() < 0.001, "{expected}");
        let drawn: f64 = QUIET.day(1).iter().sum();
        assert!((drawn / QUIET.turns - 1.0).abs() < 0.005, "{drawn}");
    }

    #[test]
    fn the_same_seed_gives_the_same_day() {
        assert_eq!(QUIET.day(7), QUIET.day(7));
        assert_ne!(QUIET.day(7), QUIET.day(8));
    }

    #[test]
    fn a_spot_changes_nothing_before_it_begins() {
        let spot = Traffic {
            spot: Some(2000.0),
            ..QUIET
        };
        assert_eq!(spot.day(7)[..SPOT], QUIET.day(7)[..SPOT]);
        let most = spot.day(7).into_iter().fold(0.0, f64::max);
        assert!((1900.0..2200.0).contains(&most), "{most}");
    }
}
