//! What parliament, which knows every action and resource of AWS, says of the policies.

use std::io::Write;
use std::process::{Command, Stdio};

use manuscript::Book;
use serde_json::{Value as Json, json};

use super::{all_actions, policies};
use crate::repository;

/// What parliament finds, a line each.
fn findings(policy: &Json) -> String {
    let tool = repository().join("tests/tools/.venv/bin/parliament");
    let mut parliament = Command::new(&tool);
    // By standard input: it skips a file whose name it does not like, and finds nothing in it.
    parliament.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = parliament
        .spawn()
        .unwrap_or_else(|error| panic!("{tool:?}: {error}; .ci/run installs what it needs"));
    let mut input = process.stdin.take().unwrap();
    input.write_all(policy.to_string().as_bytes()).unwrap();
    drop(input);
    let output = process.wait_with_output().unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.success(), found.is_empty(), "{found}");
    found
}

/// The policies on the pages of the book, with the chapter and line of each.
fn policies_of_the_book() -> Vec<(String, Json)> {
    let book = Book::load(repository()).unwrap();
    let blocks = book.fences().filter(|fence| fence.info == "json");
    let parsed = blocks.map(|fence| {
        let place = format!("{}:{}", fence.chapter.display(), fence.line);
        (place, serde_json::from_str::<Json>(&fence.shown).unwrap())
    });
    parsed
        .filter(|(_, json)| !json["Statement"].is_null())
        .collect()
}

#[test]
#[ignore = "needs Python, whose packages .ci/run installs"]
fn parliament_finds_nothing_in_any_policy() {
    let mut all = policies_of_the_book();
    for starter in starters::ALL {
        for (file, policy) in policies(starter) {
            all.push((format!("{} {file}", starter.name), policy));
        }
    }
    assert!(all.len() >= 12, "{}", all.len());
    for (place, policy) in all {
        // Once with all actions and once with each: an unknown action hides a wrong resource.
        let found: String = alone(&policy).iter().map(findings).collect();
        assert_eq!(found, "", "{place}");
    }
}

/// The policy, and for each statement and action a policy of that one.
fn alone(policy: &Json) -> Vec<Json> {
    let mut all = vec![policy.clone()];
    for statement in policy["Statement"].as_array().unwrap() {
        for action in statement["Action"].as_array().into_iter().flatten() {
            let mut statement = statement.clone();
            statement["Action"] = action.clone();
            all.push(json!({"Version": "2012-10-17", "Statement": [statement]}));
        }
    }
    all
}

#[test]
#[ignore = "needs Python, whose packages .ci/run installs"]
fn parliament_finds_what_is_planted() {
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/Visits";
    for (action, resource, finding) in [
        ("dynamodb:PutItems", arn, "Unknown action"),
        (
            "dynamodb:PutItem",
            "arn:aws:s3:::bucket/*",
            "No resources match",
        ),
    ] {
        let statement = json!({"Effect": "Allow", "Action": action, "Resource": resource});
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]});
        let found = findings(&policy);
        assert!(found.contains(finding), "{found}");
    }
}

#[test]
#[ignore = "needs Python, whose packages .ci/run installs"]
fn the_list_of_actions_is_parliaments() {
    let program = "import json, os, parliament\n\
        path = os.path.join(os.path.dirname(parliament.__file__), 'iam_definition.json')\n\
        services = json.load(open(path))\n\
        dynamodb = next(s for s in services if s['prefix'] == 'dynamodb')\n\
        print(*sorted(p['privilege'] for p in dynamodb['privileges']))";
    let python = repository().join("tests/tools/.venv/bin/python");
    let output = Command::new(python).args(["-c", program]).output().unwrap();
    let known = String::from_utf8(output.stdout).unwrap();
    let known: Vec<String> = known
        .split_whitespace()
        .map(|name| format!("dynamodb:{name}"))
        .collect();
    assert_eq!(all_actions(), known);
}
