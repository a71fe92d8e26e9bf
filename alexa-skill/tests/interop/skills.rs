//! Whole skills of the other SDKs, each in a process of its own, that tests hold conversations with.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use alexa_skill::BoxError;
use local_dynamodb::LocalDynamoDb;
use serde_json::Value as Json;
use simulator::{Conversation, Endpoint};

use crate::peers::{USER, folder};

/// The id that the skills in `node` were given.
pub const SKILL_ID: &str = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000";

/// A skill under Node.js.
pub struct NodeSkill {
    process: Child,
    pipes: Mutex<Pipes>,
}

struct Pipes {
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl NodeSkill {
    /// The skill in `file`, which keeps its table on `local`.
    pub fn start(file: &str, local: &LocalDynamoDb) -> NodeSkill {
        NodeSkill::spawn(file, local, &mut Command::new("node"))
    }

    /// As [`start`](NodeSkill::start), but each write waits until the test lets it go.
    pub fn holding_writes(file: &str, local: &LocalDynamoDb) -> NodeSkill {
        NodeSkill::spawn(file, local, Command::new("node").env("HOLD_WRITES", "1"))
    }

    fn spawn(file: &str, local: &LocalDynamoDb, node: &mut Command) -> NodeSkill {
        let node = node
            .arg(folder("node/talk.js"))
            .arg(folder("node").join(file));
        node.envs(local.environment());
        node.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = node.spawn().expect("node; .ci/run shows its packages");
        let pipes = Pipes {
            input: process.stdin.take().unwrap(),
            output: BufReader::new(process.stdout.take().unwrap()).lines(),
        };
        NodeSkill {
            process,
            pipes: Mutex::new(pipes),
        }
    }

    /// A conversation with it.
    pub fn user(&self) -> Conversation<&NodeSkill> {
        Conversation::over(self, SKILL_ID).user(USER)
    }

    /// Sends a request, and returns when the skill is about to write.
    pub fn hold(&self, request: &Json) {
        let mut pipes = self.pipes.lock().unwrap();
        pipes.send(request);
        assert_eq!(pipes.line(), "held");
    }

    /// Lets the write go that [`hold`](NodeSkill::hold) waited for, and reads the answer.
    pub fn release(&self) -> Json {
        let mut pipes = self.pipes.lock().unwrap();
        writeln!(pipes.input, "go").unwrap();
        pipes.answer()
    }
}

impl Pipes {
    fn send(&mut self, request: &Json) {
        writeln!(self.input, "{request}").unwrap();
    }

    /// The next line that the skill's process prints, what the SDKs print aside.
    fn line(&mut self) -> String {
        let lines = self.output.by_ref().map(Result::unwrap);
        let mut lines = lines.filter(|line| line == "held" || line.starts_with("answer "));
        lines.next().expect("the skill's process has ended")
    }

    fn answer(&mut self) -> Json {
        serde_json::from_str(&self.line()["answer ".len()..]).unwrap()
    }
}

impl Endpoint for &NodeSkill {
    async fn call(&self, request: Json) -> Result<Json, BoxError> {
        let mut pipes = self.pipes.lock().unwrap();
        pipes.send(&request);
        Ok(pipes.answer())
    }
}

impl Drop for NodeSkill {
    fn drop(&mut self) {
        // Nothing reads from a process that a test has left behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
