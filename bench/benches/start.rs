//! The visit counter as it is, and with one thing done otherwise at a time: which of them make it
//! start sooner, and what each costs.
//!
//! The record that the book shows is written by
//! `cargo bench -p bench --bench start > bench/benches/results/start.txt`.

use anyhow::Result;
use bench::contender::Contender;
use bench::measurement::{Amount, Measurement, Over};

fn main() -> Result<()> {
    let measurement = Measurement::new(&Contender::VARIANTS, Amount::asked_for())?;
    let starter = Contender::Rust;
    println!("{}", measurement.heading(&["rustc"]));
    let cold = measurement.cold("Cold, over HTTPS", Over::Https, starter)?;
    println!("\n{cold}");
    let (warm, memory) = measurement.warm("Warm, over HTTP", Over::Http, &[starter])?;
    println!("\n{warm}\n\n{memory}\n\n{}", measurement.packages()?);
    Ok(())
}
