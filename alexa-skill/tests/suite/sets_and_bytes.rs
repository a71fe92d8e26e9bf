//! Real sets and bytes in a table, through whole turns.

use alexa_skill::attributes::{Attributes, Bytes, Number, Set, Value, to_attributes};
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::{Key, PersistenceAdapter};
use alexa_skill::{Response, Result, Skill, Turn};
use local_dynamodb::LocalDynamoDb;
use serde::{Deserialize, Serialize};
use serde_json::json;
use simulator::Conversation;

use crate::SKILL_ID;

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Heard {
    facts: Set<String>,
    rounds: Set<u32>,
    prices: Set<Number>,
    seeds: Set<Bytes>,
    seed: Bytes,
}

async fn hear(turn: Turn) -> Result<Response> {
    let mut heard = turn.persistent::<Heard>().await?;
    heard.facts.insert("Venus turns backwards".into());
    heard
        .facts
        .insert("a day is longer than a year there".into());
    heard.rounds.insert(7);
    heard
        .prices
        .insert("0.10000000000000000000000000000000000001".parse().unwrap());
    heard.seeds.insert(Bytes(vec![1, 2]));
    heard.seed.extend([0, 255]);
    Ok(Response::new())
}

async fn forget(turn: Turn) -> Result<Response> {
    *turn.persistent::<Heard>().await? = Heard::default();
    Ok(Response::new())
}

async fn say(turn: Turn) -> Result<Response> {
    let heard = turn.persistent::<Heard>().await?;
    let json = serde_json::to_string(&(&heard.facts, &heard.rounds, &heard.seeds, &heard.seed));
    Ok(Response::new().speak(json.unwrap()))
}

fn kinds(attributes: &Attributes) -> Vec<&'static str> {
    attributes.values().map(Value::kind).collect()
}

/// E6, serde_dynamo 101.
#[tokio::test]
async fn e6_a_set_and_bytes_are_stored_as_dynamodbs_own() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_intent("Hear", hear)
        .on_intent("Forget", forget)
        .on_intent("Say", say);
    let mut alexa = Conversation::with(skill.build().unwrap()).user("u");
    let stored = async || table.load(&Key::from("u")).await.unwrap().attributes;
    for _ in 0..2 {
        alexa.intent("Hear", []).await.unwrap();
        // In the order of the names: facts, prices, rounds, seed, seeds.
        assert_eq!(kinds(&stored().await), ["SS", "NS", "NS", "B", "BS"]);
        let answer = alexa.intent("Say", []).await.unwrap();
        assert!(
            answer.speech().contains(r#"[7],[[1,2]],[0,255"#),
            "{}",
            answer.speech()
        );
        alexa.intent("Forget", []).await.unwrap();
        assert_eq!(kinds(&stored().await), ["L", "L", "L", "B", "L"]);
    }
    alexa.intent("Hear", []).await.unwrap();
    assert_eq!(kinds(&stored().await), ["SS", "NS", "NS", "B", "BS"]);
}

#[tokio::test]
async fn sets_and_bytes_go_through_a_session_as_lists() {
    async fn hear(turn: Turn) -> Result<Response> {
        let mut heard = turn.session::<Heard>()?;
        let round = heard.rounds.len() as u32;
        heard.rounds.insert(round);
        heard.seed.push(9);
        let said = format!("{:?} {:?}", heard.rounds.0, heard.seed.0);
        Ok(Response::new().speak(said).reprompt("Again?"))
    }
    let skill = Skill::builder(SKILL_ID).on_intent("Hear", hear);
    let mut alexa = Conversation::with(skill.build().unwrap());
    alexa.intent("Hear", []).await.unwrap();
    let answer = alexa.intent("Hear", []).await.unwrap();
    assert_eq!(answer.speech(), "{0, 1} [9, 9]");
    let attributes = answer.session_attributes().unwrap();
    assert_eq!(attributes["rounds"], json!([0, 1]));
    assert_eq!(attributes["seed"], json!([9, 9]));
}

#[test]
fn a_rust_set_is_a_list() {
    let set = std::collections::BTreeSet::from(["a"]);
    let attributes = to_attributes(&json!({ "set": set })).unwrap();
    assert_eq!(attributes["set"], Value::List(vec!["a".into()]));
}
