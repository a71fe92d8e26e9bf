//! Three evenings of a skill with a million turns a day, under four choices of capacity.

use std::fmt::Write;

use crate::money::grouped;
use crate::scaling::{Choice, Day, Policy};
use crate::traffic::Traffic;

/// What happens at a quarter past eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evening {
    /// Nothing.
    Ordinary,
    /// A television spot that sends 2,000 users a second at its height.
    Spot,
    /// One that sends 9,000.
    GreatSpot,
}

impl Evening {
    /// All of them, with what they are called.
    pub const ALL: [(Evening, &'static str); 3] = [
        (Evening::Ordinary, "an ordinary day"),
        (Evening::Spot, "a spot, 2,000 a second"),
        (Evening::GreatSpot, "a spot, 9,000 a second"),
    ];

    fn traffic(self) -> Traffic {
        Traffic {
            turns: 1_000_000.0,
            spot: match self {
                Evening::Ordinary => None,
                Evening::Spot => Some(2000.0),
                Evening::GreatSpot => Some(9000.0),
            },
        }
    }
}

// ANCHOR: choices
/// The choices, with what they are called.
pub const CHOICES: [(&str, Choice); 4] = [
    ("on demand", Choice::OnDemand),
    (
        "auto scaling",
        Choice::AutoScaling(Policy {
            least: 5.0,
            most: 10_000.0,
            target: 0.7,
        }),
    ),
    // The ordinary day's busiest minute uses 70 % of it.
    ("fixed for the day", Choice::Fixed(50.0)),
    ("fixed for the spot", Choice::Fixed(2100.0)),
];
// ANCHOR_END: choices

/// A day under each choice: the same requests come.
pub fn play(evening: Evening, seed: u64) -> Vec<Day> {
    let offered = evening.traffic().day(seed);
    let days = CHOICES.map(|(_, choice)| Day::play(choice, &offered));
    days.into()
}

/// What each choice serves, refuses and costs.
pub fn told(seed: u64) -> String {
    let mut text = format!(
        "{:24} {:>10} {:>10} {:>14}\n",
        "", "served", "throttled", "writes, US$"
    );
    for (evening, what) in Evening::ALL {
        writeln!(text, "{what}").ok();
        for ((name, _), day) in CHOICES.iter().zip(play(evening, seed)) {
            let count = |number: f64| grouped(libm::round(number) as u64);
            let (served, throttled) = (count(day.served()), count(day.throttled()));
            let cost = day.cost();
            writeln!(text, "  {name:22} {served:>10} {throttled:>10} {cost:>14}").ok();
        }
    }
    text
}
