//! What the chapters show of the other SDKs: their skills, and what they leave in the table.
//!
//! `SNAPSHOTS=overwrite cargo test -p alexa-skill --test interop -- --ignored` writes the snapshots
//! anew.

use std::collections::HashMap;
use std::time::Duration;

use alexa_skill::attributes::{Attributes, Value, to_attributes};
use alexa_skill::persistence::dynamodb::{DynamoDb, Layout};
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, Save};
use alexa_skill::{Persistent, Skill};
use aws_sdk_dynamodb::types::AttributeValue;
use local_dynamodb::LocalDynamoDb;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use simulator::{Answer, Conversation, Endpoint};
use snapbox::{Assert, file};

use crate::notation::{notation, shown};
use crate::peers::{Peer, Place, USER};
use crate::skills::{NodeSkill, SKILL_ID};

/// The table that the skills name.
const TABLE: &str = "VisitCounter";

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

/// As the starter visit-counter answers, and the two skills in `node`.
async fn welcome(mut visits: Persistent<Visits>) -> String {
    visits.count += 1;
    match visits.count {
        1 => "Welcome! This is your first visit.".into(),
        count => format!("Welcome back! This is visit {count}."),
    }
}

#[track_caller]
fn compare(actual: &str, snapshot: snapbox::Data) {
    Assert::new().action_env("SNAPSHOTS").eq(actual, snapshot);
}

async fn table(local: &LocalDynamoDb, layout: Layout) -> DynamoDb {
    let table = DynamoDb::new(local.client(), TABLE).layout(layout);
    table.ensure_table().await.unwrap();
    table
}

fn rust(table: &DynamoDb) -> Conversation {
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(welcome);
    Conversation::with(skill.build().unwrap()).user(USER)
}

/// The table's only item, as it lies there.
async fn stored(local: &LocalDynamoDb) -> HashMap<String, AttributeValue> {
    let scan = local.client().scan().table_name(TABLE).send().await;
    let mut items = scan.unwrap().items.unwrap();
    assert_eq!(items.len(), 1);
    items.remove(0)
}

async fn names_of(local: &LocalDynamoDb) -> Vec<String> {
    let mut names: Vec<String> = stored(local).await.into_keys().collect();
    names.sort();
    names
}

async fn count(table: &DynamoDb) -> Value {
    let item = table.load(&Key::from(USER)).await.unwrap();
    item.attributes["count"].clone()
}

/// Node.js v1 puts a space on either side of what is said.
fn said(who: &str, answer: &Answer) -> String {
    format!("{who:<9}{}\n", answer.speech().trim())
}

/// The same two visits as those of the starter, down to the last word.
async fn two_visits(file: &str, layout: Layout) -> String {
    let local = LocalDynamoDb::embedded().unwrap();
    table(&local, layout).await;
    let skill = NodeSkill::start(file, &local);
    let mut user = skill.user();
    let mut transcript = String::new();
    for _ in 0..2 {
        let answer = user.launch().await.unwrap();
        transcript += &format!(
            "User:  Alexa, open visit counter.\nAlexa: {}\n",
            answer.speech().trim()
        );
    }
    compare(
        &transcript,
        file!["../../../tests/snapshots/two-visits.txt"],
    );
    shown(stored(&local).await)
}

#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn node_v1_counts_the_same_two_visits_in_an_item_of_its_own() {
    let item = two_visits("visit-counter-v1.js", Layout::UserId).await;
    compare(&item, file!["snapshots/two-visits-node-v1.txt"]);
}

#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn node_v2_counts_the_same_two_visits_in_an_item_of_its_own() {
    let item = two_visits("visit-counter-v2.js", Layout::Id).await;
    compare(&item, file!["snapshots/two-visits-node-v2.txt"]);
}

async fn save(table: &DynamoDb, attributes: &Attributes) {
    let save = Save {
        key: &Key::from(USER),
        read: &Item::default(),
        attributes,
        request_id: "ours",
    };
    table.save(save).await.unwrap();
}

/// What an SDK makes of values that go in as they stand here.
#[tokio::test]
#[ignore = "needs Node.js and Python, with the packages that .ci/run installs"]
async fn each_sdk_keeps_numbers_and_empty_texts_in_its_own_way() {
    let cases = [
        ("integer", json!(9_007_199_254_740_993_u64)),
        ("money", json!(12_345_678_901_234_567_890_u64)),
        ("text", json!("")),
        ("nothing", Json::Null),
    ];
    let state: Map<String, Json> = cases.iter().cloned().map(|(n, v)| (n.into(), v)).collect();
    let state = to_attributes(&state).unwrap();
    let writers = [
        ("Node.js v1", Some(Peer::NodeV1), Layout::UserId),
        ("Node.js v2", Some(Peer::NodeV2), Layout::Id),
        ("Python", Some(Peer::Python), Layout::Id),
        ("Rust", None, Layout::UserId),
    ];
    let mut kept = Vec::new();
    for (name, peer, layout) in writers {
        let local = LocalDynamoDb::embedded().unwrap();
        let table = table(&local, layout.clone()).await;
        let environment = local.environment();
        let place = Place {
            name: TABLE,
            environment: &environment,
        };
        match peer {
            Some(peer) => peer.writes(&place, &state),
            None => save(&table, &state).await,
        }
        let item = stored(&local).await;
        kept.push((name, item[layout.attributes()].as_m().unwrap().clone()));
    }
    let mut lines = String::new();
    for (case, value) in &cases {
        lines += &format!("{value}\n");
        for (writer, kept) in &kept {
            lines += &format!("  {writer:<11} {}\n", notation(&kept[*case]));
        }
    }
    compare(&lines, file!["snapshots/values.txt"]);
}

#[tokio::test]
#[ignore = "needs Python and the packages of tests/interop/python, which .ci/run installs"]
async fn python_leaves_an_item_as_node_v2_does() {
    let local = LocalDynamoDb::embedded().unwrap();
    table(&local, Layout::Id).await;
    let environment = local.environment();
    let place = Place {
        name: TABLE,
        environment: &environment,
    };
    let state = to_attributes(&Visits { count: 2 }).unwrap();
    Peer::Python.writes(&place, &state);
    let item = shown(stored(&local).await);
    compare(&item, file!["snapshots/two-visits-node-v2.txt"]);
}

/// Both versions answer the same user, in turn.
async fn side_by_side(name: &str, file: &str, layout: Layout) -> String {
    let local = LocalDynamoDb::embedded().unwrap();
    let table = table(&local, layout).await;
    let skill = NodeSkill::start(file, &local);
    let (mut node, mut rust) = (skill.user(), rust(&table));
    let mut transcript = String::new();
    for _ in 0..2 {
        transcript += &said(name, &node.launch().await.unwrap());
        transcript += &said("Rust", &rust.launch().await.unwrap());
    }
    transcript
}

#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn both_versions_of_a_skill_answer_from_one_table() {
    let v1 = side_by_side("Node.js", "visit-counter-v1.js", Layout::UserId).await;
    let v2 = side_by_side("Node.js", "visit-counter-v2.js", Layout::Id).await;
    assert_eq!(v1, v2);
    compare(&v1, file!["snapshots/side-by-side.txt"]);
}

// ANCHOR: drops
#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn a_write_of_node_drops_what_lies_beside_its_attributes_and_rust_starts_over() {
    let local = LocalDynamoDb::embedded().unwrap();
    let table = table(&local, Layout::Id)
        .await
        .time_to_live("expires", Duration::from_secs(3600));
    rust(&table).launch().await.unwrap();
    let ours = ["attributes", "expires", "id", "requestId", "version"];
    assert_eq!(names_of(&local).await, ours);

    let skill = NodeSkill::start("visit-counter-v2.js", &local);
    skill.user().launch().await.unwrap();
    assert_eq!(names_of(&local).await, ["attributes", "id"]);

    let answer = rust(&table).launch().await.unwrap();
    assert_eq!(answer.speech(), "Welcome back! This is visit 3.");
    assert_eq!(names_of(&local).await, ours);
    let item = stored(&local).await;
    assert_eq!(item["version"], AttributeValue::N("1".into()));
}
// ANCHOR_END: drops

#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn node_overwrites_a_visit_that_rust_counted_after_node_had_read() {
    let local = LocalDynamoDb::embedded().unwrap();
    let table = table(&local, Layout::Id).await;
    let (mut rust, mut transcript) = (rust(&table), String::new());
    transcript += &said("Rust", &rust.launch().await.unwrap());

    let skill = NodeSkill::holding_writes("visit-counter-v2.js", &local);
    let launch = skill.user().envelope(json!({"type": "LaunchRequest"}));
    skill.hold(&launch);
    transcript += "Node.js  … has read, and is slow to write\n";
    transcript += &said("Rust", &rust.launch().await.unwrap());
    let late = skill.release();
    let late = late["response"]["outputSpeech"]["ssml"].as_str().unwrap();
    let late = late
        .trim_start_matches("<speak>")
        .trim_end_matches("</speak>");
    transcript += &format!("{:<9}{late}\n", "Node.js");
    transcript += &said("Rust", &rust.launch().await.unwrap());
    compare(&transcript, file!["snapshots/overwritten.txt"]);
}

// ANCHOR: session
#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn node_v1_in_the_middle_of_a_session_writes_back_what_the_session_began_with() {
    let local = LocalDynamoDb::embedded().unwrap();
    let table = table(&local, Layout::UserId).await;
    for _ in 0..5 {
        rust(&table).launch().await.unwrap();
    }
    assert_eq!(count(&table).await, Value::from(5));

    // The session began with Node.js at visit 2; its attributes are the state of that time.
    let skill = NodeSkill::start("visit-counter-v1.js", &local);
    let mut user = skill.user();
    let mut launch = user.envelope(json!({"type": "LaunchRequest"}));
    launch["session"]["new"] = json!(false);
    launch["session"]["attributes"] = json!({"count": 2});
    let answer = (&skill).call(launch).await;
    assert!(answer.unwrap().to_string().contains("This is visit 3."));
    assert_eq!(count(&table).await, Value::from(3));
}
// ANCHOR_END: session
