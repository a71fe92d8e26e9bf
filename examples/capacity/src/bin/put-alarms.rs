//! Makes the alarms for a table and a function that exist.

use anyhow::Result;
use capacity::alarms;
use capacity::aws::{self, Environment};
use clap::Parser;

/// Make the alarms for a table and its function, or change them to what they should be
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The table's name
    #[arg(long)]
    table: String,
    /// The function's name
    #[arg(long)]
    function: String,
    /// The ARN of the SNS topic that is told when an alarm rings
    #[arg(long)]
    topic: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let client = aws::alarms::client(&Environment::read()?);
    for alarm in alarms::all(&arguments.table, &arguments.function) {
        aws::alarms::put(&client, &alarm, arguments.topic.as_deref()).await?;
        println!("{}", alarm.name);
    }
    Ok(())
}
