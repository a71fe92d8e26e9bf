//! What the chapters show of tables and errors.
//!
//! `SNAPSHOTS=overwrite cargo test -p alexa-skill --test suite shown` writes the snapshots anew.

use std::time::Duration;

use alexa_skill::Skill;
use alexa_skill::attributes::to_attributes;
use alexa_skill::persistence::dynamodb::{DynamoDb, Layout};
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, PersistenceError, Save};
use aws_sdk_dynamodb::types::AttributeValue;
use local_dynamodb::LocalDynamoDb;
use serde_json::json;
use simulator::Conversation;
use snapbox::{Assert, file};

use crate::notation::shown;
use crate::{SKILL_ID, welcome};

const USER: &str = "amzn1.ask.account.AEXAMPLEUSER";

#[track_caller]
fn compare(actual: &str, snapshot: snapbox::Data) {
    Assert::new().action_env("SNAPSHOTS").eq(actual, snapshot);
}

fn said(error: &PersistenceError) -> String {
    format!("{}: {error}\n", error.name())
}

#[tokio::test]
async fn an_item_with_everything_that_it_may_have() {
    let local = LocalDynamoDb::embedded().unwrap();
    // ANCHOR: table
    let table = DynamoDb::new(local.client(), "Skills")
        .layout(Layout::Named {
            partition_key: "owner".into(),
            attributes: "state".into(),
        })
        .sort_key("skill", "visit-counter")
        .time_to_live("expires", Duration::from_secs(90 * 24 * 60 * 60));
    table.ensure_table().await.unwrap();
    // ANCHOR_END: table

    let s = |text: &str| AttributeValue::S(text.into());
    // ANCHOR: others
    let put = local.client().put_item().table_name("Skills");
    let put = put.item("owner", s(USER)).item("skill", s("visit-counter"));
    put.item("campaign", s("spring")).send().await.unwrap();
    // ANCHOR_END: others

    let skill = Skill::builder(SKILL_ID)
        .persistence(table)
        .on_launch(welcome);
    let mut user = Conversation::with(skill.build().unwrap()).user(USER);
    assert_eq!(user.launch().await.unwrap().speech(), "visit 1");
    let scan = local.client().scan().table_name("Skills").send().await;
    let mut item = scan.unwrap().items.unwrap().remove(0);
    let expires = item["expires"].as_n().unwrap().parse::<u64>().unwrap();
    assert!(expires > 1_700_000_000);
    // Ninety days after an evening in November.
    item.insert("expires".into(), AttributeValue::N("1803150000".into()));
    compare(&shown(item), file!["snapshots/whole-item.txt"]);
}

#[tokio::test]
async fn a_table_with_another_key_is_named() {
    let local = LocalDynamoDb::embedded().unwrap();
    let theirs = DynamoDb::new(local.client(), "VisitCounter").layout(Layout::Id);
    theirs.ensure_table().await.unwrap();
    let ours = DynamoDb::new(local.client(), "VisitCounter");
    let error = ours.load(&Key::from(USER)).await.unwrap_err();
    compare(&said(&error), file!["snapshots/wrong-key.txt"]);
}

#[tokio::test]
async fn an_item_that_is_too_large_is_named_with_its_size() {
    let local = LocalDynamoDb::embedded().unwrap();
    let table = DynamoDb::new(local.client(), "VisitCounter");
    table.ensure_table().await.unwrap();
    let diary = json!({ "diary": "x".repeat(500_000) });
    let save = Save {
        key: &Key::from(USER),
        read: &Item::default(),
        attributes: &to_attributes(&diary).unwrap(),
        request_id: "amzn1.echo-api.request.EXAMPLE",
    };
    let error = table.save(save).await.unwrap_err();
    compare(&said(&error), file!["snapshots/too-large.txt"]);
}
