//! The visit counter in Rust beside the same skill on Node.js and Python, and beside the least that
//! a turn can take: each behind a Runtime API, with one DynamoDB for all of them.
//!
//! `cargo bench -p bench --bench turns` measures what is installed in `bench/peers`, and on AWS's
//! DynamoDB Local where `alexa-skill/tests/endpoints/install` has fetched it, and skips the rest;
//! with `-- quick` each is measured once, to see that all of it works. The record that the book
//! shows is written by `cargo bench -p bench --bench turns > bench/benches/results/turns.txt`.

use anyhow::Result;
use bench::contender::Contender;
use bench::measurement::{Measurement, Repetitions, Transport};
use bench::record::Table;

fn main() -> Result<()> {
    let measurement = Measurement::new(&Contender::TURNS, Repetitions::from_arguments())?;
    println!("{}", measurement.heading(&["rustc", "node", "python3"]));
    for (title, transport) in [
        ("Cold, over HTTP", Transport::Http),
        ("Cold, over HTTPS", Transport::Https),
    ] {
        let cold = measurement.cold(title, transport)?;
        let cold = cold.with_ratio("to Node", "both ms", Contender::NODE.name);
        println!("\n{cold}");
    }
    let (warm, memory) = measurement.warm("Warm, over HTTP", Transport::Http)?;
    println!("\n{}", to_std(to_node_and_hand(warm)));
    let (warm, _) = measurement.warm("Warm, over HTTPS", Transport::Https)?;
    println!("\n{}", to_node_and_hand(warm));
    let (warm, _) = measurement.warm("Warm, 1 ms away", Transport::DelayedHttp)?;
    println!("\n{}", to_std(to_node_and_hand(warm)));
    if let Some(measurement) = measurement.on_dynamodb_local()? {
        let (warm, _) = measurement.warm("Warm, on DynamoDB Local", Transport::Http)?;
        println!("\n{}", to_std(to_node_and_hand(warm)));
    }
    let on_all_cores = measurement.on_all_cores()?;
    println!("\n{}", on_all_cores.throughput(&[1, 8, 64])?);
    let memory = memory.with_ratio("to Node", "MB", Contender::NODE.name);
    println!("\n{memory}\n\n{}", measurement.packages()?);
    Ok(())
}

fn to_node_and_hand(table: Table) -> Table {
    table
        .with_ratio("to Node", "p50 us", Contender::NODE.name)
        .with_ratio("to hand", "p50 us", Contender::WITHOUT_SDK.name)
}

fn to_std(table: Table) -> Table {
    table.with_ratio("to std", "p50 us", Contender::STD_ONLY.name)
}
