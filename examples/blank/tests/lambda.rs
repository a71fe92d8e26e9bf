//! The built program behind a real Lambda Runtime API, on a real table.

use std::time::Duration;

use alexa_skill::BoxError;
use alexa_skill::persistence::dynamodb::DynamoDb;
use blank::SKILL_ID;
use lambda_simulator::process::{ManagedProcess, ProcessConfig, ProcessRole};
use lambda_simulator::{InvocationStatus, Simulator};
use local_dynamodb::LocalDynamoDb;
use simulator::{Conversation, Endpoint};

/// Longer than any machine needs to start the program; a hang ends the test with an error.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts the program in an environment of its own, as Lambda does.
async fn start(local: &LocalDynamoDb) -> Result<(Simulator, ManagedProcess), BoxError> {
    let lambda = Simulator::builder().function_name("blank").build().await?;
    let program = env!("CARGO_BIN_EXE_blank");
    let mut config = ProcessConfig::new(program, ProcessRole::Runtime);
    for (name, value) in local.environment() {
        config = config.env(name, value);
    }
    let process = lambda.spawn_process_with_config(config)?;
    Ok((lambda, process))
}

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

#[tokio::test]
async fn the_deployed_program_remembers_across_a_restart() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    DynamoDb::new(local.client(), "Blank")
        .ensure_table()
        .await?;

    let (lambda, process) = start(&local).await?;
    let mut alice = alice_on(&lambda);
    alice.intent("ColorIntent", [("color", "blue")]).await?;
    drop(process);

    let (lambda, _process) = start(&local).await?;
    let mut alice = alice_on(&lambda);
    let answer = alice.launch().await?;
    let expected = "Welcome back! Your favorite color is blue.";
    assert_eq!(answer.speech(), expected);
    Ok(())
}
