//! What holds for every clock, ring, tree and quorum.

mod clocks;
mod merkle;
mod quorum;
mod ring;
mod siblings;
mod truncation;

use proptest::test_runner::{Config, RngSeed};

/// The same cases in every run. `PROPTEST_CASES=100000 cargo test` tries more of them.
fn config() -> Config {
    Config {
        rng_seed: RngSeed::Fixed(2007),
        failure_persistence: None,
        ..Config::default()
    }
}
