//! A built program as a Lambda function.

use std::time::Duration;

use alexa_skill::BoxError;
use lambda_simulator::process::{ManagedProcess, ProcessConfig, ProcessRole};
use lambda_simulator::{InvocationStatus, Simulator};
use serde_json::Value as Json;

use crate::conversation::Endpoint;

/// Longer than any machine needs to start a program; a hang ends the test with an error.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program in an execution environment of its own, as on Lambda: it asks a Runtime API on this
/// machine for each request and posts its answers there. It ends with this value.
///
/// ```no_run
/// # use alexa_skill::BoxError;
/// use simulator::{Conversation, LambdaFunction};
///
/// # async fn talk() -> Result<(), BoxError> {
/// # let program = "target/debug/my-skill"; // env!("CARGO_BIN_EXE_my-skill")
/// let function = LambdaFunction::start(program, [("TABLE_NAME", "MySkill")]).await?;
/// let mut alice = Conversation::over(function, "amzn1.ask.skill.example");
/// alice.launch().await?;
/// # Ok(())
/// # }
/// ```
///
/// It needs a Tokio runtime. A request that the program doesn't answer within 60 seconds is an
/// error; Lambda's own deadlines aren't enforced.
pub struct LambdaFunction {
    runtime_api: Simulator,
    _process: ManagedProcess,
}

impl LambdaFunction {
    /// Starts `program` with these variables added to its environment.
    ///
    /// # Errors
    /// Fails when no port can be had or the program can't be started.
    pub async fn start<'v>(
        program: &str,
        environment: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> Result<LambdaFunction, BoxError> {
        let runtime_api = Simulator::builder().build().await?;
        let mut config = ProcessConfig::new(program, ProcessRole::Runtime);
        for (name, value) in environment {
            config = config.env(name, value);
        }
        let process = runtime_api.spawn_process_with_config(config)?;
        Ok(LambdaFunction {
            runtime_api,
            _process: process,
        })
    }
}

impl Endpoint for LambdaFunction {
    /// Fails when the program reports an error, with its type and message, or doesn't answer.
    async fn call(&self, request: Json) -> Result<Json, BoxError> {
        let id = self.runtime_api.enqueue_payload(request).await;
        let done = self.runtime_api.wait_for_invocation_complete(&id, PATIENCE);
        let invocation = done.await?;
        if invocation.status != InvocationStatus::Success {
            return Err(format!("the function failed: {:?}", invocation.error).into());
        }
        Ok(invocation.response.ok_or("no response")?.payload)
    }
}
