//! Lets the capacity of a table that exists follow its use.

use anyhow::Result;
use capacity::autoscaling::{Kind, Range};
use capacity::aws::{self, Environment};
use clap::Parser;

/// Let the capacity of a table follow its use, reads and writes alike
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The table's name
    #[arg(long)]
    table: String,
    /// Never fewer units than this
    #[arg(long, default_value_t = 5)]
    least: u32,
    /// Never more
    #[arg(long, default_value_t = 200)]
    most: u32,
    /// The percentage of the capacity that shall be used
    #[arg(long, default_value_t = 70)]
    target: u32,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let Arguments {
        table,
        least,
        most,
        target,
    } = Arguments::parse();
    let range = Range::new(least, most, target)?;
    let client = aws::scale::client(&Environment::read()?);
    for kind in Kind::ALL {
        aws::scale::scale(&client, &table, kind, &range).await?;
        println!("{}: {least} to {most} units", kind.dimension());
    }
    Ok(())
}
