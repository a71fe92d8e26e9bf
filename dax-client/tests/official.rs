//! The official clients, unmodified, against the local DAX; and what they send beside what this
//! client sends.
//!
//! They are installed by `python3 -m venv .venv && .venv/bin/pip install -r requirements.txt` and
//! `npm ci`, in `tests/official`.

mod support;

use std::process::Command;

use aws_sdk_dynamodb::config::{Credentials, Region};
use dax_client::Client;
use serde_json::Value;
use support::proxy::Proxy;
use support::script::{Scripted, normalized, path, script, start};
use support::wire::{
    BATCH_WRITE_ITEM, PUT_ITEM, SCAN, Sent, expanded, options, requests, with_floats,
};

/// Runs a client's script, and gives what each call answered.
async fn answers(mut command: Command) -> Vec<Value> {
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn python(url: &str) -> Command {
    let mut command = Command::new(path(".venv/bin/python"));
    command
        .arg(path("calls.py"))
        .arg(url)
        .arg(path("calls.json"));
    command
}

fn node(version: &str, url: &str) -> Command {
    let mut command = Command::new("node");
    command
        .arg(path("calls.cjs"))
        .args([version, url])
        .arg(path("calls.json"));
    command.current_dir(path(""));
    command
}

async fn passes(command: impl FnOnce(&str) -> Command) {
    let dax = start().await;
    let answers = answers(command(&dax.endpoint_url())).await;
    let script = script();
    assert_eq!(answers.len(), script.len());
    for (answer, scripted) in answers.into_iter().zip(script) {
        assert_eq!(
            normalized(answer),
            normalized(scripted.answer),
            "{:?}",
            scripted.input
        );
    }
}

#[tokio::test]
#[ignore = "needs Python"]
async fn the_official_python_client_passes_every_call() {
    passes(python).await;
}

#[tokio::test]
#[ignore = "needs Node.js"]
async fn the_official_nodejs_client_v3_passes_every_call() {
    passes(|url| node("v3", url)).await;
}

#[tokio::test]
#[ignore = "needs Node.js"]
async fn the_official_nodejs_client_v1_passes_every_call() {
    passes(|url| node("v1", url)).await;
}

/// What a client sends for the calls that this crate has too.
async fn sent_by(command: impl FnOnce(&str) -> Command) -> Vec<Sent> {
    let dax = start().await;
    let proxy = Proxy::start(dax.addresses()[0]).await;
    dax.advertise(&[proxy.address]);
    answers(command(&proxy.url())).await;
    let mut sent = requests(&proxy.sent());
    let is_theirs = |sent: &Sent| [SCAN, BATCH_WRITE_ITEM].contains(&sent.method);
    let end = sent.iter().position(is_theirs);
    sent.truncate(end.unwrap_or(sent.len()));
    sent
}

/// What this client sends for them.
async fn ours() -> Vec<Sent> {
    let dax = start().await;
    let proxy = Proxy::start(dax.addresses()[0]).await;
    dax.advertise(&[proxy.address]);
    let client = Client::builder(proxy.url())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .build()
        .unwrap();
    let is_ours = |scripted: &Scripted| !scripted.theirs;
    for scripted in script().into_iter().filter(is_ours) {
        make_call!(client, scripted);
    }
    requests(&proxy.sent())
}

/// The Node.js client writes a number that is not whole as a float where a float holds it; the
/// Python client and this one write a decimal fraction, which keeps DynamoDB's digits. And it lists
/// a value again each time that an expression names it. All other bytes are equal.
#[tokio::test]
#[ignore = "needs Node.js"]
async fn the_bytes_are_those_of_the_nodejs_client() {
    /// Condition, update and filter.
    const EXPRESSIONS: [i64; 3] = [4, 8, 10];
    let theirs = sent_by(|url| node("v3", url)).await;
    let ours = ours().await;
    assert_eq!(theirs.len(), ours.len());
    let (mut floats, mut repeated) = (0, 0);
    for (mut theirs, mut ours) in theirs.into_iter().zip(ours) {
        if theirs == ours {
            continue;
        }
        let (Some(their_options), Some(our_options)) =
            (theirs.arguments.pop(), ours.arguments.pop())
        else {
            panic!("{theirs:?}");
        };
        if their_options != our_options {
            repeated += 1;
            let expanded = |bytes: &[u8]| {
                let mut options = options(bytes);
                let expressions: Vec<_> = EXPRESSIONS
                    .iter()
                    .filter_map(|key| options.remove(key))
                    .collect();
                (
                    options,
                    expressions
                        .iter()
                        .map(|bytes| expanded(bytes))
                        .collect::<Vec<_>>(),
                )
            };
            assert_eq!(expanded(&their_options), expanded(&our_options));
        }
        if theirs != ours && ours.method == PUT_ITEM {
            floats += 1;
            let (theirs, ours) = (theirs.arguments.remove(2), ours.arguments.remove(2));
            assert_eq!(with_floats(&theirs), with_floats(&ours));
        }
        assert_eq!(theirs, ours);
    }
    assert_eq!((floats, repeated), (1, 2));
}

/// The Python client repeats the placeholders (1 and 5) beside the trees that no longer need them,
/// says that it asks for no capacity (3) where it asks for none, sends a condition (4) as text
/// before it sends the tree, orders the options otherwise, and sends what was refused again. All
/// other bytes are equal.
#[tokio::test]
#[ignore = "needs Python"]
async fn the_bytes_are_those_of_the_python_client() {
    const PLACEHOLDERS: [i64; 2] = [1, 5];
    const NO_CAPACITY: (i64, &[u8]) = (3, &[0]);
    let mut theirs = sent_by(python).await;
    theirs.dedup();
    let ours = ours().await;
    assert_eq!(theirs.len(), ours.len());
    for (mut theirs, mut ours) in theirs.into_iter().zip(ours) {
        if theirs == ours {
            continue;
        }
        let (Some(their_options), Some(our_options)) =
            (theirs.arguments.pop(), ours.arguments.pop())
        else {
            panic!("{theirs:?}");
        };
        assert_eq!(theirs, ours);
        let mut their_options = options(&their_options);
        their_options.retain(|key, _| !PLACEHOLDERS.contains(key));
        let mut our_options = options(&our_options);
        for options in [&mut their_options, &mut our_options] {
            options.retain(|key, value| (*key, value.as_slice()) != NO_CAPACITY);
        }
        assert_eq!(their_options, our_options);
    }
}
