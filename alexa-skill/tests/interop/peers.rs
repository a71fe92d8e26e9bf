//! The real ASK SDKs, each in a process of its own, and the values that they exchange with tests.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use alexa_skill::attributes::{Attributes, Number, Value};
use serde_json::{Map, Value as Json, json};

/// An SDK, and where it keeps attributes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Peer {
    /// `alexa-sdk` 1.0.25: a skill whose session begins and ends.
    NodeV1,
    /// `ask-sdk-dynamodb-persistence-adapter` 2.14.0 on npm.
    NodeV2,
    /// `ask-sdk-dynamodb-persistence-adapter` 1.19.0 on PyPI.
    Python,
    /// `ask-sdk-s3-persistence-adapter` 2.14.0 on npm.
    #[cfg(feature = "s3")]
    NodeS3,
}

pub const SKILL_ID: &str = "amzn1.ask.skill.test";
pub const USER: &str = "amzn1.ask.account.AEXAMPLEUSER";

pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/interop")
        .join(name)
}

/// The interpreter of the virtual environment that the packages are in.
pub fn python() -> PathBuf {
    folder("python/.venv/bin/python")
}

impl Peer {
    fn command(self, action: &str, place: &str) -> Command {
        let node = |sdk: &str| {
            let mut node = Command::new("node");
            node.arg(folder("node/adapter.js")).arg(sdk);
            node
        };
        let mut command = match self {
            Peer::NodeV1 => node("v1"),
            Peer::NodeV2 => node("v2"),
            #[cfg(feature = "s3")]
            Peer::NodeS3 => node("s3"),
            Peer::Python => {
                let mut command = Command::new(python());
                command.arg(folder("python/adapter.py"));
                command
            }
        };
        command.arg(action).arg(place);
        command
    }

    /// What the SDK says, or what it fails with.
    fn run(
        self,
        action: &str,
        place: &Place<'_>,
        attributes: &Attributes,
    ) -> Result<Attributes, String> {
        let mut command = self.command(action, place.name);
        command.envs(place.environment.iter().copied());
        command.env("AWS_DEFAULT_REGION", "us-east-1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(Stdio::piped());
        let mut process = command.spawn().unwrap_or_else(|error| {
            let program = command.get_program().to_string_lossy().into_owned();
            panic!("{program}: {error}; .ci/run shows how it is installed")
        });
        let input = json!({"envelope": envelope(), "attributes": encoded_map(attributes)});
        let stdin = process.stdin.take().unwrap();
        serde_json::to_writer(&stdin, &input).unwrap();
        (&stdin).flush().unwrap();
        drop(stdin);
        let output = process.wait_with_output().unwrap();
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let output = String::from_utf8(output.stdout).unwrap();
        // The SDKs print warnings, too.
        let last = output.lines().last().unwrap();
        match decoded(serde_json::from_str(last).unwrap()) {
            Value::Map(attributes) => Ok(attributes),
            other => panic!("{self:?} read {other:?}"),
        }
    }

    /// Saves `attributes` as the SDK saves them.
    pub fn writes(self, place: &Place<'_>, attributes: &Attributes) {
        let written = self.run("write", place, attributes);
        written.unwrap_or_else(|error| panic!("{self:?} writes: {error}"));
    }

    /// The attributes as the SDK's handlers see them.
    pub fn reads(self, place: &Place<'_>) -> Attributes {
        let read = self.try_reads(place);
        read.unwrap_or_else(|error| panic!("{self:?} reads: {error}"))
    }

    /// As [`reads`](Peer::reads), where the SDK may fail.
    pub fn try_reads(self, place: &Place<'_>) -> Result<Attributes, String> {
        self.run("read", place, &Attributes::new())
    }
}

/// Where a peer finds its table or bucket.
pub struct Place<'a> {
    pub name: &'a str,
    pub environment: &'a [(&'static str, &'a str)],
}

fn envelope() -> Json {
    let application = json!({"applicationId": SKILL_ID});
    let user = json!({"userId": USER});
    json!({
        "version": "1.0",
        "session": {
            "new": true, "sessionId": "s", "application": application, "user": user,
            "attributes": {},
        },
        "context": {"System": {"application": application, "user": user}},
        "request": {
            "type": "LaunchRequest", "requestId": "r", "locale": "en-US",
            "timestamp": "2026-11-22T12:00:00Z",
        },
    })
}

fn encoded_map(attributes: &Attributes) -> Json {
    let entries = attributes.iter();
    Json::Object(
        entries
            .map(|(name, value)| (name.clone(), encoded(value)))
            .collect(),
    )
}

fn encoded(value: &Value) -> Json {
    let number = |number: &Number| json!({"$number": number.as_str()});
    let binary = |bytes: &Vec<u8>| json!({"$binary": hexadecimal(bytes)});
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => json!(flag),
        Value::Number(digits) => number(digits),
        Value::String(text) => json!(text),
        Value::Binary(bytes) => binary(bytes),
        Value::List(values) => values.iter().map(encoded).collect(),
        Value::Map(attributes) => encoded_map(attributes),
        Value::StringSet(set) => json!({ "$set": set }),
        Value::NumberSet(set) => json!({"$set": set.iter().map(number).collect::<Vec<_>>()}),
        Value::BinarySet(set) => json!({"$set": set.iter().map(binary).collect::<Vec<_>>()}),
    }
}

fn decoded(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => flag.into(),
        Json::String(text) => text.into(),
        Json::Array(values) => Value::List(values.into_iter().map(decoded).collect()),
        Json::Object(entries) => tagged(&entries).unwrap_or_else(|| {
            Value::Map(
                entries
                    .into_iter()
                    .map(|(name, json)| (name, decoded(json)))
                    .collect(),
            )
        }),
        Json::Number(number) => panic!("a peer wrote {number} without saying how exactly"),
    }
}

fn tagged(entries: &Map<String, Json>) -> Option<Value> {
    if let Some(digits) = entries.get("$number") {
        return Some(Value::Number(digits.as_str()?.parse().unwrap()));
    }
    if let Some(text) = entries.get("$binary") {
        return Some(Value::Binary(bytes(text.as_str()?)));
    }
    let elements = entries.get("$set")?.as_array()?.iter().cloned();
    Some(set(elements.map(decoded).collect()))
}

/// A set in an order that two equal sets share.
fn set(elements: Vec<Value>) -> Value {
    let mut strings = Vec::new();
    let mut numbers = Vec::new();
    let mut binaries = Vec::new();
    for element in elements {
        match element {
            Value::String(text) => strings.push(text),
            Value::Number(number) => numbers.push(number),
            Value::Binary(bytes) => binaries.push(bytes),
            other => panic!("no set has {other:?}"),
        }
    }
    strings.sort();
    numbers.sort_by_key(|number| number.as_str().to_owned());
    binaries.sort();
    match (strings.is_empty(), numbers.is_empty()) {
        (false, _) => Value::StringSet(strings),
        (_, false) => Value::NumberSet(numbers),
        _ => Value::BinarySet(binaries),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let (pairs, _) = hexadecimal.as_bytes().as_chunks::<2>();
    let byte = |pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
    pairs.iter().map(|pair| byte(pair)).collect()
}
