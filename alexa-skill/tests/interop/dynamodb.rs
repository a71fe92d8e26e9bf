//! Tables that the ASK SDKs and this library share.

use alexa_skill::attributes::{Attributes, Number, Value};
use alexa_skill::persistence::dynamodb::{DynamoDb, Layout};
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, Revision, Save};
use alexa_skill::{Persistent, Skill};
use local_dynamodb::LocalDynamoDb;
use serde::{Deserialize, Serialize};
use simulator::Conversation;

use crate::peers::{Peer, Place, SKILL_ID, USER};

/// A table in the layout of `peer`, on an endpoint of its own.
pub async fn table_of(local: &LocalDynamoDb, peer: Peer) -> DynamoDb {
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    if peer == Peer::NodeV1 {
        return table;
    }
    let name = format!("{}-id", table.table());
    let table = DynamoDb::new(local.client(), name).layout(Layout::Id);
    table.ensure_table().await.unwrap();
    table
}

pub async fn load(table: &DynamoDb) -> Item {
    table.load(&Key::from(USER)).await.unwrap()
}

async fn save(table: &DynamoDb, read: &Item, attributes: &Attributes) {
    let key = Key::from(USER);
    let save = Save {
        key: &key,
        read,
        attributes,
        request_id: "ours",
    };
    table.save(save).await.unwrap();
}

pub fn number(digits: &str) -> Value {
    Value::Number(digits.parse::<Number>().unwrap())
}

pub fn map<const N: usize>(entries: [(&str, Value); N]) -> Attributes {
    entries.map(|(name, value)| (name.to_owned(), value)).into()
}

/// What all SDKs can hold, the empty string aside.
fn common() -> Attributes {
    map([
        ("visits", number("1")),
        ("none", Value::Null),
        ("yes", Value::from(true)),
        ("text", Value::from("é😀 \n\"quoted\"")),
        ("safe", number("9007199254740991")),
        ("negative", number("-9007199254740991")),
        ("half", number("0.5")),
        ("tiny", number("1e-130")),
        ("large", number("9.99e37")),
        ("empty", Value::Map(Attributes::new())),
        (
            "nested",
            Value::Map(map([(
                "list",
                Value::List(vec![
                    number("1"),
                    Value::from("two"),
                    Value::Null,
                    Value::List(vec![]),
                    Value::Map(map([("deeper", Value::List(vec![Value::from(false)]))])),
                ]),
            )])),
        ),
        ("strings", Value::StringSet(vec!["a".into(), "b".into()])),
        ("numbers", Value::NumberSet(vec![1.into(), 2.into()])),
        ("binary", Value::Binary(vec![0, 127, 255])),
    ])
}

/// What each SDK has its own way with: an empty string on the top and one deeper, and integers
/// that no f64 holds.
fn delicate() -> Attributes {
    map([
        ("name", Value::from("")),
        ("names", Value::List(vec![Value::from("")])),
        ("odd", number("9007199254740993")),
        ("big", number("12345678901234567890")),
        ("most", number(&"9".repeat(38))),
    ])
}

fn with(mut attributes: Attributes, more: Attributes) -> Attributes {
    attributes.extend(more);
    attributes
}

/// What becomes of [`delicate`] on its way through JavaScript's only kind of number.
fn rounded() -> Attributes {
    map([
        ("odd", number("9007199254740992")),
        ("big", number("12345678901234567000")),
        ("most", number("1e38")),
    ])
}

/// What becomes of an empty string that Node.js v2 writes.
fn nulled() -> Attributes {
    map([
        ("name", Value::Null),
        ("names", Value::List(vec![Value::Null])),
    ])
}

/// A state as a skill that moves over from another SDK declares it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Moved {
    visits: u32,
    name: String,
    names: Vec<String>,
    none: Option<u32>,
    half: f64,
}

async fn visit(mut moved: Persistent<Moved>) -> String {
    moved.visits += 1;
    let (visits, name, half) = (moved.visits, &moved.name, moved.half);
    format!(
        "{visits} {name:?} {:?} {:?} {half}",
        moved.names, moved.none
    )
}

/// The peer writes, a skill of ours takes the user over and counts a visit, the peer reads that
/// visit with all else as it was, writes again without a version, and the skill counts on.
async fn a_user_goes_there_and_back(peer: Peer, stored: Attributes) {
    let local = LocalDynamoDb::start().unwrap();
    let table = table_of(&local, peer).await;
    let environment = local.environment();
    let place = Place {
        name: table.table(),
        environment: &environment,
    };
    peer.writes(&place, &with(common(), delicate()));
    let item = load(&table).await;
    assert!(matches!(item.revision, Revision::Unversioned { .. }));
    assert_eq!(item.attributes, stored, "what {peer:?} wrote");

    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(visit);
    let mut user = Conversation::with(skill.build().unwrap()).user(USER);
    let answer = user.launch().await.unwrap();
    assert_eq!(answer.speech(), r#"2 "" [""] None 0.5"#);

    let visited = with(stored.clone(), map([("visits", number("2"))]));
    assert_eq!(
        load(&table).await.attributes,
        visited,
        "the rest is as it was"
    );
    let before = load(&table).await;
    peer.writes(&place, &peer.reads(&place));
    assert!(matches!(
        load(&table).await.revision,
        Revision::Unversioned { .. }
    ));
    let key = Key::from(USER);
    let late = Save {
        key: &key,
        read: &before,
        attributes: &before.attributes,
        request_id: "late",
    };
    let error = table.save(late).await.unwrap_err();
    assert_eq!(error.name(), "Conflict", "{peer:?} wrote in between");
    let answer = user.launch().await.unwrap();
    assert!(answer.speech().starts_with("3 "), "{}", answer.speech());
}

/// Ours writes, the peer reads.
async fn what_we_write_is_read(peer: Peer, seen: Attributes) {
    let local = LocalDynamoDb::start().unwrap();
    let table = table_of(&local, peer).await;
    let environment = local.environment();
    let place = Place {
        name: table.table(),
        environment: &environment,
    };
    let attributes = with(common(), delicate());
    save(&table, &Item::default(), &attributes).await;
    assert_eq!(load(&table).await.attributes, attributes);
    assert_eq!(peer.reads(&place), seen, "what {peer:?} saw");
    // v1 saves at the end of a session whatever it read, in its own numbers.
    let kept = if peer == Peer::NodeV1 {
        seen
    } else {
        attributes
    };
    assert_eq!(load(&table).await.attributes, kept);
}

#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn a_user_of_node_v1_goes_there_and_back() {
    // v1 keeps an empty string, and rounds integers of more than 53 bits.
    let stored = with(with(common(), delicate()), rounded());
    a_user_goes_there_and_back(Peer::NodeV1, stored).await;
}

#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn a_user_of_node_v2_goes_there_and_back() {
    // v2 writes an empty string as NULL at any depth, and rounds as v1 does.
    let stored = with(with(with(common(), delicate()), rounded()), nulled());
    a_user_goes_there_and_back(Peer::NodeV2, stored).await;
}

#[tokio::test]
#[ignore = "needs Python and the packages of tests/interop/python, which .ci/run installs"]
async fn a_user_of_python_goes_there_and_back() {
    a_user_goes_there_and_back(Peer::Python, with(common(), delicate())).await;
}

#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn node_v1_reads_what_we_write_and_rounds_what_it_cannot_hold() {
    let seen = with(with(common(), delicate()), rounded());
    what_we_write_is_read(Peer::NodeV1, seen).await;
}

#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn node_v2_reads_what_we_write_and_rounds_what_it_cannot_hold() {
    // An empty string that is stored as one is read as one.
    let seen = with(with(common(), delicate()), rounded());
    what_we_write_is_read(Peer::NodeV2, seen).await;
}

#[tokio::test]
#[ignore = "needs Python and the packages of tests/interop/python, which .ci/run installs"]
async fn python_reads_what_we_write_digit_for_digit() {
    what_we_write_is_read(Peer::Python, with(common(), delicate())).await;
}

#[tokio::test]
#[ignore = "needs Node.js and Python, with the packages that .ci/run installs"]
async fn a_number_that_is_longer_than_38_digits_is_read_by_node_and_not_by_python() {
    let local = LocalDynamoDb::start().unwrap();
    let table = table_of(&local, Peer::Python).await;
    let environment = local.environment();
    let place = Place {
        name: table.table(),
        environment: &environment,
    };
    let attributes = map([("large", number("9.99e125"))]);
    save(&table, &Item::default(), &attributes).await;
    assert_eq!(load(&table).await.attributes, attributes);
    assert_eq!(Peer::NodeV2.reads(&place), attributes);
    // The endpoint answers with all zeros, and boto3 takes them for digits that it would lose.
    let error = Peer::Python.try_reads(&place).unwrap_err();
    assert!(error.contains("decimal.Rounded"), "{error}");
}

#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn a_user_whom_no_sdk_knows_is_empty_to_all() {
    for peer in [Peer::NodeV1, Peer::NodeV2] {
        let local = LocalDynamoDb::start().unwrap();
        let table = table_of(&local, peer).await;
        let environment = local.environment();
        let place = Place {
            name: table.table(),
            environment: &environment,
        };
        assert_eq!(peer.reads(&place), Attributes::new());
        peer.writes(&place, &Attributes::new());
        assert_eq!(load(&table).await.attributes, Attributes::new());
    }
}
