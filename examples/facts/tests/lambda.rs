//! The built program behind a real Lambda Runtime API, on a real table.

use alexa_skill::BoxError;
use alexa_skill::persistence::dynamodb::DynamoDb;
use facts::SKILL_ID;
use local_dynamodb::LocalDynamoDb;
use simulator::{Conversation, LambdaFunction};

/// Alice, who speaks to the program in an execution environment of its own.
async fn alice_on(local: &LocalDynamoDb) -> Result<Conversation<LambdaFunction>, BoxError> {
    let program = env!("CARGO_BIN_EXE_facts");
    let function = LambdaFunction::start(program, local.environment()).await?;
    Ok(Conversation::over(function, SKILL_ID).user("alice"))
}

#[tokio::test]
async fn the_deployed_program_remembers_across_a_restart() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    DynamoDb::new(local.client(), "Facts")
        .ensure_table()
        .await?;

    let mut alice = alice_on(&local).await?;
    let first = alice.launch().await?;
    drop(alice);

    let mut alice = alice_on(&local).await?;
    let second = alice.launch().await?;
    assert_ne!(first.speech(), second.speech());
    assert!(second.speech().ends_with("Would you like another one?"));
    Ok(())
}
