//! What IAM does before a request reaches DynamoDB. An emulator has no IAM, so this evaluates a policy
//! before each request is sent. It takes policies of `Effect`, `Action` and `Resource` alone, and
//! evaluates them as IAM does: what no statement allows is denied, and a statement that denies
//! overrides all that allow.

use aws_sdk_dynamodb::config::http::{HttpRequest, HttpResponse};
use aws_sdk_dynamodb::config::{HttpClient, RuntimeComponents, SharedHttpClient};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value as Json, json};

/// The account and Region of the starters' policies.
const TABLES: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/";
const ROLE: &str = "arn:aws:sts::123456789012:assumed-role/skill/function";

/// What a role may do.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    statements: Vec<Statement>,
}

#[derive(Debug, Clone)]
struct Statement {
    allows: bool,
    actions: Vec<String>,
    resources: Vec<String>,
}

impl Policy {
    /// Reads a policy document, or says why it is none.
    pub(super) fn parse(text: &str) -> Result<Policy, String> {
        let document: Json =
            serde_json::from_slice(text.as_bytes()).map_err(|error| error.to_string())?;
        let statements = match &document["Statement"] {
            Json::Array(statements) => statements.iter().map(Statement::read).collect(),
            Json::Object(_) => Statement::read(&document["Statement"]).map(|one| vec![one]),
            _ => Err("it has no Statement".to_owned()),
        };
        let statements = statements?;
        Ok(Policy { statements })
    }

    fn allows(&self, action: &str, resource: &str) -> bool {
        // The names of actions are not case-sensitive, and those of resources are.
        let action = action.to_ascii_lowercase();
        let mut that_match = self.statements.iter().filter(|statement| {
            let named =
                |names: &[String], name: &str| names.iter().any(|known| matches(known, name));
            named(&statement.actions, &action) && named(&statement.resources, resource)
        });
        let allowed = that_match.clone().any(|statement| statement.allows);
        allowed && that_match.all(|statement| statement.allows)
    }
}

impl Statement {
    fn read(statement: &Json) -> Result<Statement, String> {
        let known = ["Sid", "Effect", "Action", "Resource"];
        let names = statement.as_object().into_iter().flatten();
        if let Some((name, _)) = names
            .into_iter()
            .find(|(name, _)| !known.contains(&name.as_str()))
        {
            return Err(format!("{name} is nothing that this page evaluates"));
        }
        let allows = match statement["Effect"].as_str() {
            Some("Allow") => true,
            Some("Deny") => false,
            _ => return Err("a statement's Effect is Allow or Deny".into()),
        };
        let texts = |name: &str| match &statement[name] {
            Json::String(text) => Ok(vec![text.clone()]),
            Json::Array(texts) => {
                let texts = texts.iter().map(|text| text.as_str().map(str::to_owned));
                let texts: Option<Vec<String>> = texts.collect();
                texts.ok_or_else(|| format!("{name} holds something that is no text"))
            }
            _ => Err(format!("a statement has no {name}")),
        };
        let actions = texts("Action")?;
        Ok(Statement {
            allows,
            actions: actions
                .iter()
                .map(|name| name.to_ascii_lowercase())
                .collect(),
            resources: texts("Resource")?,
        })
    }
}

/// Whether `name` is what a policy means by `pattern`, in which `*` is any text and `?` any character.
fn matches(pattern: &str, name: &str) -> bool {
    let (mut pattern_rest, mut name_rest) = (pattern.chars(), name.chars());
    match (pattern_rest.next(), name_rest.next()) {
        (None, None) => true,
        (Some('*'), None) => matches(pattern_rest.as_str(), name),
        (Some('*'), Some(_)) => {
            matches(pattern_rest.as_str(), name) || matches(pattern, name_rest.as_str())
        }
        (Some(one), Some(other)) if one == '?' || one == other => {
            matches(pattern_rest.as_str(), name_rest.as_str())
        }
        _ => false,
    }
}

/// An HTTP client that sends only what a policy allows.
#[derive(Debug, Clone)]
pub(super) struct PolicyHttpClient {
    policy: Policy,
    inner: SharedHttpClient,
}

impl PolicyHttpClient {
    pub(super) fn new(policy: Policy, inner: SharedHttpClient) -> PolicyHttpClient {
        PolicyHttpClient { policy, inner }
    }
}

impl HttpClient for PolicyHttpClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(PolicyConnector {
            policy: self.policy.clone(),
            inner: self.inner.http_connector(settings, components),
        })
    }
}

#[derive(Debug)]
struct PolicyConnector {
    policy: Policy,
    inner: SharedHttpConnector,
}

impl HttpConnector for PolicyConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.split('.').next_back().unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        let body: Json = serde_json::from_slice(body).unwrap_or_default();
        let action = format!("dynamodb:{operation}");
        let resource = format!("{TABLES}{}", body["TableName"].as_str().unwrap_or_default());
        if self.policy.allows(&action, &resource) {
            return self.inner.call(request);
        }
        HttpConnectorFuture::ready(denied(&action, &resource))
    }
}

/// What DynamoDB answers a role that may not do something.
fn denied(action: &str, resource: &str) -> Result<HttpResponse, ConnectorError> {
    let body = json!({
        "__type": "com.amazon.coral.service#AccessDeniedException",
        "Message": format!(
            "User: {ROLE} is not authorized to perform: {action} on resource: {resource} \
             because no identity-based policy allows the {action} action"
        ),
    });
    let status = StatusCode::try_from(400);
    let status = status.map_err(|error| ConnectorError::other(error.into(), None))?;
    let mut response = HttpResponse::new(status, SdkBody::from(body.to_string()));
    let headers = response.headers_mut();
    headers.insert("content-type", "application/x-amz-json-1.0");
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/VisitCounter";

    fn policy(statement: Json) -> Policy {
        Policy::parse(&json!({"Version": "2012-10-17", "Statement": statement}).to_string())
            .unwrap()
    }

    #[test]
    fn the_starters_policy_allows_reading_and_writing_its_table_and_nothing_else() {
        let text = starters::named("visit-counter").unwrap().policy;
        let policy = Policy::parse(text).unwrap();
        for (action, table, allowed) in [
            ("dynamodb:GetItem", TABLE, true),
            ("dynamodb:putitem", TABLE, true),
            ("dynamodb:DeleteItem", TABLE, false),
            (
                "dynamodb:GetItem",
                "arn:aws:dynamodb:us-east-1:123456789012:table/Other",
                false,
            ),
        ] {
            assert_eq!(policy.allows(action, table), allowed, "{action} on {table}");
        }
    }

    #[test]
    fn a_star_stands_for_any_text_and_a_denial_goes_before_what_allows() {
        let allow = json!({"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"});
        let deny = json!({"Effect": "Deny", "Action": ["dynamodb:Put*"], "Resource": [TABLE]});
        let both = policy(json!([allow, deny]));
        assert!(policy(allow).allows("dynamodb:PutItem", TABLE));
        assert!(!both.allows("dynamodb:PutItem", TABLE));
        assert!(both.allows("dynamodb:GetItem", TABLE));
        assert!(!policy(json!([])).allows("dynamodb:GetItem", TABLE));
    }

    #[test]
    fn what_is_no_policy_or_not_evaluated_here_is_said() {
        for (text, reason) in [
            ("{", "EOF"),
            ("{}", "no Statement"),
            (r#"{"Statement": [{"Effect": "Maybe"}]}"#, "Allow or Deny"),
            (
                r#"{"Statement": [{"Effect": "Allow", "Action": 1}]}"#,
                "no Action",
            ),
            (
                r#"{"Statement": [{"Effect": "Allow", "Condition": {}}]}"#,
                "Condition",
            ),
        ] {
            let error = Policy::parse(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
