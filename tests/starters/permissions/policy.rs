//! Policies of a role, evaluated by iam-rs.

use iam_rs::{
    Arn, Decision, IAMPolicy, IAMRequest, Principal, PrincipalId, Validate, evaluate_policy,
};
use serde_json::{Value as Json, json};

const ROLE: &str = "arn:aws:iam::123456789012:role/skill";

/// The policy of a role that has no other.
#[derive(Clone)]
pub struct Policy(IAMPolicy);

impl Policy {
    /// Reads a policy, and fails the test where it is none.
    #[track_caller]
    pub fn new(policy: &Json) -> Policy {
        let text = policy.to_string();
        let policy = IAMPolicy::from_json(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        // A misspelt key parses, and leaves a statement that says nothing.
        let validity = policy.validate_result();
        assert!(validity.is_ok(), "{validity:?}: {text}");
        Policy(policy)
    }

    /// A policy that allows these actions on one table.
    #[track_caller]
    pub fn allowing(actions: &[&str], table: &str) -> Policy {
        Policy::new(&json!({
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": actions, "Resource": table_arn(table)}],
        }))
    }

    /// Whether a role with this policy may call the action on the resource.
    pub fn allows(&self, action: &str, resource: &str) -> bool {
        let role = Principal::Aws(PrincipalId::String(ROLE.to_owned()));
        let request = IAMRequest::new(role, action, Arn::parse(resource).unwrap());
        evaluate_policy(&self.0, &request).unwrap() == Decision::Allow
    }
}

/// The resource name of a table of the examples' account.
pub fn table_arn(table: &str) -> String {
    format!("arn:aws:dynamodb:us-east-1:123456789012:table/{table}")
}
