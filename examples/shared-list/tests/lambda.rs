//! The built program behind a real Lambda Runtime API, on a real table.

use alexa_skill::BoxError;
use alexa_skill::persistence::dynamodb::DynamoDb;
use local_dynamodb::LocalDynamoDb;
use shared_list::SKILL_ID;
use simulator::{Conversation, LambdaFunction};

/// Alice, who speaks to the program in an execution environment of its own.
async fn alice_on(local: &LocalDynamoDb) -> Result<Conversation<LambdaFunction>, BoxError> {
    let program = env!("CARGO_BIN_EXE_shared-list");
    let function = LambdaFunction::start(program, local.environment()).await?;
    Ok(Conversation::over(function, SKILL_ID).user("alice"))
}

#[tokio::test]
async fn the_deployed_program_remembers_across_a_restart() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    DynamoDb::new(local.client(), "SharedList")
        .ensure_table()
        .await?;

    let mut alice = alice_on(&local).await?;
    alice.intent("AddIntent", [("items", "milk")]).await?;
    drop(alice);

    let mut alice = alice_on(&local).await?;
    let answer = alice.intent("ReadIntent", []).await?;
    assert!(answer.speech().starts_with("milk."));
    Ok(())
}
