//! What the embedded endpoint answers, and whom.

use std::io::{Read, Write};
use std::net::TcpStream;

use local_dynamodb::LocalDynamoDb;

/// What the endpoint answers to a request that is sent as it stands.
fn answer(local: &LocalDynamoDb, method: &str, headers: &[(&str, &str)], body: &str) -> String {
    let address = local.endpoint_url().strip_prefix("http://").unwrap();
    let mut request = format!("{method} / HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        request += &format!("Host: {address}\r\n");
    }
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.to_lowercase()
}

const LIST_TABLES: [(&str, &str); 4] = [
    ("Content-Type", "application/x-amz-json-1.0"),
    ("X-Amz-Target", "DynamoDB_20120810.ListTables"),
    ("X-Amz-Date", "20260101T000000Z"),
    (
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, \
         SignedHeaders=host, Signature=0",
    ),
];

fn list_tables(local: &LocalDynamoDb, more: &[(&str, &str)]) -> String {
    answer(local, "POST", &[&LIST_TABLES, more].concat(), "{}")
}

fn assert_refused(answer: &str) {
    assert!(answer.starts_with("http/1.1 403 "), "{answer}");
    assert!(!answer.contains("access-control-"), "{answer}");
}

#[test]
fn a_program_on_this_machine_is_answered() {
    let local = LocalDynamoDb::embedded().unwrap();
    let port = local.endpoint_url().rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"] {
        let host = format!("{host}:{port}");
        let answer = list_tables(&local, &[("Host", &host)]);
        assert!(answer.contains("tablenames"), "{host}: {answer}");
    }
    let typed = answer(&local, "GET", &[("Sec-Fetch-Site", "none")], "");
    assert!(typed.starts_with("http/1.1 200 "), "{typed}");
}

#[test]
fn a_web_pages_preflight_is_refused() {
    let local = LocalDynamoDb::embedded().unwrap();
    let preflight = [
        ("Origin", "https://example.com"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "x-amz-target"),
    ];
    assert_refused(&answer(&local, "OPTIONS", &preflight, ""));
}

#[test]
fn a_web_pages_request_is_refused() {
    let local = LocalDynamoDb::embedded().unwrap();
    let own = local.endpoint_url().to_owned();
    for origin in ["https://example.com", "null", &own] {
        assert_refused(&list_tables(&local, &[("Origin", origin)]));
    }
    for site in ["cross-site", "same-site", "same-origin"] {
        assert_refused(&list_tables(&local, &[("Sec-Fetch-Site", site)]));
    }
}

#[test]
fn a_name_that_was_pointed_at_this_machine_is_refused() {
    let local = LocalDynamoDb::embedded().unwrap();
    let port = local.endpoint_url().rsplit(':').next().unwrap();
    for host in [
        "example.com",
        "localhost.example.com",
        "10.0.0.1",
        "127.0.0.1@example.com",
        "",
    ] {
        let host = format!("{host}:{port}");
        assert_refused(&list_tables(&local, &[("Host", &host)]));
    }
}

#[test]
fn each_request_of_a_connection_is_looked_at() {
    let local = LocalDynamoDb::embedded().unwrap();
    let address = local.endpoint_url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET / HTTP/1.1\r\nHost: {address}\r\n");
    let page = "Origin: https://example.com\r\nConnection: close\r\n";
    write!(stream, "{request}\r\n{request}{page}\r\n").unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert!(answers.starts_with("HTTP/1.1 200 "), "{answers}");
    assert_refused(&answers[answers.rfind("HTTP/1.1").unwrap()..].to_lowercase());
}

#[tokio::test]
async fn a_new_table_has_a_name_of_its_own() {
    let local = LocalDynamoDb::start().unwrap();
    let (first, second) = (local.new_table().await, local.new_table().await);
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_ne!(first, second);
    let described = local.client().describe_table().table_name(first);
    let table = described.send().await.unwrap().table.unwrap();
    assert_eq!(table.key_schema()[0].attribute_name(), "userId");
}

#[test]
fn an_endpoint_that_is_no_url_is_an_error_without_its_text() {
    for url in [
        "secret:8000",
        "secret",
        "ftp://secret",
        "http://secret secret",
    ] {
        let Err(error) = LocalDynamoDb::at(url) else {
            panic!("{url}");
        };
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    assert!(LocalDynamoDb::at("http://localhost:8000").is_ok());
}
