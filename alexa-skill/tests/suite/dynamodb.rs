//! What lies in the table.

use std::collections::HashMap;

use alexa_skill::attributes::{Attributes, Value, to_attributes};
use alexa_skill::persistence::dynamodb::{DynamoDb, Layout};
use alexa_skill::persistence::{
    Item, Key, PersistenceAdapter, PersistenceError, Revision, Save, Version,
};
use alexa_skill::{Result, Skill};
use aws_sdk_dynamodb::types::AttributeValue;
use local_dynamodb::LocalDynamoDb;
use simulator::Conversation;

use crate::{SKILL_ID, Visits, welcome};

pub fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub fn n(digits: &str) -> AttributeValue {
    AttributeValue::N(digits.into())
}

fn m<const N: usize>(entries: [(&str, AttributeValue); N]) -> AttributeValue {
    AttributeValue::M(entries.map(|(name, value)| (name.to_owned(), value)).into())
}

pub async fn put<const N: usize>(
    local: &LocalDynamoDb,
    table: &DynamoDb,
    entries: [(&str, AttributeValue); N],
) {
    let item: HashMap<_, _> = entries.map(|(name, value)| (name.to_owned(), value)).into();
    let put = local
        .client()
        .put_item()
        .table_name(table.table())
        .set_item(Some(item));
    put.send().await.unwrap();
}

pub async fn stored(
    local: &LocalDynamoDb,
    table: &DynamoDb,
    user: &str,
) -> HashMap<String, AttributeValue> {
    let get = local
        .client()
        .get_item()
        .table_name(table.table())
        .key("userId", s(user));
    get.consistent_read(true)
        .send()
        .await
        .unwrap()
        .item
        .unwrap_or_default()
}

pub fn counter(table: &DynamoDb) -> Conversation {
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(welcome);
    Conversation::with(skill.build().unwrap()).user("u")
}

pub async fn save(
    table: &DynamoDb,
    read: &Item,
    count: u32,
    request_id: &str,
) -> Result<Version, PersistenceError> {
    let key = Key::from("u");
    let attributes = to_attributes(&Visits { count }).unwrap();
    table
        .save(Save {
            key: &key,
            read,
            attributes: &attributes,
            request_id,
        })
        .await
}

async fn load(table: &DynamoDb) -> Item {
    table.load(&Key::from("u")).await.unwrap()
}

#[tokio::test]
async fn an_item_holds_the_key_the_attributes_the_version_and_who_wrote() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let mut user = counter(&table);
    user.launch().await.unwrap();
    assert_eq!(user.launch().await.unwrap().speech(), "visit 2");
    let mut item = stored(&local, &table, "u").await;
    let request_id = item.remove("requestId").unwrap();
    assert!(
        request_id
            .as_s()
            .unwrap()
            .starts_with("amzn1.echo-api.request.")
    );
    let earlier = item.remove("earlierRequests").unwrap();
    assert_eq!(
        earlier.as_b().unwrap().as_ref().len(),
        8,
        "the first request"
    );
    let expected = [
        ("userId", s("u")),
        ("mapAttr", m([("count", n("2"))])),
        ("version", n("2")),
    ];
    assert_eq!(
        item,
        expected
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    );
}

#[tokio::test]
async fn an_item_that_another_sdk_wrote_is_taken_over_with_all_that_others_put_there() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let set = AttributeValue::Ss(vec!["x".into(), "y".into()]);
    let theirs = m([
        ("count", n("7")),
        ("tags", set.clone()),
        ("empty", AttributeValue::Null(true)),
    ]);
    put(
        &local,
        &table,
        [("userId", s("u")), ("mapAttr", theirs), ("ttl", n("1"))],
    )
    .await;
    assert_eq!(counter(&table).launch().await.unwrap().speech(), "visit 8");
    let item = stored(&local, &table, "u").await;
    assert_eq!(item["ttl"], n("1"));
    let attributes = item["mapAttr"].as_m().unwrap();
    assert_eq!(attributes["count"], n("8"));
    assert_eq!(attributes["tags"].as_ss().unwrap().len(), 2);
    assert_eq!(attributes["empty"], AttributeValue::Null(true));
}

#[tokio::test]
async fn every_kind_of_value_comes_back_as_it_was() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let exact = "-99999999999999999999999999999999999999";
    let attributes = Attributes::from([
        ("null".into(), Value::Null),
        ("bool".into(), Value::Bool(false)),
        ("number".into(), Value::Number(exact.parse().unwrap())),
        ("empty".into(), Value::from("")),
        ("binary".into(), Value::Binary(vec![0, 255])),
        (
            "list".into(),
            Value::List(vec![Value::from(1), Value::from("é")]),
        ),
        (
            "map".into(),
            Value::Map(Attributes::from([("é ".into(), Value::Null)])),
        ),
        ("strings".into(), Value::StringSet(vec!["a".into()])),
        ("numbers".into(), Value::NumberSet(vec![1.into()])),
        ("binaries".into(), Value::BinarySet(vec![vec![1], vec![2]])),
    ]);
    let key = Key::from("u");
    let read = Item::default();
    let save = Save {
        key: &key,
        read: &read,
        attributes: &attributes,
        request_id: "r",
    };
    table.save(save).await.unwrap();
    assert_eq!(load(&table).await.attributes, attributes);
}

#[tokio::test]
async fn the_layout_of_node_v2_and_python_is_read_and_written() {
    let local = LocalDynamoDb::start().unwrap();
    let name = local.new_table().await.unwrap() + "-id";
    let table = DynamoDb::new(local.client(), name).layout(Layout::Id);
    table.ensure_table().await.unwrap();
    table.ensure_table().await.unwrap();
    put(
        &local,
        &table,
        [("id", s("u")), ("attributes", m([("count", n("3"))]))],
    )
    .await;
    assert_eq!(counter(&table).launch().await.unwrap().speech(), "visit 4");
}

#[tokio::test]
async fn a_save_on_what_somebody_changed_is_a_conflict_for_every_revision() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let conflicts = async |read: &Item| {
        let error = save(&table, read, 100, "late").await.unwrap_err();
        assert!(
            matches!(error, PersistenceError::Conflict { .. }),
            "{error}"
        );
    };
    let absent = load(&table).await;
    put(
        &local,
        &table,
        [("userId", s("u")), ("mapAttr", m([("count", n("1"))]))],
    )
    .await;
    conflicts(&absent).await;

    let unversioned = load(&table).await;
    assert!(matches!(unversioned.revision, Revision::Unversioned { .. }));
    put(
        &local,
        &table,
        [("userId", s("u")), ("mapAttr", m([("count", n("2"))]))],
    )
    .await;
    conflicts(&unversioned).await;

    save(&table, &load(&table).await, 3, "first").await.unwrap();
    let first = load(&table).await;
    save(&table, &first, 4, "second").await.unwrap();
    conflicts(&first).await;
    assert_eq!(load(&table).await.attributes["count"], Value::from(4));
}

#[tokio::test]
async fn an_item_that_was_deleted_and_made_again_is_not_taken_for_the_old_one() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    save(&table, &Item::default(), 1, "old").await.unwrap();
    let old = load(&table).await;
    table.delete(&Key::from("u")).await.unwrap();
    save(&table, &Item::default(), 50, "new").await.unwrap();
    let error = save(&table, &old, 2, "late").await.unwrap_err();
    assert!(
        matches!(error, PersistenceError::Conflict { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn several_skills_share_a_table_by_a_sort_key() {
    let local = LocalDynamoDb::start().unwrap();
    let name = local.new_table().await.unwrap() + "-shared";
    let names = Layout::Named {
        partition_key: "person".into(),
        attributes: "memory".into(),
    };
    let table = |skill: &str| {
        DynamoDb::new(local.client(), &name)
            .layout(names.clone())
            .sort_key("skill", skill)
    };
    table("one").ensure_table().await.unwrap();
    counter(&table("one")).launch().await.unwrap();
    assert_eq!(
        counter(&table("one")).launch().await.unwrap().speech(),
        "visit 2"
    );
    assert_eq!(
        counter(&table("two")).launch().await.unwrap().speech(),
        "visit 1"
    );
    table("two").delete(&Key::from("u")).await.unwrap();
    assert_eq!(
        counter(&table("one")).launch().await.unwrap().speech(),
        "visit 3"
    );
    assert_eq!(
        counter(&table("two")).launch().await.unwrap().speech(),
        "visit 1"
    );
}

#[tokio::test]
async fn an_item_past_its_time_counts_as_absent_and_may_be_written_again() {
    let local = LocalDynamoDb::start().unwrap();
    let name = local.new_table().await.unwrap() + "-expiring";
    let keeps = |seconds| {
        let after = std::time::Duration::from_secs(seconds);
        DynamoDb::new(local.client(), &name).time_to_live("expiresAt", after)
    };
    keeps(3600).ensure_table().await.unwrap();
    keeps(3600).ensure_table().await.unwrap();
    counter(&keeps(3600)).launch().await.unwrap();
    assert_eq!(
        counter(&keeps(0)).launch().await.unwrap().speech(),
        "visit 2"
    );
    assert_eq!(
        counter(&keeps(3600)).launch().await.unwrap().speech(),
        "visit 1"
    );
    let item = stored(&local, &keeps(0), "u").await;
    let expires: u64 = item["expiresAt"].as_n().unwrap().parse().unwrap();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    assert!(
        (now.as_secs() + 3000..=now.as_secs() + 3600).contains(&expires),
        "{expires}"
    );
}
