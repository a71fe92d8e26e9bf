//! An endpoint on this machine is reached without a proxy.

use std::process::Command;

use alexa_skill::persistence::dynamodb::{DynamoDb, client_from_env};
use alexa_skill::persistence::{Key, PersistenceAdapter};
use local_dynamodb::LocalDynamoDb;

/// Names the table to the process that is started below.
const TABLE: &str = "TABLE_BEHIND_NO_PROXY";

/// Runs in a process of its own, as the environment of a test is everybody's; does nothing elsewhere.
#[tokio::test]
async fn the_endpoint_at_hand_is_reached() {
    let Ok(table) = std::env::var(TABLE) else {
        return;
    };
    let table = DynamoDb::new(client_from_env().unwrap(), table);
    table.load(&Key::from("u")).await.unwrap();
    let table = DynamoDb::from_env(table.table()).unwrap();
    table.load(&Key::from("u")).await.unwrap();
    LocalDynamoDb::start().unwrap().new_table().await.unwrap();
}

#[tokio::test]
async fn a_proxy_in_the_environment_is_not_asked_for_an_endpoint_on_this_machine() {
    let local = LocalDynamoDb::embedded().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let closed = "http://127.0.0.1:9";
    let child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "local_endpoints::the_endpoint_at_hand_is_reached",
        ])
        .envs(local.environment())
        .env(TABLE, table.table())
        .envs(["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"].map(|name| (name, closed)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(output.contains("1 passed"), "{output}");
}
