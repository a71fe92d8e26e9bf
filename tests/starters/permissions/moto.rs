//! The second opinion: moto checks real signatures and evaluates the policy of the user who signed.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use alexa_skill::persistence::dynamodb::DynamoDb;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use serde_json::Value as Json;
use starters::Starter;

use super::visit::{Noting, say_everything};
use super::{actions, without};
use crate::files::Files;
use crate::repository;

/// A DynamoDB with IAM, and a user who has one policy; both end with this value.
struct Moto {
    process: Child,
    config: Config,
}

impl Moto {
    /// `policy` is what the user may do; the table is there.
    fn start(table: &str, policy: &Json) -> Moto {
        let folder = repository().join("alexa-skill/tests/interop/python");
        let mut python = Command::new(folder.join(".venv/bin/python"));
        python.arg(folder.join("dynamodb_endpoint.py"));
        python.args([table, &policy.to_string()]);
        python.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = python
            .spawn()
            .unwrap_or_else(|error| panic!("{python:?}: {error}; .ci/run installs what it needs"));
        let mut line = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let user: Json = serde_json::from_str(&line).unwrap();
        let [access_key, secret_key] =
            ["access_key", "secret_key"].map(|name| user[name].as_str().unwrap());
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new(access_key, secret_key, None, None, "moto"))
            .endpoint_url(format!("http://127.0.0.1:{}", user["port"]))
            .build();
        Moto { process, config }
    }

    fn client(&self) -> Client {
        Client::from_conf(self.config.clone())
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // It ends when its standard input closes.
        drop(self.process.stdin.take());
        let ended = self.process.wait();
        if !std::thread::panicking() {
            assert!(ended.unwrap().success());
        }
    }
}

/// What goes wrong when the starter has the policy.
async fn errors(starter: &Starter, policy: &Json) -> Vec<String> {
    let moto = Moto::start(starter.table, policy);
    let table = Noting::from(DynamoDb::new(moto.client(), starter.table));
    say_everything(starter, &table).await;
    table.errors()
}

#[tokio::test]
#[ignore = "needs Python, whose packages .ci/run installs"]
async fn moto_allows_what_the_policies_allow_and_no_less_will_do() {
    for starter in starters::ALL {
        let policy = starter.policy();
        assert_eq!(errors(starter, &policy).await, [""; 0], "{}", starter.name);
        for taken in actions(&policy) {
            let errors = errors(starter, &without(&policy, &taken)).await;
            let expected = format!("AccessDenied: the skill may not call {taken} ");
            assert!(!errors.is_empty(), "{}: {taken}", starter.name);
            assert!(
                errors.iter().all(|error| error.starts_with(&expected)),
                "{errors:?}"
            );
        }
    }
}

#[tokio::test]
#[ignore = "needs Python, whose packages .ci/run installs"]
async fn moto_refuses_another_table_and_a_wrong_signature() {
    let starter = starters::named("visit-counter").unwrap();
    let moto = Moto::start("Others", &starter.policy());
    let table = Noting::from(DynamoDb::new(moto.client(), "Others"));
    say_everything(starter, &table).await;
    assert!(
        table.errors()[0].starts_with("AccessDenied"),
        "{:?}",
        table.errors()
    );

    let moto = Moto::start(starter.table, &starter.policy());
    let stranger = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "moto");
    let config = moto.config.to_builder().credentials_provider(stranger);
    let client = Client::from_conf(config.build());
    let table = Noting::from(DynamoDb::new(client, starter.table));
    say_everything(starter, &table).await;
    assert!(
        table.errors()[0].starts_with("BadCredentials"),
        "{:?}",
        table.errors()
    );
}
