//! What the chapter shows: the cache's promises, run.
//!
//! `SNAPSHOTS=overwrite cargo test -p dax-client --test tour` writes the snapshots anew.

mod support;

use std::time::Duration;

use aws_sdk_dynamodb::types::ScalarAttributeType;
use dax_client::local::LocalDax;
use snapbox::{Assert, Data, file};
use support::{make_table, n, s};

#[track_caller]
fn compare(transcript: &str, snapshot: Data) {
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(transcript, snapshot);
}

/// Ann's visits, read with a client of this crate or of the AWS SDK.
macro_rules! visits {
    ($client:expr, consistent: $consistent:expr) => {{
        let get = $client.get_item().table_name("users").key("id", s("ann"));
        let item = get.consistent_read($consistent).send().await.unwrap().item;
        item.map_or("no item".to_owned(), |item| {
            item["visits"].as_n().unwrap().clone()
        })
    }};
}

/// Writes Ann's visits, with either client.
macro_rules! write {
    ($client:expr, $visits:expr) => {{
        let put = $client.put_item().table_name("users").item("id", s("ann"));
        put.item("visits", n($visits)).send().await.unwrap();
    }};
}

#[tokio::test]
async fn a_write_around_dax_is_not_seen() {
    let local = LocalDax::start().unwrap();
    make_table(&local, "users", None).await;
    let mut told = String::new();
    // ANCHOR: clients
    let table: aws_sdk_dynamodb::Client = local.store();
    let dax: dax_client::Client = local.client().unwrap();
    // ANCHOR_END: clients
    // ANCHOR: stale
    write!(dax, 1);
    write!(table, 2);
    told += &format!(
        "through DAX:             {}\n",
        visits!(dax, consistent: false)
    );
    told += &format!(
        "through DAX, consistent: {}\n",
        visits!(dax, consistent: true)
    );
    told += &format!(
        "through DAX:             {}\n",
        visits!(dax, consistent: false)
    );
    told += &format!(
        "the table itself:        {}\n",
        visits!(table, consistent: true)
    );
    // ANCHOR_END: stale
    compare(&told, file!["snapshots/stale.txt"]);
}

#[tokio::test]
async fn an_item_expires() {
    let local = LocalDax::builder()
        .item_time_to_live(Duration::from_millis(50))
        .start()
        .unwrap();
    make_table(&local, "users", None).await;
    let dax = local.client().unwrap();
    write!(dax, 1);
    write!(local.store(), 2);
    while visits!(dax, consistent: false) != "2" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_missing_item_is_remembered() {
    let local = LocalDax::start().unwrap();
    make_table(&local, "users", None).await;
    let mut told = String::new();
    // ANCHOR: missing
    let dax = local.client().unwrap();
    let table = local.store();
    told += &format!(
        "before anybody writes: {}\n",
        visits!(dax, consistent: false)
    );
    write!(table, 1);
    told += &format!(
        "after a write around:  {}\n",
        visits!(dax, consistent: false)
    );
    write!(dax, 2);
    told += &format!(
        "after a write through: {}\n",
        visits!(dax, consistent: false)
    );
    // ANCHOR_END: missing
    compare(&told, file!["snapshots/missing.txt"]);
}

#[tokio::test]
async fn a_query_does_not_see_what_was_written_through() {
    let local = LocalDax::start().unwrap();
    make_table(&local, "scores", Some(ScalarAttributeType::N)).await;
    let dax = local.client().unwrap();
    let mut told = String::new();
    // ANCHOR: query
    for round in 1..=2 {
        let put = dax
            .put_item()
            .table_name("scores")
            .item("id", s("ann"))
            .item("at", n(round));
        put.send().await.unwrap();
        let query = dax
            .query()
            .table_name("scores")
            .key_condition_expression("id = :id");
        let query = query.expression_attribute_values(":id", s("ann"));
        let count = query.send().await.unwrap().count();
        told += &format!("scores written: {round}, scores that the query finds: {count}\n");
    }
    let counters = local.counters();
    told += &format!(
        "query cache: {} hit, {} miss\n",
        counters.query_hits, counters.query_misses
    );
    // ANCHOR_END: query
    compare(&told, file!["snapshots/query.txt"]);
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
    let mut told = String::new();
    for turns in [1, 2, 10] {
        let fresh = LocalDax::builder()
            .store(local.store_config())
            .start()
            .unwrap();
        let client = fresh.client().unwrap();
        // ANCHOR: turns
        for user in 0..USERS {
            for turn in 0..turns {
                let id = s(&user.to_string());
                let get = client.get_item().table_name("users").key("id", id.clone());
                get.send().await.unwrap();
                let put = client.put_item().table_name("users").item("id", id);
                put.item("visits", n(turn)).send().await.unwrap();
            }
        }
        let counters = fresh.counters();
        let hits = 100 * counters.item_hits / (counters.item_hits + counters.item_misses);
        told += &format!("turns of a session: {turns:>2}, reads from the cache: {hits:>2} %\n");
        // ANCHOR_END: turns
    }
    compare(&told, file!["snapshots/turns.txt"]);
}
