//! The built program behind a real Lambda Runtime API, on a real table.

use std::time::Duration;

use alexa_skill::BoxError;
use alexa_skill::persistence::dynamodb::DynamoDb;
use lambda_simulator::process::{ManagedProcess, ProcessConfig, ProcessRole};
use lambda_simulator::{InvocationStatus, Simulator};
use local_dynamodb::LocalDynamoDb;
use simulator::{Conversation, Endpoint};

/// Longer than any machine needs to start the program; a hang ends the test with an error.
const PATIENCE: Duration = Duration::from_secs(60);

/// As the template's parameters are, they differ from what the program has without them.
const SKILL_ID: &str = "amzn1.ask.skill.development";
const TABLE: &str = "VisitCounterDevelopment";

// ANCHOR: start
/// Starts the program in an environment of its own, as Lambda does.
async fn start(local: &LocalDynamoDb) -> Result<(Simulator, ManagedProcess), BoxError> {
    let lambda = Simulator::builder()
        .function_name("visit-counter")
        .build()
        .await?;
    let program = env!("CARGO_BIN_EXE_visit-counter");
    let mut config = ProcessConfig::new(program, ProcessRole::Runtime)
        .env("SKILL_ID", SKILL_ID)
        .env("TABLE_NAME", TABLE);
    for (name, value) in local.environment() {
        config = config.env(name, value);
    }
    let process = lambda.spawn_process_with_config(config)?;
    Ok((lambda, process))
}
// ANCHOR_END: start

// ANCHOR: over
/// Alice, who speaks to the program in that environment.
fn alice_on(lambda: &Simulator) -> Conversation<impl Endpoint> {
    let invoke = async |request| {
        let id = lambda.enqueue_payload(request).await;
        let invocation = lambda.wait_for_invocation_complete(&id, PATIENCE).await?;
        assert_eq!(
            invocation.status,
            InvocationStatus::Success,
            "{:?}",
            invocation.error
        );
        Ok(invocation.response.ok_or("no response")?.payload)
    };
    Conversation::over(invoke, SKILL_ID).user("alice")
}
// ANCHOR_END: over

// ANCHOR: lambda
#[tokio::test]
async fn the_deployed_program_remembers_across_a_restart() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    DynamoDb::new(local.client(), TABLE).ensure_table().await?;

    let (lambda, process) = start(&local).await?;
    let mut alice = alice_on(&lambda);
    assert_eq!(
        alice.launch().await?.speech(),
        "Welcome! This is your first visit."
    );
    assert_eq!(
        alice.launch().await?.speech(),
        "Welcome back! This is visit 2."
    );
    drop(process);

    let (lambda, _process) = start(&local).await?;
    let mut alice = alice_on(&lambda);
    assert_eq!(
        alice.launch().await?.speech(),
        "Welcome back! This is visit 3."
    );
    Ok(())
}
// ANCHOR_END: lambda
