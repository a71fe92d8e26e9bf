//! The visit counter in Rust beside the same skill on Node.js and Python, and beside the least that
//! a turn can take: each behind a Runtime API, with one DynamoDB for all of them.
//!
//! `cargo bench -p bench --bench turns` measures what is installed in `bench/peers`, and on AWS's
//! DynamoDB Local where `alexa-skill/tests/endpoints/install` has fetched it, and skips the rest;
//! with `-- quick` each is measured once, to see that all of it works. The record that the book
//! shows is written by `cargo bench -p bench --bench turns > bench/benches/results/turns.txt`.

use anyhow::Result;
use bench::contender::{Contender, NODE, STD_ONLY, TURNS, WITHOUT_SDK};
use bench::measurement::{Measurement, Repetitions, Transport};
use bench::record::Table;

const TO_NODE: (&str, Contender) = ("to Node", NODE);
const TO_HAND: (&str, Contender) = ("to hand", WITHOUT_SDK);
const TO_STD: (&str, Contender) = ("to std", STD_ONLY);

fn main() -> Result<()> {
    let measurement = Measurement::new(&TURNS, Repetitions::from_arguments())?;
    println!("{}", measurement.heading(&["rustc", "node", "python3"]));
    let cold = measurement.cold("Cold, over HTTP", Transport::Http)?;
    print(cold, "both ms", &[TO_NODE]);
    let cold = measurement.cold("Cold, over HTTPS", Transport::Https)?;
    print(cold, "both ms", &[TO_NODE]);
    let (warm, memory) = measurement.warm("Warm, over HTTP", Transport::Http)?;
    print(warm, "p50 us", &[TO_NODE, TO_HAND, TO_STD]);
    let (warm, _) = measurement.warm("Warm, over HTTPS", Transport::Https)?;
    print(warm, "p50 us", &[TO_NODE, TO_HAND]);
    let (warm, _) = measurement.warm("Warm, 1 ms away", Transport::DelayedHttp)?;
    print(warm, "p50 us", &[TO_NODE, TO_HAND, TO_STD]);
    if let Some(measurement) = measurement.on_dynamodb_local()? {
        let (warm, _) = measurement.warm("Warm, on DynamoDB Local", Transport::Http)?;
        print(warm, "p50 us", &[TO_NODE, TO_HAND, TO_STD]);
    }
    println!("\n{}", measurement.on_all_cores()?.throughput(&[1, 8, 64])?);
    print(memory, "MB", &[TO_NODE]);
    println!("\n{}", measurement.packages()?);
    Ok(())
}

/// With a column of ratios to each of the rows named.
fn print(table: Table, column: &str, to: &[(&str, Contender)]) {
    let table = to.iter().fold(table, |table, (title, contender)| {
        table.with_ratio(title, column, contender.name)
    });
    println!("\n{table}");
}
