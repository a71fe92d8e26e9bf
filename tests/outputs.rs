//! What the chapters show as output: made here, by the skills that they explain.
//!
//! `SNAPSHOTS=overwrite cargo test --test outputs` writes the snapshots anew.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use alexa_skill::BoxError;
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::memory::Memory;
use alexa_skill::persistence::{Key, PersistenceAdapter};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use local_dynamodb::LocalDynamoDb;
use serde_json::{Map, Value as Json, json};
use simulator::Conversation;
use snapbox::{Assert, file};

/// As long as a real one, so that the page shows what the reader's own table will show.
const USER_ID: &str = "amzn1.ask.account.AEXAMPLEUSER";

#[track_caller]
fn compare(actual: &str, snapshot: snapbox::Data) {
    Assert::new().action_env("SNAPSHOTS").eq(actual, snapshot);
}

#[tokio::test]
async fn two_visits_are_counted_in_one_item() -> Result<(), BoxError> {
    let local = LocalDynamoDb::embedded()?;
    let table = DynamoDb::new(local.client(), local.new_table().await?);
    let skill = visit_counter::skill().persistence(table.clone()).build()?;
    let mut user = Conversation::with(skill).user(USER_ID);
    let mut transcript = String::new();
    for _ in 0..2 {
        let answer = user.launch().await?;
        transcript += &format!(
            "User:  Alexa, open visit counter.\nAlexa: {}\n",
            answer.speech()
        );
    }
    compare(&transcript, file!["snapshots/two-visits.txt"]);

    let get = local.client().get_item().table_name(table.table());
    let item = get
        .key("userId", AttributeValue::S(USER_ID.into()))
        .send()
        .await?
        .item;
    let mut item = item.ok_or("no item")?;
    // These two differ from run to run.
    item.insert(
        "requestId".into(),
        AttributeValue::S("amzn1.echo-api.request.EXAMPLE".into()),
    );
    item.insert(
        "earlierRequests".into(),
        AttributeValue::B(Blob::new("EXAMPLE!")),
    );
    let names = [
        "userId",
        "mapAttr",
        "version",
        "requestId",
        "earlierRequests",
    ];
    assert_eq!(item.len(), names.len());
    let lines = names.map(|name| format!("  \"{name}\": {}", notation(&item[name])));
    let shown = format!("{{\n{}\n}}\n", lines.join(",\n"));
    compare(&shown, file!["snapshots/two-visits-item.txt"]);
    Ok(())
}

#[tokio::test]
async fn a_turn_leaves_a_line_of_metrics() -> Result<(), BoxError> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = lines.clone();
    let skill = visit_counter::skill()
        .persistence(Memory::new())
        .metrics_to("visit-counter", move |line| {
            sink.lock().unwrap().push(line.to_owned())
        });
    let mut user = Conversation::with(skill.build()?).user(USER_ID);
    user.launch().await?;
    let mut line: Json = serde_json::from_str(&lines.lock().unwrap()[0])?;
    // These two differ from run to run.
    line["_aws"]["Timestamp"] = 1_795_348_800_000_u64.into();
    line["Duration"] = 1.25.into();
    compare(
        &(folded(&line, "") + "\n"),
        file!["snapshots/metrics-line.txt"],
    );
    Ok(())
}

#[tokio::test]
async fn a_missing_table_is_named() -> Result<(), BoxError> {
    let local = LocalDynamoDb::embedded()?;
    let table = DynamoDb::new(local.client(), "VisitCounter");
    let error = table.load(&Key::from(USER_ID)).await.unwrap_err();
    compare(
        &format!("{}: {error}\n", error.name()),
        file!["snapshots/no-table.txt"],
    );
    Ok(())
}

/// The chapter on HTTPS explains every reason for which a request is refused, and no other.
#[test]
fn every_refusal_is_explained_by_its_name() {
    let source = include_str!("../alexa-skill/src/verify/error.rs");
    let (_, by_variant) = source.split_once("fn name(&self)").unwrap();
    let name = |line: &str| Some(line.split_once("=> \"")?.1.split_once('"')?.0.to_owned());
    let names: BTreeSet<String> = by_variant.lines().filter_map(name).collect();
    assert!(names.contains("SignatureWrong"), "{names:?}");

    let chapter = include_str!("../book/src/runtime/https.md");
    let (_, section) = chapter.split_once("## Each refusal by its name").unwrap();
    let (section, _) = section.split_once("<p class").unwrap();
    let quoted = section.split('`').skip(1).step_by(2);
    let is_name = |text: &&str| text.chars().all(char::is_alphanumeric);
    let explained: BTreeSet<String> = quoted
        .filter(is_name)
        .map(str::to_owned)
        // The skill's own refusal, not the verifier's.
        .filter(|name| name != "WrongSkillId")
        .collect();
    assert_eq!(explained, names);
}

/// JSON on several lines, where one is too long for a page.
fn folded(value: &Json, indent: &str) -> String {
    let deeper = format!("{indent}  ");
    let line = value.to_string();
    let (open, members, close) = match value {
        _ if indent.len() + line.len() < 60 => return line,
        Json::Object(members) => {
            let member = |(name, value)| format!("{name:?}: {}", folded(value, &deeper));
            ('{', members.iter().map(member).collect::<Vec<_>>(), '}')
        }
        Json::Array(values) => {
            let value = |value| folded(value, &deeper);
            ('[', values.iter().map(value).collect(), ']')
        }
        _ => return line,
    };
    let members = members.join(&format!(",\n{deeper}"));
    format!("{open}\n{deeper}{members}\n{indent}{close}")
}

/// A value in DynamoDB's JSON notation, which names each value's type.
fn notation(value: &AttributeValue) -> Json {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(digits) => json!({ "N": digits }),
        AttributeValue::B(bytes) => json!({ "B": aws_smithy_types::base64::encode(bytes) }),
        AttributeValue::M(entries) => {
            let entries = entries
                .iter()
                .map(|(name, value)| (name.clone(), notation(value)));
            json!({ "M": entries.collect::<Map<_, _>>() })
        }
        other => unimplemented!("no snapshot shows {other:?}"),
    }
}
