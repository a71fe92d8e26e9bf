//! What the local DAX promises, as the Developer Guide has it ("DAX: How it works", "DAX and
//! DynamoDB consistency models").

mod support;

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ScalarAttributeType};
use dax_client::Client;
use dax_client::local::LocalDax;
use support::{item, n, s, start, table};

/// One user's counter, read through DAX.
async fn visits(dax: &Client, table: &str, consistent: bool) -> Option<AttributeValue> {
    let get = dax
        .get_item()
        .table_name(table)
        .key("id", s("ann"))
        .consistent_read(consistent);
    get.send().await.unwrap().item?.remove("visits")
}

async fn put(dax: &Client, table: &str, visits: u32) {
    let put = dax
        .put_item()
        .table_name(table)
        .item("id", s("ann"))
        .item("visits", n(visits));
    put.send().await.unwrap();
}

async fn put_around(dax: &LocalDax, table: &str, visits: u32) {
    let store = dax.store();
    let put = store
        .put_item()
        .table_name(table)
        .item("id", s("ann"))
        .item("visits", n(visits));
    put.send().await.unwrap();
}

#[tokio::test]
async fn an_eventually_consistent_read_comes_from_the_cache() {
    let local = start();
    let (dax, table) = (local.client().unwrap(), table(&local, None).await);
    put_around(&local, &table, 1).await;
    visits(&dax, &table, false).await;
    let before = local.counters();
    assert_eq!(visits(&dax, &table, false).await, Some(n(1)));
    let after = local.counters();
    assert_eq!(after.store_calls, before.store_calls);
    assert_eq!(
        (after.item_hits, after.item_misses),
        (before.item_hits + 1, before.item_misses)
    );
}

#[tokio::test]
async fn a_consistent_read_passes_through_and_is_not_kept() {
    let local = start();
    let (dax, table) = (local.client().unwrap(), table(&local, None).await);
    put(&dax, &table, 1).await;
    put_around(&local, &table, 2).await;
    assert_eq!(visits(&dax, &table, true).await, Some(n(2)));
    assert_eq!(visits(&dax, &table, false).await, Some(n(1)));
}

#[tokio::test]
async fn a_write_through_dax_is_read_at_once() {
    let local = start();
    let (dax, table) = (local.client().unwrap(), table(&local, None).await);
    put(&dax, &table, 1).await;
    put(&dax, &table, 2).await;
    let before = local.counters();
    assert_eq!(visits(&dax, &table, false).await, Some(n(2)));
    assert_eq!(local.counters().store_calls, before.store_calls);
}

#[tokio::test]
async fn a_write_around_dax_is_unseen_until_the_item_expires() {
    let local = support::builder()
        .item_time_to_live(Duration::from_millis(200))
        .start()
        .unwrap();
    let (dax, table) = (local.client().unwrap(), table(&local, None).await);
    put(&dax, &table, 1).await;
    let written = Instant::now();
    put_around(&local, &table, 2).await;
    let seen = visits(&dax, &table, false).await;
    // On a machine that is busy for so long, the item may have expired in between.
    if written.elapsed() < Duration::from_millis(100) {
        assert_eq!(seen, Some(n(1)));
    }
    while visits(&dax, &table, false).await != Some(n(2)) {
        assert!(
            written.elapsed() < Duration::from_secs(10),
            "the item never expired"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_missing_item_is_remembered_as_missing() {
    let local = start();
    let (dax, table) = (local.client().unwrap(), table(&local, None).await);
    assert_eq!(visits(&dax, &table, false).await, None);
    put_around(&local, &table, 1).await;
    assert_eq!(visits(&dax, &table, false).await, None);
    put(&dax, &table, 2).await;
    assert_eq!(visits(&dax, &table, false).await, Some(n(2)));
}

#[tokio::test]
async fn a_failed_write_is_not_kept() {
    let local = start();
    let (dax, table) = (local.client().unwrap(), table(&local, None).await);
    put(&dax, &table, 1).await;
    let refused = dax
        .put_item()
        .table_name(&table)
        .item("id", s("ann"))
        .item("visits", n(2))
        .condition_expression("attribute_not_exists(id)")
        .send()
        .await;
    assert!(
        refused
            .unwrap_err()
            .as_service_error()
            .unwrap()
            .is_conditional_check_failed_exception()
    );
    assert_eq!(visits(&dax, &table, false).await, Some(n(1)));
}

#[tokio::test]
async fn the_two_caches_do_not_know_of_each_other() {
    let local = start();
    let (dax, table) = (
        local.client().unwrap(),
        table(&local, Some(ScalarAttributeType::N)).await,
    );
    let put = |visits: u32| {
        dax.put_item()
            .table_name(&table)
            .item("id", s("ann"))
            .item("at", n(1))
            .item("visits", n(visits))
            .send()
    };
    let query = || async {
        let query = dax
            .query()
            .table_name(&table)
            .key_condition_expression("id = :id")
            .expression_attribute_values(":id", s("ann"));
        query.send().await.unwrap().items()[0]["visits"].clone()
    };
    put(1).await.unwrap();
    assert_eq!(query().await, n(1));
    put(2).await.unwrap();
    let get = dax
        .get_item()
        .table_name(&table)
        .key("id", s("ann"))
        .key("at", n(1));
    assert_eq!(get.send().await.unwrap().item.unwrap()["visits"], n(2));
    // The query's answer is the old one until it expires.
    assert_eq!(query().await, n(1));
    assert_eq!(
        (local.counters().query_hits, local.counters().query_misses),
        (1, 1)
    );
}

#[tokio::test]
async fn an_update_and_a_delete_are_seen_at_once() {
    let local = start();
    let (dax, table) = (local.client().unwrap(), table(&local, None).await);
    put(&dax, &table, 1).await;
    let add = |returned| {
        dax.update_item()
            .table_name(&table)
            .key("id", s("ann"))
            .update_expression("ADD visits :one")
            .expression_attribute_values(":one", n(1))
            .return_values(returned)
            .send()
    };
    for (returned, expected) in [("NONE", 2), ("UPDATED_NEW", 3), ("ALL_OLD", 4)] {
        add(returned.into()).await.unwrap();
        let before = local.counters().store_calls;
        assert_eq!(
            visits(&dax, &table, false).await,
            Some(n(expected)),
            "{returned}"
        );
        assert_eq!(local.counters().store_calls, before, "{returned}");
    }
    dax.delete_item()
        .table_name(&table)
        .key("id", s("ann"))
        .send()
        .await
        .unwrap();
    assert_eq!(visits(&dax, &table, false).await, None);
}

#[tokio::test]
async fn a_batch_asks_the_store_only_for_what_is_not_known() {
    let local = start();
    let (dax, table) = (local.client().unwrap(), table(&local, None).await);
    for id in ["a", "b"] {
        dax.put_item()
            .table_name(&table)
            .item("id", s(id))
            .send()
            .await
            .unwrap();
    }
    let batch = |ids: &[&str]| {
        let keys = ids.iter().map(|id| item(&[("id", s(id))])).collect();
        let keys = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .build()
            .unwrap();
        dax.batch_get_item().request_items(&table, keys).send()
    };
    let before = local.counters();
    let answer = batch(&["a", "b"]).await.unwrap();
    assert_eq!(answer.responses.unwrap()[&table].len(), 2);
    assert_eq!(local.counters().store_calls, before.store_calls);
    let answer = batch(&["a", "b", "missing"]).await.unwrap();
    assert_eq!(answer.responses.unwrap()[&table].len(), 2);
    batch(&["missing"]).await.unwrap();
    assert_eq!(local.counters().store_calls, before.store_calls + 1);
}

#[tokio::test]
async fn the_store_is_as_slow_as_it_is_told() {
    let local = start();
    let (dax, table) = (local.client().unwrap(), table(&local, None).await);
    put(&dax, &table, 1).await;
    local.set_store_latency(Duration::from_millis(50));
    let started = Instant::now();
    visits(&dax, &table, true).await;
    assert!(started.elapsed() >= Duration::from_millis(50));
}
