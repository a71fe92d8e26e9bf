//! The built program behind a real Lambda Runtime API, on a real table.

use alexa_skill::BoxError;
use alexa_skill::persistence::dynamodb::DynamoDb;
use local_dynamodb::LocalDynamoDb;
use simulator::{Conversation, LambdaFunction};

/// As the template's parameters are, they differ from what the program has without them.
const SKILL_ID: &str = "amzn1.ask.skill.development";
const TABLE: &str = "VisitCounterDevelopment";

// ANCHOR: start
/// Alice, who speaks to the program in an execution environment of its own.
async fn alice_on(local: &LocalDynamoDb) -> Result<Conversation<LambdaFunction>, BoxError> {
    let program = env!("CARGO_BIN_EXE_visit-counter");
    let template = [("SKILL_ID", SKILL_ID), ("TABLE_NAME", TABLE)];
    let environment = local.environment().into_iter().chain(template);
    let function = LambdaFunction::start(program, environment).await?;
    Ok(Conversation::over(function, SKILL_ID).user("alice"))
}
// ANCHOR_END: start

// ANCHOR: lambda
#[tokio::test]
async fn the_deployed_program_remembers_across_a_restart() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    DynamoDb::new(local.client(), TABLE).ensure_table().await?;

    let mut alice = alice_on(&local).await?;
    assert_eq!(
        alice.launch().await?.speech(),
        "Welcome! This is your first visit."
    );
    assert_eq!(
        alice.launch().await?.speech(),
        "Welcome back! This is visit 2."
    );
    drop(alice);

    let mut alice = alice_on(&local).await?;
    assert_eq!(
        alice.launch().await?.speech(),
        "Welcome back! This is visit 3."
    );
    Ok(())
}
// ANCHOR_END: lambda
