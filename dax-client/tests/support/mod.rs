//! What the tests share: a local DAX with a table.
#![allow(dead_code, reason = "each test uses a part")]

pub mod fake;
pub mod proxy;
pub mod script;
pub mod wire;

use std::collections::HashMap;
use std::env;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType, TableStatus,
};
use dax_client::local::{Builder, LocalDax};

pub type Item = HashMap<String, AttributeValue>;

/// A local DAX in front of the endpoint that `AWS_ENDPOINT_URL_DYNAMODB` names, or an embedded one.
pub fn builder() -> Builder {
    match env::var("AWS_ENDPOINT_URL_DYNAMODB") {
        Ok(url) if !url.is_empty() => LocalDax::builder().store_url(&url),
        _ => LocalDax::builder(),
    }
}

pub fn start() -> LocalDax {
    builder().start().unwrap()
}

/// A new table with the key `id`, of type S, and a range key if one is given.
pub async fn table(dax: &LocalDax, sort: Option<ScalarAttributeType>) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("dax-test-{}-{number}", std::process::id());
    make_table(dax, &name, sort).await;
    name
}

pub async fn make_table(dax: &LocalDax, name: &str, sort: Option<ScalarAttributeType>) {
    let store = dax.store();
    let mut create = store
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest);
    let parts = [
        ("id", KeyType::Hash, Some(ScalarAttributeType::S)),
        ("at", KeyType::Range, sort),
    ];
    for (name, key, kind) in parts {
        let Some(kind) = kind else {
            continue;
        };
        let definition = AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(kind);
        let element = KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(key);
        create = create
            .attribute_definitions(definition.build().unwrap())
            .key_schema(element.build().unwrap());
    }
    create.send().await.unwrap();
    loop {
        let described = store
            .describe_table()
            .table_name(name)
            .send()
            .await
            .unwrap();
        if described.table.unwrap().table_status == Some(TableStatus::Active) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

pub fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub fn item(attributes: &[(&str, AttributeValue)]) -> Item {
    attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect()
}
