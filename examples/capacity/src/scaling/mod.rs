//! What a table serves and refuses over a day, when its capacity follows the traffic or does not.
//!
//! One write of one unit a turn; reads have three times the limits and behave alike. A refused
//! request is counted once: the SDK would send it again.

mod auto;
mod on_demand;

use crate::money::Money;
use crate::prices;

pub use auto::{AutoScaling, Policy};
pub use on_demand::OnDemand;

/// Write units a second that a partition serves, whatever its table has (Developer Guide, "Service,
/// account, and table quotas").
pub const PARTITION: f64 = 1000.0;

/// Unused capacity is kept for so many seconds (Developer Guide, "Best practices for partition
/// keys", burst capacity); AWS promises nothing.
pub const BURST_SECONDS: f64 = 300.0;

/// How a table gets its capacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Choice {
    /// By the request.
    OnDemand,
    /// A number of write units a second that never changes.
    Fixed(f64),
    /// Write units that follow the consumption.
    AutoScaling(Policy),
}

/// What became of a second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Second {
    /// Requests that came.
    pub offered: f64,
    /// Requests that were served.
    pub served: f64,
    /// What the table could have served for long.
    pub capacity: f64,
}

impl Second {
    /// Requests that were refused.
    pub fn throttled(&self) -> f64 {
        self.offered - self.served
    }
}

/// A day of a table.
#[derive(Clone, Debug)]
pub struct Day {
    /// All seconds.
    pub seconds: Vec<Second>,
    choice: Choice,
}

impl Day {
    /// Lets a day's requests come to a table.
    pub fn play(choice: Choice, offered: &[f64]) -> Day {
        let seconds = match choice {
            Choice::OnDemand => {
                let mut table = OnDemand::new();
                offered
                    .iter()
                    .map(|offered| table.second(*offered))
                    .collect()
            }
            Choice::Fixed(units) => {
                let mut bucket = Bucket::full(units);
                let second = |offered: &f64| Second {
                    offered: *offered,
                    served: bucket.take(*offered, units),
                    capacity: units,
                };
                offered.iter().map(second).collect()
            }
            Choice::AutoScaling(policy) => {
                let minute = &offered[..offered.len().min(60)];
                let mean = minute.iter().sum::<f64>() / minute.len().max(1) as f64;
                let mut table = AutoScaling::following(policy, mean);
                offered
                    .iter()
                    .map(|offered| table.second(*offered))
                    .collect()
            }
        };
        Day { seconds, choice }
    }

    /// Requests that were served.
    pub fn served(&self) -> f64 {
        self.seconds.iter().map(|second| second.served).sum()
    }

    /// Requests that were refused.
    pub fn throttled(&self) -> f64 {
        self.seconds.iter().map(Second::throttled).sum()
    }

    /// What the writes of the day cost. An hour of provisioned capacity is paid at its highest.
    pub fn cost(&self) -> Money {
        let hours = self.seconds.chunks(3600);
        let highest = |hour: &[Second]| {
            hour.iter()
                .map(|second| second.capacity)
                .fold(0.0, f64::max)
        };
        match self.choice {
            Choice::OnDemand => prices::WRITE.each() * whole(self.served()),
            _ => {
                prices::WRITE_CAPACITY_HOUR.each()
                    * hours.map(|hour| whole(highest(hour))).sum::<u64>()
            }
        }
    }
}

/// Requests and units are whole numbers; they are kept as `f64` for the sake of the arithmetic.
fn whole(number: f64) -> u64 {
    libm::round(number) as u64
}

// ANCHOR: bucket
/// The burst capacity: what was not used, up to the capacity of 300 seconds.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    saved: f64,
}

impl Bucket {
    /// What a table has that was idle for five minutes.
    pub fn full(capacity: f64) -> Bucket {
        Bucket {
            saved: BURST_SECONDS * capacity,
        }
    }

    /// How many of a second's requests are served.
    pub fn take(&mut self, offered: f64, capacity: f64) -> f64 {
        let served = offered.min(capacity + self.saved);
        self.saved = (self.saved + capacity - served).min(BURST_SECONDS * capacity);
        served
    }
}
// ANCHOR_END: bucket

// ANCHOR: hottest
/// How many of a second's writes to a single item are served, by a table of any capacity.
pub fn to_one_item(offered: f64) -> f64 {
    offered.min(PARTITION)
}
// ANCHOR_END: hottest
