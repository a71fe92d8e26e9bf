//! The commands that call AWS: for a table and a function that exist.

use anyhow::Result;
use capacity::alarms;
use capacity::autoscaling::{Kind, Range};
use capacity::aws::{self, Environment};
use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub enum Call {
    /// Make the alarms for a table and its function, or change them to what they should be
    PutAlarms(PutAlarms),
    /// Let the capacity of a table follow its use, reads and writes alike
    ScaleTable(ScaleTable),
}

#[derive(Args)]
pub struct PutAlarms {
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

#[derive(Args)]
pub struct ScaleTable {
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
pub async fn make(call: Call) -> Result<()> {
    match call {
        Call::PutAlarms(arguments) => put_alarms(&arguments).await,
        Call::ScaleTable(arguments) => scale_table(&arguments).await,
    }
}

async fn put_alarms(arguments: &PutAlarms) -> Result<()> {
    let client = aws::alarms::client(&Environment::read()?);
    for alarm in alarms::all(&arguments.table, &arguments.function) {
        aws::alarms::put(&client, &alarm, arguments.topic.as_deref()).await?;
        println!("{}", alarm.name);
    }
    Ok(())
}

async fn scale_table(arguments: &ScaleTable) -> Result<()> {
    let ScaleTable {
        table,
        least,
        most,
        target,
    } = arguments;
    let range = Range::new(*least, *most, *target)?;
    let client = aws::scale::client(&Environment::read()?);
    for kind in Kind::ALL {
        aws::scale::scale(&client, table, kind, &range).await?;
        println!("{}: {least} to {most} units", kind.dimension());
    }
    Ok(())
}
