//! The visit counter as it is, and with one thing done otherwise at a time: which of them make it
//! start sooner, and what each costs.
//!
//! The record that the book shows is written by
//! `cargo bench -p bench --bench start > bench/benches/results/start.txt`.

use anyhow::Result;
use bench::contender::{START, STARTER};
use bench::measurement::{Measurement, Repetitions, Transport};

fn main() -> Result<()> {
    let measurement = Measurement::new(&START, Repetitions::from_arguments())?;
    println!("{}", measurement.heading(&["rustc"]));
    let starter = STARTER.name;
    let cold = measurement.cold("Cold, over HTTPS", Transport::Https)?;
    println!("\n{}", cold.with_ratio("to Rust", "both ms", starter));
    let (warm, memory) = measurement.warm("Warm, over HTTP", Transport::Http)?;
    println!("\n{}", warm.with_ratio("to Rust", "p50 us", starter));
    println!("\n{}", memory.with_ratio("to Rust", "MB", starter));
    println!("\n{}", measurement.packages()?);
    Ok(())
}
