//! Persistent attributes that a session carries: one read a session, and nothing lost.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alexa_skill::attributes::Value;
use alexa_skill::persistence::dynamodb::{DynamoDb, Layout};
use alexa_skill::persistence::{Item, Key, PersistenceAdapter};
use alexa_skill::{
    BoxError, Error, Persistent, Response, Result, Session, Skill, SkillBuilder, Turn,
};
use aws_sdk_dynamodb::types::AttributeValue;
use local_dynamodb::LocalDynamoDb;
use serde_json::{Value as Json, json};
use simulator::{Answer, Conversation};

use crate::proxy::{Fault, Faults, Proxy};
use crate::{Counted, SKILL_ID, Visits};

pub const NAME: &str = "$alexa_skill::persistent";

/// Counts, and keeps the session open.
pub async fn visit(mut visits: Persistent<Visits>) -> Response {
    visits.count += 1;
    Response::ask(format!("visit {}", visits.count))
}

async fn look(visits: Persistent<Visits>) -> Response {
    Response::ask(format!("{} visits", visits.count))
}

async fn look_again(mut visits: Persistent<Visits>) -> Result<Response> {
    Persistent::refresh(&mut visits).await?;
    Ok(look(visits).await)
}

async fn chat() -> Response {
    Response::ask("nice day")
}

async fn forget(turn: Turn) -> Result<Response> {
    turn.forget().await?;
    Ok(Response::ask("forgotten"))
}

async fn fail(mut visits: Persistent<Visits>) -> Result<(), BoxError> {
    visits.count += 1;
    Err("no".into())
}

async fn bye(visits: Persistent<Visits>) -> Response {
    visit(visits).await.end_session()
}

/// Leaves it to Alexa whether the session goes on.
async fn unsaid(mut visits: Persistent<Visits>) -> Response {
    visits.count += 1;
    Response::new().speak("?")
}

/// Says what a handler sees of the session, and takes all of it away.
async fn tidy(turn: Turn, mut session: Session<BTreeMap<String, Json>>) -> Response {
    let envelope = turn
        .envelope()
        .session
        .as_ref()
        .map(|session| &session.attributes);
    let seen = envelope.map_or(0, BTreeMap::len);
    let names: Vec<String> = session.keys().cloned().collect();
    *session = BTreeMap::from([("mine".to_owned(), json!(1))]);
    Response::ask(format!("{seen}: {}", names.join(", ")))
}

pub fn builder(table: impl PersistenceAdapter) -> SkillBuilder {
    let skill = Skill::builder(SKILL_ID)
        .persistence(table)
        .on_launch(visit)
        .on_intent("Look", look)
        .on_intent("LookAgain", look_again)
        .on_intent("Chat", chat)
        .on_intent("Forget", forget)
        .on_intent("Fail", fail)
        .on_intent("Tidy", tidy)
        .on_intent("Bye", bye)
        .fallback(visit);
    skill.forget_disabled_users()
}

pub fn carrying(table: impl PersistenceAdapter) -> Conversation {
    let skill = builder(table).carry_in_session();
    Conversation::with(skill.build().unwrap()).user("u")
}

async fn say<const N: usize>(user: &mut Conversation, intents: [&str; N]) -> [String; N] {
    let mut said = [const { String::new() }; N];
    for (said, intent) in said.iter_mut().zip(intents) {
        *said = user.intent(intent, []).await.unwrap().speech().to_owned();
    }
    said
}

pub fn carries(answer: &Answer) -> bool {
    let attributes = answer.session_attributes();
    attributes.is_some_and(|attributes| attributes.contains_key(NAME))
}

pub async fn count(table: &impl PersistenceAdapter) -> Value {
    table.load(&Key::from("u")).await.unwrap().attributes["count"].clone()
}

#[tokio::test]
async fn a_session_reads_once_and_then_only_writes() {
    let table = Counted::default();
    let mut user = carrying(table.clone());
    let said = say(&mut user, ["Add", "Add", "Add", "Add"]).await;
    assert_eq!(said, ["visit 1", "visit 2", "visit 3", "visit 4"]);
    assert_eq!(table.loads_and_saves(), (1, 4));
    // A new session knows nothing of the last one.
    say(&mut user, ["Bye", "Add"]).await;
    assert_eq!(table.loads_and_saves(), (2, 6));
    assert_eq!(count(&table).await, Value::from(6));
}

#[tokio::test]
async fn unless_asked_for_every_turn_reads_and_no_session_carries() {
    let table = Counted::default();
    let skill = builder(table.clone()).build().unwrap();
    let mut user = Conversation::with(skill).user("u");
    for visits in 1..=3 {
        let answer = user.intent("Add", []).await.unwrap();
        assert_eq!(answer.json()["sessionAttributes"], json!({}));
        assert_eq!(table.loads_and_saves(), (visits, visits));
    }
}

#[tokio::test]
async fn a_turn_that_changes_nothing_reads_and_writes_nothing_and_carries_on() {
    let table = Counted::default();
    let mut user = carrying(table.clone());
    let said = say(&mut user, ["Add", "Look", "Chat", "Chat", "Look", "Add"]).await;
    let expected = [
        "visit 1", "1 visits", "nice day", "nice day", "1 visits", "visit 2",
    ];
    assert_eq!(said, expected);
    assert_eq!(table.loads_and_saves(), (1, 2));
}

#[tokio::test]
async fn an_adapter_that_names_no_origin_is_read_each_turn() {
    let table = Counted::without_identity();
    let mut user = carrying(table.clone());
    assert!(!carries(&user.launch().await.unwrap()));
    say(&mut user, ["Add"]).await;
    assert_eq!(table.loads_and_saves(), (2, 2));
}

#[tokio::test]
async fn no_handler_sees_or_removes_what_the_session_carries() {
    let table = Counted::default();
    let mut user = carrying(table.clone());
    let said = say(&mut user, ["Add", "Tidy", "Tidy", "Add"]).await;
    assert_eq!(said, ["visit 1", "0:", "1: mine", "visit 2"]);
    assert_eq!(table.loads_and_saves(), (1, 2));
}

#[tokio::test]
async fn it_ends_with_the_session() {
    let table = Counted::default();
    let mut user = carrying(table.clone());
    assert!(carries(&user.launch().await.unwrap()));
    assert!(!carries(&user.intent("Bye", []).await.unwrap()));
    user.launch().await.unwrap();
    assert!(!carries(&user.end_session("USER_INITIATED").await.unwrap()));
    // A device with a screen may keep a session open that nobody closed.
    let skill = Skill::builder(SKILL_ID).persistence(table);
    let skill = skill.carry_in_session().on_launch(unsaid).build().unwrap();
    assert!(carries(&Conversation::with(skill).launch().await.unwrap()));
}

#[tokio::test]
async fn a_request_without_a_session_reads_and_carries_nothing() {
    let table = Counted::default();
    let mut user = carrying(table.clone());
    let mut envelope = user.envelope(json!({"type": "AudioPlayer.PlaybackStopped"}));
    envelope.as_object_mut().unwrap().remove("session");
    let skill = builder(table.clone()).carry_in_session().build().unwrap();
    let request = serde_json::to_vec(&envelope).unwrap();
    let answer: Json = serde_json::from_slice(&skill.answer_json(&request).await.unwrap()).unwrap();
    assert_eq!(answer.get("sessionAttributes"), None);
    assert_eq!(table.loads_and_saves(), (1, 1));
}

#[tokio::test]
async fn a_turn_that_failed_carries_nothing_and_the_next_one_reads() {
    let table = Counted::default();
    let skill = builder(table.clone()).carry_in_session();
    let sorry = async |_: Error| Response::ask("sorry");
    let skill = skill.on_error(sorry).build().unwrap();
    let mut user = Conversation::with(skill).user("u");
    let said = say(&mut user, ["Add", "Fail", "Add"]).await;
    assert_eq!(said, ["visit 1", "sorry", "visit 2"]);
    assert_eq!(table.loads_and_saves(), (2, 2));
}

#[tokio::test]
async fn an_item_above_the_bound_is_read_each_turn() {
    let table = Counted::default();
    let mut user = carrying(table.clone());
    let answer = user.launch().await.unwrap();
    let carried = &answer.session_attributes().unwrap()[NAME];
    let bytes = serde_json::to_string(carried).unwrap().len();
    for (limit, expected) in [(bytes, true), (bytes - 1, false)] {
        let table = Counted::default();
        let skill = builder(table.clone()).carry_in_session_up_to(limit);
        let mut user = Conversation::with(skill.build().unwrap()).user("u");
        assert_eq!(carries(&user.launch().await.unwrap()), expected);
        say(&mut user, ["Look"]).await;
        assert_eq!(table.loads_and_saves().0, if expected { 1 } else { 2 });
    }
}

#[tokio::test]
async fn two_devices_in_their_sessions_lose_nothing() {
    let table = Counted::default();
    // Not even a skill that would never run a turn again: the run on what was carried is extra.
    let device = || {
        let skill = builder(table.clone()).carry_in_session().attempts(1);
        Conversation::with(skill.build().unwrap()).user("u")
    };
    let (mut kitchen, mut cellar) = (device(), device());
    assert_eq!(say(&mut kitchen, ["Add"]).await, ["visit 1"]);
    assert_eq!(say(&mut cellar, ["Add"]).await, ["visit 2"]);
    // What the kitchen has is old now: its write is refused, it reads and writes again.
    assert_eq!(table.loads_and_saves(), (2, 2));
    assert_eq!(say(&mut kitchen, ["Add"]).await, ["visit 3"]);
    assert_eq!(table.loads_and_saves(), (3, 4));
    assert_eq!(say(&mut kitchen, ["Add"]).await, ["visit 4"]);
    assert_eq!(table.loads_and_saves(), (3, 5));
    // A turn that only reads does not notice, unless it asks.
    let said = say(&mut cellar, ["Look", "LookAgain", "Look"]).await;
    assert_eq!(said, ["2 visits", "4 visits", "4 visits"]);
    assert_eq!(table.loads_and_saves(), (4, 5));
}

#[tokio::test]
async fn what_was_deleted_meanwhile_does_not_come_back() {
    let table = Counted::default();
    let mut user = carrying(table.clone());
    say(&mut user, ["Add", "Add"]).await;
    // The user disables the skill, and the session goes on where it was.
    let event = json!({"type": "AlexaSkillEvent.SkillDisabled"});
    let mut envelope = carrying(table.clone()).envelope(event);
    envelope.as_object_mut().unwrap().remove("session");
    let skill = builder(table.clone()).carry_in_session().build().unwrap();
    skill
        .answer_json(&serde_json::to_vec(&envelope).unwrap())
        .await
        .unwrap();
    assert_eq!(table.load(&Key::from("u")).await.unwrap(), Item::default());
    assert_eq!(say(&mut user, ["Add"]).await, ["visit 1"]);
}

#[tokio::test]
async fn what_a_turn_forgets_the_session_forgets_as_well() {
    let table = Counted::default();
    let mut user = carrying(table.clone());
    say(&mut user, ["Add", "Add"]).await;
    let answer = user.intent("Forget", []).await.unwrap();
    assert!(!carries(&answer));
    assert_eq!(
        say(&mut user, ["Look", "Add"]).await,
        ["0 visits", "visit 1"]
    );
    // That there is nothing is carried too.
    assert_eq!(table.loads_and_saves(), (2, 3));
}

#[tokio::test]
async fn every_part_of_an_item_survives_a_session_in_each_layout() {
    let local = LocalDynamoDb::start().unwrap();
    let named = Layout::Named {
        partition_key: "owner".into(),
        attributes: "state".into(),
    };
    for (name, layout) in [
        ("UserId", Layout::UserId),
        ("Id", Layout::Id),
        ("Named", named),
    ] {
        let table = DynamoDb::new(local.client(), format!("Carried{name}"))
            .layout(layout.clone())
            .sort_key("skill", "counter")
            .time_to_live("expires", Duration::from_secs(3600));
        table.ensure_table().await.unwrap();
        // As another SDK left it: no version, values that JSON does not have, others beside them.
        let s = |text: &str| AttributeValue::S(text.into());
        let n = |digits: &str| AttributeValue::N(digits.into());
        let exact = "0.12345678901234567890123456789012345678";
        let attributes = [
            ("count", n("1")),
            ("exact", n(exact)),
            ("tags", AttributeValue::Ss(vec!["a".into(), "b".into()])),
            ("none", AttributeValue::Null(true)),
        ];
        let attributes = attributes.map(|(name, value)| (name.to_owned(), value));
        let put = local.client().put_item().table_name(table.table());
        let put = put
            .item(layout.partition_key(), s("u"))
            .item("skill", s("counter"));
        let put = put.item("campaign", s("spring"));
        let put = put.item(layout.attributes(), AttributeValue::M(attributes.into()));
        put.send().await.unwrap();

        let (proxy, calls) = watched(&local).await;
        let through = DynamoDb::new(proxy.client(&local), table.table())
            .layout(layout.clone())
            .sort_key("skill", "counter")
            .time_to_live("expires", Duration::from_secs(3600));
        let said = say(&mut carrying(through), ["Look", "Add", "Add"]).await;
        assert_eq!(said, ["1 visits", "visit 2", "visit 3"]);
        assert_eq!(taken(&calls), ["GetItem", "PutItem", "PutItem"]);
        let scan = local.client().scan().table_name(table.table()).send().await;
        let item = scan.unwrap().items.unwrap().remove(0);
        assert_eq!(item["campaign"], s("spring"));
        assert!(item["expires"].as_n().unwrap().parse::<u64>().unwrap() > 1_700_000_000);
        let kept = item[layout.attributes()].as_m().unwrap();
        assert_eq!(kept["exact"], n(exact));
        assert!(kept["tags"].is_ss());
        assert_eq!(kept["none"], AttributeValue::Null(true));
        assert_eq!(kept["count"], n("3"));
    }
}

#[tokio::test]
async fn the_history_travels_so_that_a_lost_answer_is_found_under_later_writes() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let mut left = 4;
    let faults: Faults = Box::new(move |operation| {
        if operation == "PutItem" && left > 0 {
            left -= 1;
            return Fault::LoseAnswer;
        }
        Fault::None
    });
    let proxy = Proxy::start(&local, faults).await;
    let mut user = carrying(DynamoDb::new(proxy.client(&local), table.table()));
    let first = say(&mut user, ["Add"]).await;
    let after_first = table.load(&Key::from("u")).await.unwrap().revision;
    let rest = say(&mut user, ["Add", "Add", "Add"]).await;
    assert_eq!(first, ["visit 1"]);
    assert_eq!(rest, ["visit 2", "visit 3", "visit 4"]);
    let revision = table.load(&Key::from("u")).await.unwrap().revision;
    let alexa_skill::persistence::Revision::Version(write) = after_first else {
        panic!("no version")
    };
    let found = revision.contains(&write);
    assert_eq!(found, alexa_skill::persistence::Contained::Yes);
}

/// A proxy that notes the calls.
pub async fn watched(local: &LocalDynamoDb) -> (Proxy, Arc<Mutex<Vec<String>>>) {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let noted = calls.clone();
    let faults: Faults = Box::new(move |operation| {
        noted.lock().unwrap().push(operation.to_owned());
        Fault::None
    });
    (Proxy::start(local, faults).await, calls)
}

pub fn taken(calls: &Mutex<Vec<String>>) -> Vec<String> {
    std::mem::take(&mut calls.lock().unwrap())
}
