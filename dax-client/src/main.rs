//! Runs a DAX on this machine: `dax-client local`.

use std::error::Error;
use std::time::Duration;

use clap::{Parser, Subcommand};
use dax_client::local::LocalDax;

/// Amazon DynamoDB Accelerator, to learn it on.
#[derive(Debug, Parser)]
#[command(name = "dax-client", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs a DAX on 127.0.0.1 in front of a DynamoDB endpoint, until Ctrl-C.
    Local {
        /// The port; 0 is any free one.
        #[arg(long, default_value_t = 8111)]
        port: u16,
        /// The DynamoDB endpoint behind, such as http://127.0.0.1:8000; an empty one in this
        /// process unless given.
        #[arg(long, value_name = "URL")]
        store: Option<String>,
        /// Milliseconds to wait before each call of the store.
        #[arg(long, default_value_t = 0, value_name = "MS")]
        latency: u64,
        /// Seconds for which an item is kept; 0 is until it is written or evicted.
        #[arg(long, default_value_t = 300, value_name = "SECONDS")]
        item_ttl: u64,
        /// Seconds for which the answer to a query is kept; 0 is not at all.
        #[arg(long, default_value_t = 300, value_name = "SECONDS")]
        query_ttl: u64,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let Command::Local {
        port,
        store,
        latency,
        item_ttl,
        query_ttl,
    } = Arguments::parse().command;
    let mut builder = LocalDax::builder()
        .port(port)
        .item_time_to_live(Duration::from_secs(item_ttl))
        .query_time_to_live(Duration::from_secs(query_ttl));
    if let Some(store) = &store {
        builder = builder.store_url(store);
    }
    let dax = builder.start()?;
    dax.set_store_latency(Duration::from_millis(latency));
    println!("DAX listens at {}", dax.endpoint_url());
    println!("The store behind it is {}", dax.store_url());
    tokio::signal::ctrl_c().await?;
    let counters = dax.counters();
    println!(
        "Items: {} hits, {} misses",
        counters.item_hits, counters.item_misses
    );
    println!(
        "Queries: {} hits, {} misses",
        counters.query_hits, counters.query_misses
    );
    println!("Calls of the store: {}", counters.store_calls);
    Ok(())
}
