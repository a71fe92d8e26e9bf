//! Writes that are answered from memory and reach the disk later (section 6.1, figure 5).

use std::collections::VecDeque;

use crate::random::Random;

/// How many objects the paper's buffer holds: "even for a very small buffer of a thousand objects".
pub const CAPACITY: usize = 1000;

/// A disk that does one write after the other, with a buffer in front of it.
#[derive(Clone, Debug)]
pub struct Disk {
    capacity: usize,
    /// When each write that is not on disk yet will be.
    ends: VecDeque<f64>,
    last_end: f64,
}

impl Disk {
    /// An idle disk; a capacity of 0 is no buffer.
    pub fn new(capacity: usize) -> Disk {
        Disk {
            capacity,
            ends: VecDeque::new(),
            last_end: 0.0,
        }
    }

    // ANCHOR: write
    /// How long the writer waits whose write comes at `now` and keeps the disk busy for `work`.
    pub fn write(&mut self, now: f64, work: f64) -> f64 {
        while self.ends.front().is_some_and(|end| *end <= now) {
            self.ends.pop_front();
        }
        let room_at = match self.ends.len().checked_sub(self.capacity) {
            Some(surplus) if self.capacity > 0 => self.ends[surplus],
            _ => now,
        };
        self.last_end = self.last_end.max(now) + work;
        self.ends.push_back(self.last_end);
        let done = if self.capacity == 0 {
            self.last_end
        } else {
            room_at
        };
        done - now
    }
    // ANCHOR_END: write

    // ANCHOR: lost
    /// The writes that were answered, and that a crash at the time `now` would lose.
    pub fn lost_by_a_crash(&self, now: f64) -> usize {
        if self.capacity == 0 {
            return 0;
        }
        let unwritten = self.ends.iter().filter(|end| **end > now).count();
        unwritten.min(self.capacity)
    }
    // ANCHOR_END: lost
}

/// Writes that come at random, so many in a second on average: when each comes, and how long it
/// keeps the disk busy, both in milliseconds.
pub fn arrivals(a_second: f64, work: f64, random: &mut Random) -> impl Iterator<Item = (f64, f64)> {
    let mut now = 0.0;
    std::iter::repeat_with(move || {
        now += random.exponential(1000.0 / a_second);
        (now, random.exponential(work))
    })
}
