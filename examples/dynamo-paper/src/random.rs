//! The only source of chance: the same seed gives the same history on every machine.

use std::f64::consts::TAU;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::ring::Position;

/// A seeded source of random numbers.
///
/// The stream is ChaCha's, which is specified, and the functions are libm's, so that neither the
/// machine nor the compiler changes a history.
///
/// ```
/// use dynamo_paper::random::Random;
///
/// assert_eq!(Random::seeded(1).below(1000), Random::seeded(1).below(1000));
/// ```
#[derive(Clone, Debug)]
pub struct Random(ChaCha8Rng);

impl Random {
    /// The source that a seed names.
    pub fn seeded(seed: u64) -> Random {
        Random(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A source of its own for a part of an experiment: what one part draws does not move another.
    pub fn stream(seed: u64, stream: u64) -> Random {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream);
        Random(random)
    }

    /// A position anywhere on the ring.
    pub fn position(&mut self) -> Position {
        let high = u128::from(self.0.next_u64());
        Position(high << 64 | u128::from(self.0.next_u64()))
    }

    /// A number below the bound, and 0 if there is none.
    pub fn below(&mut self, bound: usize) -> usize {
        let scaled = u128::from(self.0.next_u64()) * bound as u128;
        (scaled >> 64) as usize
    }

    /// A number above 0 and up to 1.
    pub fn unit(&mut self) -> f64 {
        let steps = (self.0.next_u64() >> 11) + 1;
        steps as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() <= probability
    }

    /// One of the items.
    pub fn choose<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// Puts the items into a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// The time to the next of events that come at random, as long as `mean` on average.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(self.unit())
    }

    /// A lognormal number: half of them are below `median`, and a large `sigma` makes a long tail.
    pub fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        median * libm::exp(sigma * self.normal())
    }

    /// A standard normal number, by the method of Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(self.unit()));
        radius * libm::cos(TAU * self.unit())
    }
}
