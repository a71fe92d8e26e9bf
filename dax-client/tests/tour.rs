//! What the chapter shows: the cache's promises, run.
//!
//! `SNAPSHOTS=overwrite cargo test -p dax-client --test tour` writes the snapshots anew.

mod support;

use std::fmt::Display;
use std::io;
use std::time::Duration;

use aws_sdk_dynamodb::config::{Credentials, Region};
use aws_sdk_dynamodb::types::ScalarAttributeType;
use dax_client::local::LocalDax;
use dax_client::{Client, Error, Refusal};
use snapbox::{Assert, Data, file};
use support::{make_table, n, s};

#[track_caller]
fn compare(transcript: &str, snapshot: Data) {
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(transcript, snapshot);
}

/// What a test tells, a line at a time.
#[derive(Default)]
struct Told(String);

impl Told {
    fn line(&mut self, what: &str, answer: impl Display) {
        self.0 += &format!("{:<25}{answer}\n", format!("{what}:"));
    }
}

/// Reads Ann's visits: a GetItem by a client of this crate or of the AWS SDK.
macro_rules! visits {
    ($client:expr) => {
        visits!($client, consistent: false)
    };
    ($client:expr, consistent) => {
        visits!($client, consistent: true)
    };
    ($client:expr, consistent: $consistent:literal) => {{
        let get = $client.get_item().table_name("users").key("id", s("ann"));
        let item = get.consistent_read($consistent).send().await.unwrap().item;
        item.map_or("no item".to_owned(), |item| item["visits"].as_n().unwrap().clone())
    }};
}

/// Writes Ann's visits: a PutItem by either client.
macro_rules! put_visits {
    ($client:expr, $visits:expr) => {{
        let put = $client.put_item().table_name("users").item("id", s("ann"));
        put.item("visits", n($visits)).send().await.unwrap();
    }};
}

/// Each message between the marks by which a chapter includes it.
#[tokio::test]
async fn every_error_says_what_is_wrong() {
    let cluster = "dax://127.0.0.1:1";
    let builder = || Client::builder(cluster);
    let broken = || io::Error::from(io::ErrorKind::ConnectionReset);
    let address = || "10.0.0.1:8111".to_owned();
    let errors = [
        (
            "Endpoint",
            Client::builder("https://cluster").build().err().unwrap(),
        ),
        (
            "RootCertificate",
            Client::builder("daxs://cluster")
                .region(Region::new("us-east-1"))
                .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
                .root_certificate(b"-----BEGIN CERTIFICATE-----".to_vec())
                .build()
                .err()
                .unwrap(),
        ),
        ("NoRegion", builder().build().err().unwrap()),
        (
            "NoCredentials",
            builder()
                .region(Region::new("us-east-1"))
                .build()
                .err()
                .unwrap(),
        ),
        // The rest is provoked in tests/faults.rs, where what it says differs from run to run.
        (
            "Credentials",
            Error::Credentials("the token has expired".into()),
        ),
        (
            "Invalid",
            Error::Invalid("the key has no attribute `id`".into()),
        ),
        ("Number", Error::Number("1E126".into())),
        ("Malformed", Error::Malformed("a value ends too early")),
        (
            "Unexpected",
            Error::Unexpected("a table that nobody asked for"),
        ),
        (
            "ReturnValues",
            Error::ReturnValues(Box::new(Error::Timeout(Duration::from_secs(1)))),
        ),
        (
            "Connect",
            Error::Connect {
                address: address(),
                source: io::ErrorKind::ConnectionRefused.into(),
            },
        ),
        (
            "Broken",
            Error::Broken {
                address: address(),
                source: broken(),
            },
        ),
        ("Timeout", Error::Timeout(Duration::from_secs(1))),
        (
            "NoRoute",
            Error::NoRoute {
                seeds: cluster.into(),
                source: Box::new(Error::Timeout(Duration::from_secs(1))),
            },
        ),
        ("NoNodes", Error::NoNodes),
        ("NoLeader", Error::NoLeader),
        (
            "Refused",
            Error::Refused(Refusal {
                codes: vec![4, 37, 38, 39, 40],
                message: "slow down".into(),
                request_id: None,
                dynamodb_code: None,
            }),
        ),
    ];
    let mut messages = String::new();
    for (name, error) in errors {
        messages += &format!("ANCHOR: {name}\n{error}\nANCHOR_END: {name}\n\n");
    }
    compare(&messages, file!["snapshots/dax-errors.txt"]);
}

#[tokio::test]
async fn a_write_around_dax_is_not_seen() {
    let local = LocalDax::start().unwrap();
    make_table(&local, "users", None).await;
    let mut told = Told::default();
    // ANCHOR: clients
    let table: aws_sdk_dynamodb::Client = local.store();
    let dax: dax_client::Client = local.client().unwrap();
    // ANCHOR_END: clients
    // ANCHOR: stale
    put_visits!(dax, 1);
    put_visits!(table, 2);
    told.line("through DAX", visits!(dax));
    told.line("through DAX, consistent", visits!(dax, consistent));
    told.line("through DAX", visits!(dax));
    told.line("the table itself", visits!(table));
    // ANCHOR_END: stale
    compare(&told.0, file!["snapshots/stale.txt"]);
}

#[tokio::test]
async fn an_item_expires() {
    let local = LocalDax::builder()
        .item_time_to_live(Duration::from_millis(50))
        .start()
        .unwrap();
    make_table(&local, "users", None).await;
    let dax = local.client().unwrap();
    put_visits!(dax, 1);
    put_visits!(local.store(), 2);
    while visits!(dax) != "2" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_missing_item_is_remembered() {
    let local = LocalDax::start().unwrap();
    make_table(&local, "users", None).await;
    let (dax, table) = (local.client().unwrap(), local.store());
    let mut told = Told::default();
    // ANCHOR: missing
    told.line("before anybody writes", visits!(dax));
    put_visits!(table, 1);
    told.line("after a write around", visits!(dax));
    put_visits!(dax, 2);
    told.line("after a write through", visits!(dax));
    // ANCHOR_END: missing
    compare(&told.0, file!["snapshots/missing.txt"]);
}

#[tokio::test]
async fn a_query_does_not_see_what_was_written_through() {
    let local = LocalDax::start().unwrap();
    make_table(&local, "scores", Some(ScalarAttributeType::N)).await;
    let dax = local.client().unwrap();
    let mut told = Told::default();
    // ANCHOR: query
    for round in 1..=2 {
        let put = dax.put_item().table_name("scores");
        let put = put.item("id", s("ann")).item("at", n(round));
        put.send().await.unwrap();
        told.line("scores written", round);

        let query = dax.query().table_name("scores");
        let query = query.key_condition_expression("id = :id");
        let query = query.expression_attribute_values(":id", s("ann"));
        told.line("scores found", query.send().await.unwrap().count());
    }
    told.line("hits of the query cache", local.counters().query_hits);
    // ANCHOR_END: query
    compare(&told.0, file!["snapshots/query.txt"]);
}

/// A skill's turn: read the user's item, count, write it. A user who speaks again within minutes
/// is the only one whose item is in the cache.
#[tokio::test]
async fn one_users_items_are_rarely_read_twice() {
    const USERS: usize = 20;
    let local = LocalDax::start().unwrap();
    make_table(&local, "users", None).await;
    let table = local.store();
    for user in 0..USERS {
        let put = table
            .put_item()
            .table_name("users")
            .item("id", s(&user.to_string()));
        put.item("visits", n(1)).send().await.unwrap();
    }
    let mut told = Told::default();
    for turns in [1, 2, 10] {
        let fresh = LocalDax::builder().store(local.store_config());
        let fresh = fresh.start().unwrap();
        let dax = fresh.client().unwrap();
        // ANCHOR: turns
        for user in 0..USERS {
            let id = s(&user.to_string());
            for turn in 0..turns {
                let get = dax.get_item().table_name("users");
                get.key("id", id.clone()).send().await.unwrap();
                let put = dax.put_item().table_name("users");
                let put = put.item("id", id.clone()).item("visits", n(turn));
                put.send().await.unwrap();
            }
        }
        let counters = fresh.counters();
        let reads = counters.item_hits + counters.item_misses;
        let percent = 100 * counters.item_hits / reads;
        told.line("turns in a session", turns);
        told.line("reads that hit", format!("{percent} %"));
        // ANCHOR_END: turns
    }
    compare(&told.0, file!["snapshots/turns.txt"]);
}
