//! The program `dax-client`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use aws_sdk_dynamodb::config::{Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use dax_client::Client;

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Already gone, if the test failed for that.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn it_runs_a_dax_and_says_where() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dax-client"));
    command
        .args(["local", "--port", "0"])
        .stdout(Stdio::piped());
    let mut program = Running(command.spawn().unwrap());
    let mut lines = BufReader::new(program.0.stdout.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let url = line.strip_prefix("DAX listens at ").unwrap();
    let client = Client::builder(url)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .build()
        .unwrap();
    let key = AttributeValue::S("ann".to_owned());
    let get = client.get_item().table_name("no-table").key("id", key);
    let error = get.send().await.unwrap_err();
    assert!(error.into_service_error().is_resource_not_found_exception());
}
