//! The figures and the recorded ring: what they show, and that the committed ones are the computed
//! ones.

mod committed;
mod ring;
mod trends;

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use dynamo_paper::figures::{ALL, Figure, SEED};

/// A figure of the book's seed, computed once for all tests.
fn figure(name: &str) -> &'static Figure {
    static FIGURES: LazyLock<BTreeMap<&str, OnceLock<Figure>>> =
        LazyLock::new(|| ALL.iter().map(|entry| (entry.0, OnceLock::new())).collect());
    println!("figure {name}, seed {SEED}");
    FIGURES[name].get_or_init(|| dynamo_paper::figures::compute(name, SEED).unwrap())
}
