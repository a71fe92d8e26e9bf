//! The commands of the AWS CLI: those for DynamoDB are sent to a local one.

use std::path::Path;

use local_dynamodb::LocalDynamoDb;
use manuscript::blocks::Class;

use crate::chapter::Runs;
use crate::session::Session;
use crate::{chapter, check};

/// A session with the AWS CLI that .ci/run installs, as `aws configure` would leave it.
fn session(repository: &Path, local: &LocalDynamoDb) -> Session {
    let mut session = Session::start(repository);
    let tools = repository.join("tests/tools/.venv/bin");
    let path = format!("export PATH=\"{}:$PATH\"", tools.display());
    session.run(&path).unwrap();
    for (name, value) in local.environment() {
        session.run(&format!("export {name}={value}")).unwrap();
    }
    session
        .run("export AWS_DEFAULT_REGION=\"$AWS_REGION\" AWS_PAGER= AWS_MAX_ATTEMPTS=1")
        .unwrap();
    session
}

/// The command, sent to where nobody listens: the CLI checks the parameters against the service's
/// model first, and its complaint that it cannot connect says that it found nothing wrong.
pub fn unsent(command: &str) -> String {
    format!(
        "{command} --endpoint-url http://127.0.0.1:1 2>&1 |\
         sed '/^Could not connect to the endpoint URL/d'"
    )
}

#[test]
#[ignore = "needs Python, whose packages .ci/run installs"]
fn every_aws_command_prints_what_its_chapter_shows() {
    let local = LocalDynamoDb::embedded().unwrap();
    let here = |class: &Class| *class == Class::ConsoleAws;
    let typed = |class: &Class| here(class).then_some(Runs::ToItsEnd);
    check(here, typed, |repository| session(repository, &local));
}

#[test]
#[ignore = "needs Python, whose packages .ci/run installs"]
fn an_aws_command_that_does_not_exist_is_a_fault() {
    let local = LocalDynamoDb::embedded().unwrap();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for command in [
        "aws lambda add-permissions",
        "aws lambda add-permission --function-name f",
        "aws dynamodb describe-table --table-name NoSuchTable",
    ] {
        let faults =
            chapter("console,aws", &format!("$ {command}")).run(&mut session(repository, &local));
        assert_eq!(faults.len(), 1, "{command}");
    }
}
