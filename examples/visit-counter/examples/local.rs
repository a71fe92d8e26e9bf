//! Runs a program beside a DynamoDB on this machine, which has the skill's table and ends with it:
//! `cargo run --example local -- cargo lambda watch`

use std::process::Command;

use alexa_skill::BoxError;
use alexa_skill::persistence::dynamodb::DynamoDb;
use local_dynamodb::LocalDynamoDb;

// ANCHOR: main
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let mut words = std::env::args().skip(1);
    let program = words.next().ok_or("name the program to run")?;

    let local = LocalDynamoDb::embedded()?;
    let table = DynamoDb::new(local.client(), "VisitCounter");
    table.ensure_table().await?;

    let mut command = Command::new(program);
    let status = command.args(words).envs(local.environment()).status()?;
    std::process::exit(status.code().unwrap_or(1));
}
// ANCHOR_END: main
