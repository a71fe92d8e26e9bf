//! The template makes what the code needs, and allows what the policy says.

use std::fs;

use serde_json::{Value as Json, json};
use starters::Starter;

use crate::files::Files;

fn function(template: &Json) -> &Json {
    &template["Resources"]["Function"]["Properties"]
}

fn table(template: &Json) -> &Json {
    &template["Resources"]["Table"]["Properties"]
}

/// The one statement of a policy.
fn statement(policy: &Json) -> &Json {
    let statements = policy["Statement"].as_array().unwrap();
    assert_eq!(statements.len(), 1);
    &statements[0]
}

#[test]
fn the_policy_allows_exactly_what_the_template_allows() {
    for starter in starters::ALL {
        let template = starter.template();
        let policies = function(&template)["Policies"].as_array().unwrap();
        assert_eq!(policies.len(), 1, "{}", starter.name);
        let (by_template, policy) = (&policies[0], starter.policy());
        assert_eq!(by_template["Version"], policy["Version"]);
        let (by_template, by_hand) = (statement(by_template), statement(&policy));
        assert_eq!(by_template["Effect"], "Allow");
        assert_eq!(by_template["Effect"], by_hand["Effect"]);
        assert_eq!(by_template["Action"], by_hand["Action"], "{}", starter.name);
        assert_eq!(by_template.as_object().unwrap().len(), 3);
        assert_eq!(by_hand.as_object().unwrap().len(), 3);

        assert_eq!(by_template["Resource"], "Table.Arn");
        let resource = by_hand["Resource"].as_str().unwrap();
        let name = starter.table;
        assert_eq!(
            resource,
            format!("arn:aws:dynamodb:us-east-1:123456789012:table/{name}")
        );
    }
}

#[test]
fn only_a_skill_that_forgets_may_delete() {
    for starter in starters::ALL {
        let policy = starter.policy();
        let mut actions = vec!["dynamodb:GetItem", "dynamodb:PutItem"];
        if forgets(starter) {
            actions.insert(0, "dynamodb:DeleteItem");
        }
        let allowed = &statement(&policy)["Action"];
        assert_eq!(*allowed, json!(actions), "{}", starter.name);
    }
}

/// Whether the skill's manifest subscribes it to the event on which it forgets a user.
fn forgets(starter: &Starter) -> bool {
    let manifest = starter.manifest();
    let subscriptions = manifest["events"]["subscriptions"].as_array();
    subscriptions.is_some_and(|all| all.contains(&json!({"eventName": "SKILL_DISABLED"})))
}

#[test]
fn the_skill_that_forgets_is_subscribed_to_the_event() {
    let forgetting = starters::ALL.iter().filter(|starter| forgets(starter));
    let names: Vec<&str> = forgetting.map(|starter| starter.name).collect();
    assert_eq!(names, ["shared-list"]);
    for starter in starters::ALL {
        let code = fs::read_to_string(starter.folder().join("src/lib.rs")).unwrap();
        assert_eq!(code.contains(".forget_disabled_users()"), forgets(starter));
    }
}

/// So that two stacks of one starter, such as development and production, can be in one account.
#[test]
fn the_template_tells_the_program_its_skill_and_its_table() {
    for starter in starters::ALL {
        let template = starter.template();
        let variables = &function(&template)["Environment"]["Variables"];
        let expected = json!({"SKILL_ID": "SkillId", "TABLE_NAME": "Table"});
        assert_eq!(*variables, expected, "{}", starter.name);
        assert_eq!(table(&template)["TableName"], "TableName");
        let default = template["Parameters"]["TableName"]["Default"].as_str();
        assert_eq!(default, Some(starter.table));

        let table = format!("\"{}\"", starter.table);
        for (file, variable, default) in [
            ("src/lib.rs", "SKILL_ID", "SKILL_ID"),
            ("src/main.rs", "TABLE_NAME", &table),
        ] {
            let code = fs::read_to_string(starter.folder().join(file)).unwrap();
            let read = format!("env::var(\"{variable}\").unwrap_or({default}.into())");
            assert!(code.contains(&read), "{}: {read}", starter.name);
        }
    }
}

#[test]
fn the_table_has_the_librarys_key_and_is_backed_up_and_protected() {
    for starter in starters::ALL {
        let template = starter.template();
        let table = table(&template);
        let key = json!([{"AttributeName": "userId", "KeyType": "HASH"}]);
        assert_eq!(table["KeySchema"], key, "{}", starter.name);
        let definitions = json!([{"AttributeName": "userId", "AttributeType": "S"}]);
        assert_eq!(table["AttributeDefinitions"], definitions);
        assert_eq!(table["BillingMode"], "PAY_PER_REQUEST");
        let recovery = &table["PointInTimeRecoverySpecification"];
        assert_eq!(recovery["PointInTimeRecoveryEnabled"], true);
        assert_eq!(table["DeletionProtectionEnabled"], true);
        let resource = &template["Resources"]["Table"];
        assert_eq!(resource["DeletionPolicy"], "RetainExceptOnCreate");
        assert_eq!(resource["UpdateReplacePolicy"], "Retain");
    }
}

/// `sam build` would look for a Makefile otherwise, and fail.
#[test]
fn sam_build_leaves_what_cargo_lambda_built() {
    for starter in starters::ALL {
        let template = starter.template();
        let metadata = &template["Resources"]["Function"]["Metadata"];
        assert_eq!(*metadata, json!({"SkipBuild": true}), "{}", starter.name);
    }
}

#[test]
fn only_this_skill_calls_the_function() {
    for starter in starters::ALL {
        let template = starter.template();
        let function = function(&template);
        assert_eq!(function["Runtime"], "provided.al2023");
        let code = format!("target/lambda/{}/", starter.name);
        assert_eq!(function["CodeUri"], *code);
        let event = json!({"Type": "AlexaSkill", "Properties": {"SkillId": "SkillId"}});
        assert_eq!(function["Events"], json!({"Alexa": event}));
        assert_eq!(template["Parameters"]["SkillId"]["Type"], "String");
    }
}

#[test]
fn the_manifest_names_the_function() {
    for starter in starters::ALL {
        let manifest = starter.manifest();
        let arn = format!(
            "arn:aws:lambda:us-east-1:123456789012:function:{}",
            starter.name
        );
        assert_eq!(manifest["apis"]["custom"]["endpoint"]["uri"], *arn);
        let events = &manifest["events"]["endpoint"]["uri"];
        assert!(events.is_null() || *events == *arn);
    }
}
