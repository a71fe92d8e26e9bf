//! The policies: enough for everything that Alexa can ask of a starter, and not an action more.

mod catalogue;
mod features;
mod guarded;
mod moto;
mod policy;
mod visit;

use std::fs;

use serde_json::{Value as Json, json};
use snapbox::{Assert, file};
use starters::Starter;

use crate::files::Files;
use crate::repository;
use policy::{Policy, table_arn};
use visit::visit;

/// The policy by hand and the one that the template makes, with the actions that they allow.
fn policies(starter: &Starter) -> [(&'static str, Json); 2] {
    let mut template = starter.template();
    let policies = &mut template["Resources"]["Function"]["Properties"]["Policies"];
    let mut by_template = policies[0].take();
    let resource = &mut by_template["Statement"][0]["Resource"];
    assert_eq!(*resource, "Table.Arn");
    *resource = json!(table_arn(starter.table));
    [
        ("policy.json", starter.policy()),
        ("template.yaml", by_template),
    ]
}

fn actions(policy: &Json) -> Vec<String> {
    let actions = policy["Statement"][0]["Action"].as_array().unwrap();
    let actions = actions.iter().map(|action| action.as_str().unwrap());
    actions.map(str::to_owned).collect()
}

/// The policy without one of its actions.
fn without(policy: &Json, taken: &str) -> Json {
    let mut policy = policy.clone();
    let actions = policy["Statement"][0]["Action"].as_array_mut().unwrap();
    actions.retain(|action| action != taken);
    policy
}

/// Every action that DynamoDB has; a test compares the list with parliament's.
fn all_actions() -> Vec<String> {
    let list = repository().join("tests/starters/permissions/dynamodb-actions.txt");
    let text = fs::read_to_string(list).unwrap();
    text.lines()
        .map(|name| format!("dynamodb:{name}"))
        .collect()
}

// ANCHOR: enough
#[tokio::test]
async fn with_its_policy_each_starter_answers_everything() {
    for starter in starters::ALL {
        for (file, policy) in policies(starter) {
            let visit = visit(starter, &Policy::new(&policy)).await;
            assert_eq!(visit.errors, [""; 0], "{} {file}", starter.name);
            // What the policy allows is what the skill calls: nothing in it is spare.
            assert_eq!(visit.actions, actions(&policy), "{} {file}", starter.name);
        }
    }
}
// ANCHOR_END: enough

// ANCHOR: needed
#[tokio::test]
async fn without_any_one_of_its_actions_a_starter_fails_by_name() {
    for starter in starters::ALL {
        let (table, whole) = (starter.table, starter.policy());
        for taken in actions(&whole) {
            let policy = Policy::new(&without(&whole, &taken));
            let visit = visit(starter, &policy).await;
            let expected = format!(
                "AccessDenied: the skill may not call {taken} on table `{table}`: \
                 allow it in the policy of its role"
            );
            assert!(visit.errors.contains(&expected), "{:?}", visit.errors);
            assert!(visit.errors.iter().all(|error| *error == expected));
        }
    }
}
// ANCHOR_END: needed

#[tokio::test]
async fn a_denied_turn_says_sorry_and_logs_the_action() {
    let starter = starters::named("visit-counter").unwrap();
    let policy = Policy::new(&without(&starter.policy(), "dynamodb:PutItem"));
    let visit = visit(starter, &policy).await;
    let shown = format!("{}\n{}\n", visit.errors[0], visit.speeches[0]);
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(shown, file!["../snapshots/denied.txt"]);
}

#[tokio::test]
async fn a_starter_that_is_refused_goes_no_further() {
    for starter in starters::ALL {
        let policy = Policy::new(&without(&starter.policy(), "dynamodb:GetItem"));
        let visit = visit(starter, &policy).await;
        let put = visit
            .calls
            .iter()
            .find(|call| call.action.ends_with("PutItem"));
        assert_eq!(put, None, "what was not read is not written");
    }
}

// ANCHOR: nothing_else
#[test]
fn no_policy_allows_another_action_or_another_table() {
    let all = all_actions();
    for starter in starters::ALL {
        let table = starter.table;
        for (file, json) in policies(starter) {
            let (policy, allowed) = (Policy::new(&json), actions(&json));
            for action in &all {
                let expected = allowed.contains(action);
                let place = format!("{} {file} {action}", starter.name);
                assert_eq!(
                    policy.allows(action, &table_arn(table)),
                    expected,
                    "{place}"
                );
                for other in others(table) {
                    assert!(!policy.allows(action, &other), "{place} {other}");
                }
            }
        }
    }
}
// ANCHOR_END: nothing_else

/// Resources that resemble the table.
fn others(table: &str) -> Vec<String> {
    let arn = table_arn(table);
    vec![
        table_arn("Others"),
        table_arn("*"),
        format!("{arn}2"),
        format!("{arn}/index/byName"),
        format!("{arn}/backup/01489602797149-73d8d5bc"),
        arn.replace("us-east-1", "eu-west-1"),
        arn.replace("123456789012", "210987654321"),
    ]
}

#[test]
fn the_list_of_actions_has_those_of_the_guide() {
    let all = all_actions();
    let mut sorted = all.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted, all);
    for action in ["GetItem", "PutItem", "DeleteItem", "Scan", "CreateTable"] {
        assert!(all.contains(&format!("dynamodb:{action}")), "{action}");
    }
    assert!(all.len() > 50);
}
