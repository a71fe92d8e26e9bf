//! A table whose capacity follows its consumption, as Application Auto Scaling lets it.

use super::{Bucket, Second};

/// Minutes above the target until capacity grows, and below it until capacity shrinks (Developer
/// Guide, "Managing throughput capacity automatically with DynamoDB auto scaling").
const MINUTES_OUT: usize = 2;
const MINUTES_IN: usize = 15;
/// Capacity shrinks when its use is twenty percentage points below the target: at 50 percent, when
/// the target is 70 as here (re:Post, "DynamoDB auto scaling").
const MARGIN: f64 = 50.0 / 70.0;
/// Minutes until the new capacity is there. The Developer Guide says "several"; this is a guess.
const MINUTES_TO_APPLY: usize = 2;
/// Decreases that a UTC day allows within an hour of the first; each later one takes an hour without
/// (Developer Guide, "Service, account, and table quotas": 27 a day at most).
const DECREASES: usize = 4;
const AN_HOUR: usize = 60;

/// What a table's capacity shall be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// Never fewer units than this.
    pub least: f64,
    /// Never more.
    pub most: f64,
    /// The share of the capacity that shall be used, such as 0.7.
    pub target: f64,
}

impl Policy {
    /// The capacity of which so many units a second use the target.
    fn capacity_for(&self, consumed: f64) -> f64 {
        libm::ceil(consumed / self.target).clamp(self.least, self.most)
    }
}

/// A table under a target tracking policy.
#[derive(Clone, Debug)]
pub struct AutoScaling {
    policy: Policy,
    capacity: f64,
    bucket: Bucket,
    /// What the current minute consumed.
    consumed: f64,
    seconds: usize,
    /// What a second of each past minute consumed on average, and the capacity it had.
    minutes: Vec<(f64, f64)>,
    /// The capacity that was asked for, and the minute in which it is there.
    asked: Option<(f64, usize)>,
    decreases: Vec<usize>,
}

impl AutoScaling {
    /// A table that followed so many units a second until now.
    pub fn following(policy: Policy, consumed: f64) -> AutoScaling {
        let capacity = policy.capacity_for(consumed);
        AutoScaling {
            policy,
            capacity,
            bucket: Bucket::full(capacity),
            consumed: 0.0,
            seconds: 0,
            minutes: Vec::new(),
            asked: None,
            decreases: Vec::new(),
        }
    }

    /// Lets a second's requests come.
    pub fn second(&mut self, offered: f64) -> Second {
        let served = self.bucket.take(offered, self.capacity);
        let second = Second {
            offered,
            served,
            capacity: self.capacity,
        };
        self.consumed += served;
        self.seconds += 1;
        if self.seconds.is_multiple_of(60) {
            self.minutes.push((self.consumed / 60.0, self.capacity));
            self.consumed = 0.0;
            self.minute();
        }
        second
    }

    // ANCHOR: minute
    /// The alarms look at the minutes that have passed; no more than one change is under way.
    fn minute(&mut self) {
        let now = self.minutes.len();
        match self.asked {
            Some((capacity, minute)) if now >= minute => {
                self.capacity = capacity;
                self.asked = None;
            }
            Some(_) => {}
            None if self.all_of(MINUTES_OUT, |used| used > self.policy.target) => {
                self.ask(MINUTES_OUT, now);
            }
            None if self.all_of(MINUTES_IN, |used| used < self.policy.target * MARGIN)
                && self.may_decrease(now) =>
            {
                self.ask(MINUTES_IN, now);
            }
            None => {}
        }
    }

    /// Asks for the capacity of which the busiest of the last minutes uses the target.
    fn ask(&mut self, minutes: usize, now: usize) {
        let last = &self.minutes[now - minutes..];
        let busiest = last.iter().map(|minute| minute.0).fold(0.0, f64::max);
        let wanted = self.policy.capacity_for(busiest);
        if wanted < self.capacity {
            self.decreases.push(now);
        }
        if wanted != self.capacity {
            self.asked = Some((wanted, now + MINUTES_TO_APPLY));
        }
    }
    // ANCHOR_END: minute

    /// Whether the share that was used held in all of the last minutes, at today's capacity.
    fn all_of(&self, minutes: usize, holds: impl Fn(f64) -> bool) -> bool {
        let last = self.minutes.iter().rev().take(minutes);
        self.minutes.len() >= minutes
            && last.into_iter().all(|(consumed, capacity)| {
                *capacity == self.capacity && holds(consumed / capacity)
            })
    }

    fn may_decrease(&self, now: usize) -> bool {
        let (Some(first), Some(last)) = (self.decreases.first(), self.decreases.last()) else {
            return true;
        };
        let early = self.decreases.len() < DECREASES && now - first < AN_HOUR;
        early || now - last >= AN_HOUR
    }

    /// How often capacity was decreased.
    pub fn decreases(&self) -> usize {
        self.decreases.len()
    }
}
