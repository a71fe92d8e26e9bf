//! The visit counter without the AWS SDK, without lambda_runtime and without Tokio: one thread that
//! waits, one connection to the Runtime API and one to DynamoDB. It reads and writes JSON and signs
//! what it sends, so AWS would answer it; what alexa-skill writes, under the condition that
//! alexa-skill sets, it writes too.
//!
//! It is no way to write a skill: it makes no call twice, and gives none up.

mod visits;

use anyhow::{Context, Result};
use contenders::{runtime_client, welcome};
use serde_json::{Value as Json, json};

use visits::Visits;

fn main() -> Result<()> {
    let mut visits: Option<Visits> = None;
    runtime_client::run(|event| {
        let envelope: Json = serde_json::from_str(event)?;
        let user = envelope["context"]["System"]["user"]["userId"].as_str();
        let user = user.context("the request has no user id")?;
        let request = envelope["request"]["requestId"].as_str();
        let request = request.context("the request has no id")?;
        // The first turn connects, as it does where the AWS SDK makes the calls.
        let visits = match &mut visits {
            Some(visits) => visits,
            none => none.insert(Visits::connect()?),
        };
        let speech = welcome(visits.count(user, request)?);
        let speech = json!({"type": "SSML", "ssml": format!("<speak>{speech}</speak>")});
        Ok(json!({"version": "1.0", "response": {"outputSpeech": speech}}).to_string())
    })
}
