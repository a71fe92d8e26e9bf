//! What each failure of a table is called.

use std::collections::HashMap;

use alexa_skill::attributes::{Attributes, Value};
use alexa_skill::persistence::dynamodb::{DynamoDb, Layout};
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, PersistenceError, Save};
use alexa_skill::{Persistent, Skill};
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use local_dynamodb::LocalDynamoDb;
use simulator::Conversation;

use crate::SKILL_ID;
use crate::dynamodb::{counter, n, put, s, save, stored};
use crate::proxy::{Fault, Proxy};

#[tokio::test]
async fn a_table_that_is_missing_is_named_with_the_key_it_should_have() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), "NoSuchTable");
    let error = counter(&table).launch().await.unwrap_err();
    for part in ["NoSuchTable", "us-east-1", "userId"] {
        assert!(error.to_string().contains(part), "{part} in: {error}");
    }
    let error = table.load(&Key::from("u")).await.unwrap_err();
    assert!(matches!(error, PersistenceError::NoTable { .. }), "{error}");
}

#[tokio::test]
async fn a_table_with_another_key_is_named_with_the_key_it_should_have() {
    let local = LocalDynamoDb::start().unwrap();
    let name = local.new_table().await.unwrap() + "-wrong";
    let other_key = Layout::Named {
        partition_key: "UserId".into(),
        attributes: "mapAttr".into(),
    };
    let other = DynamoDb::new(local.client(), &name).layout(other_key);
    other.ensure_table().await.unwrap();
    let table = DynamoDb::new(local.client(), name);
    let error = table.load(&Key::from("u")).await.unwrap_err();
    assert!(
        matches!(error, PersistenceError::WrongKey { .. }),
        "{error}"
    );
    let error = save(&table, &Item::default(), 1, "r").await.unwrap_err();
    assert!(
        matches!(error, PersistenceError::WrongKey { .. }),
        "{error}"
    );
}

/// DynamoDB has one code for all that is wrong with a request. These are its texts, and those of
/// DynamoDB Local, for a key of another shape.
#[tokio::test]
async fn a_wrong_key_is_told_from_whatever_else_is_not_valid() {
    const WRONG: [&str; 5] = [
        "The provided key element does not match the schema",
        "One or more parameter values were invalid: Missing the key UserId in the item",
        "One or more parameter values were invalid: Type mismatch for key userId expected: N actual: S",
        "The number of conditions on the keys is invalid",
        "One of the required keys was not given a value",
    ];
    const OTHER: [&str; 8] = [
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot \
         contain an empty string value. Key: userId",
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size \
         limit of 2048 bytes",
        "One or more parameter values were invalid: Type mismatch for Index Key score Expected: N \
         Actual: S IndexName: byScore",
        "Item size has exceeded the maximum allowed size",
        "Number overflow. Attempting to store a number with magnitude larger than supported range",
        "ExpressionAttributeNames contains invalid value: Empty attribute name for key #key",
        "Invalid KeyConditionExpression: Syntax error",
        "Nesting Levels have exceeded supported limits: attribute monkey",
    ];
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    for (texts, name) in [(&WRONG[..], "WrongKey"), (&OTHER[..], "Other")] {
        for text in texts {
            let refuse = Fault::Refuse("ValidationException", text);
            let proxy = Proxy::start(&local, Box::new(move |_| refuse)).await;
            let refused = DynamoDb::new(proxy.client(&local), table.table());
            let key = Key::from("u");
            let load = refused.load(&key).await.unwrap_err();
            let save = save(&refused, &Item::default(), 1, "r").await.unwrap_err();
            let delete = refused.delete(&key).await.unwrap_err();
            let names = [load.name(), save.name(), delete.name()];
            assert_eq!(names, [name; 3], "{text}");
        }
    }
}

#[tokio::test]
async fn a_key_that_the_table_refuses_for_its_value_is_not_the_wrong_key() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    for key in ["", &"u".repeat(2049)] {
        let error = table.load(&Key::from(key)).await.unwrap_err();
        assert!(matches!(error, PersistenceError::Other { .. }), "{error}");
    }
}

#[tokio::test]
async fn an_item_over_400_kb_is_named() {
    async fn hoard(mut hoard: Persistent<HashMap<String, String>>) {
        hoard.insert("text".into(), "x".repeat(400 * 1024));
    }
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let skill = Skill::builder(SKILL_ID).persistence(table).on_launch(hoard);
    let error = Conversation::with(skill.build().unwrap())
        .launch()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("400 KB"), "{error}");
}

#[tokio::test]
async fn a_map_of_another_type_is_named_and_never_overwritten() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    for (attribute, value) in [
        ("mapAttr", s("text")),
        ("version", s("one")),
        ("version", n("1.5")),
    ] {
        put(
            &local,
            &table,
            [("userId", s("u")), (attribute, value.clone())],
        )
        .await;
        let error = counter(&table).launch().await.unwrap_err();
        assert!(error.to_string().contains(attribute), "{error}");
        assert_eq!(stored(&local, &table, "u").await[attribute], value);
    }
}

#[tokio::test]
async fn an_endpoint_that_nobody_listens_on_is_named() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("a", "b", None, None, "test"))
        .retry_config(aws_sdk_dynamodb::config::retry::RetryConfig::disabled())
        .endpoint_url(format!("http://{closed}"))
        .build();
    let table = DynamoDb::new(aws_sdk_dynamodb::Client::from_conf(config), "Table");
    let error = table.load(&Key::from("u")).await.unwrap_err();
    assert!(
        matches!(error, PersistenceError::Unreachable { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn an_error_shows_only_the_end_of_the_users_id() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let key = Key::from("amzn1.ask.account.ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    let attributes = Attributes::from([("x".into(), Value::from("x".repeat(410 * 1024)))]);
    let read = Item::default();
    let save = Save {
        key: &key,
        read: &read,
        attributes: &attributes,
        request_id: "r",
    };
    let error = table.save(save).await.unwrap_err().to_string();
    assert!(
        error.contains("…UVWXYZ") && !error.contains("ABCDEF"),
        "{error}"
    );
}

#[tokio::test]
async fn the_size_that_is_refused_is_the_one_that_the_table_refuses() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let key = Key::from("u");
    let read = Item::default();
    // Everything but the text: userId 6+1, mapAttr 7+3+1, text 4, version 7+2, requestId 9+1.
    let most = 400 * 1024 - (6 + 1) - (7 + 3 + 1) - 4 - (7 + 2) - (9 + 1);
    let attributes = |bytes| Attributes::from([("text".into(), Value::from("x".repeat(bytes)))]);
    let too_large = attributes(most + 1);
    let save = Save {
        key: &key,
        read: &read,
        attributes: &too_large,
        request_id: "r",
    };
    let error = table.save(save).await.unwrap_err();
    let PersistenceError::TooLarge { bytes, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(bytes, 400 * 1024 + 1);
    let largest = attributes(most);
    table
        .save(Save {
            attributes: &largest,
            ..save
        })
        .await
        .unwrap();
}
