//! The visit counter as a Lambda function without the AWS SDK, without lambda_runtime and without
//! Tokio: one thread that waits, one connection to the Runtime API and one to DynamoDB. It reads
//! and writes JSON and signs what it sends, so AWS would answer it; what alexa-skill writes, under
//! the condition that alexa-skill sets, it writes too.
//!
//! It is no way to write a skill: nothing is tried again, and no call is given up.

mod table;

use std::env;

use anyhow::{Context, Result};
use serde_json::{Value as Json, json};
use std_only::Http;

use table::Table;

const NEXT: &str = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n";

fn main() -> Result<()> {
    let mut lambda = Http::connect(&variable("AWS_LAMBDA_RUNTIME_API")?)?;
    let mut table = None;
    loop {
        let event = lambda.call(NEXT, b"")?;
        let id = event.header("lambda-runtime-aws-request-id");
        let id = id.unwrap_or_default().to_owned();
        let envelope: Json = serde_json::from_str(event.text()?)?;
        let user = envelope["context"]["System"]["user"]["userId"].as_str();
        let request = envelope["request"]["requestId"].as_str();
        // The first turn connects, as it does where the AWS SDK makes the calls.
        let table = match &mut table {
            Some(table) => table,
            none => none.insert(Table::connect("VisitCounter")?),
        };
        let speech = match table.count(user.context("nobody")?, request.context("no id")?)? {
            1 => "Welcome! This is your first visit.".to_owned(),
            count => format!("Welcome back! This is visit {count}."),
        };
        let speech = json!({"type": "SSML", "ssml": format!("<speak>{speech}</speak>")});
        let answer = json!({"version": "1.0", "response": {"outputSpeech": speech}});
        let respond = format!(
            "POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\n\
             content-type: application/json\r\n"
        );
        lambda.call(&respond, &serde_json::to_vec(&answer)?)?;
    }
}

fn variable(name: &str) -> Result<String> {
    env::var(name).with_context(|| name.to_owned())
}
