//! The built program behind a real Lambda Runtime API, on a real table.

use alexa_skill::BoxError;
use alexa_skill::persistence::dynamodb::DynamoDb;
use blank::SKILL_ID;
use local_dynamodb::LocalDynamoDb;
use simulator::{Conversation, LambdaFunction};

/// Alice, who speaks to the program in an execution environment of its own.
async fn alice_on(local: &LocalDynamoDb) -> Result<Conversation<LambdaFunction>, BoxError> {
    let program = env!("CARGO_BIN_EXE_blank");
    let function = LambdaFunction::start(program, local.environment()).await?;
    Ok(Conversation::over(function, SKILL_ID).user("alice"))
}

#[tokio::test]
async fn the_deployed_program_remembers_across_a_restart() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    DynamoDb::new(local.client(), "Blank")
        .ensure_table()
        .await?;

    let mut alice = alice_on(&local).await?;
    alice.intent("ColorIntent", [("color", "blue")]).await?;
    drop(alice);

    let mut alice = alice_on(&local).await?;
    let answer = alice.launch().await?;
    let expected = "Welcome back! Your favorite color is blue.";
    assert_eq!(answer.speech(), expected);
    Ok(())
}
