//! The visit counter in Rust beside the same skill on Node.js and Python, and beside the least that
//! a turn can take: each behind a Runtime API, with one DynamoDB for all of them.
//!
//! `cargo bench -p bench --bench turns` measures what is installed in `bench/peers`, and on AWS's
//! DynamoDB Local where `alexa-skill/tests/endpoints/install` has fetched it, and skips the rest;
//! with `-- quick` each is measured once, to see that all of it works. The record that the book
//! shows is written by `cargo bench -p bench --bench turns > bench/benches/results/turns.txt`.

use anyhow::Result;
use bench::contender::Contender;
use bench::measurement::{Amount, Measurement, Over};

fn main() -> Result<()> {
    let measurement = Measurement::new(&Contender::LANGUAGES, Amount::asked_for())?;
    let node = Contender::Node;
    let floors = [node, Contender::ByHand, Contender::StdOnly];
    println!("{}", measurement.heading(&["rustc", "node", "python3"]));
    let cold = measurement.cold("Cold, over HTTP", Over::Http, node)?;
    println!("\n{cold}");
    let cold = measurement.cold("Cold, over HTTPS", Over::Https, node)?;
    println!("\n{cold}");
    let (warm, memory) = measurement.warm("Warm, over HTTP", Over::Http, &floors)?;
    let (over_https, _) = measurement.warm("Warm, over HTTPS", Over::Https, &floors[..2])?;
    let (far, _) = measurement.warm("Warm, 1 ms away", Over::Far, &floors)?;
    println!("\n{warm}\n\n{over_https}\n\n{far}");
    if let Some(local) = measurement.on_dynamodb_local()? {
        let (warm, _) = local.warm("Warm, on DynamoDB Local", Over::Http, &floors)?;
        println!("\n{warm}");
    }
    let together = measurement.on_all_cores()?;
    println!("\n{}", together.throughput(&[1, 8, 64])?);
    println!("\n{memory}\n\n{}", measurement.packages()?);
    Ok(())
}
