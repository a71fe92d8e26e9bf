//! What the chapter on one round trip shows: a copy of the state in the session, by hand and carried.
//!
//! `SNAPSHOTS=overwrite cargo test -p alexa-skill --test suite one_round_trip` writes the snapshots
//! anew.

use alexa_skill::attributes::from_attributes;
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::{Key, PersistenceAdapter};
use alexa_skill::{BoxError, Provided, Response, Result, Session, Skill, Turn};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue::{N, S};
use local_dynamodb::LocalDynamoDb;
use serde_json::Value as Json;
use simulator::Conversation;
use snapbox::{Assert, Data, file};

use crate::carried::{NAME, carrying, taken, visit, watched};
use crate::{SKILL_ID, Visits};

/// A table in which a count has an item, without a condition on anything.
#[derive(Clone)]
struct Counts {
    client: Client,
    table: String,
}

impl Counts {
    async fn read(&self) -> Result<u32, BoxError> {
        let get = self.client.get_item().table_name(&self.table);
        let get = get.key("userId", S("household".into()));
        let item = get.consistent_read(true).send().await?.item;
        match item.and_then(|mut item| item.remove("count")) {
            Some(N(digits)) => Ok(digits.parse()?),
            _ => Ok(0),
        }
    }

    async fn write(&self, count: u32) -> Result<(), BoxError> {
        let put = self.client.put_item().table_name(&self.table);
        let put = put.item("userId", S("household".into()));
        put.item("count", N(count.to_string())).send().await?;
        Ok(())
    }
}

// ANCHOR: naive
async fn copy_in_session(
    turn: Turn,
    mut visits: Session<Visits>,
    table: Provided<Counts>,
) -> Result<Response, BoxError> {
    if turn.is_new_session() {
        visits.count = table.read().await?;
    }
    visits.count += 1;
    table.write(visits.count).await?;
    Ok(Response::ask(format!("visit {}", visits.count)))
}
// ANCHOR_END: naive

/// What kitchen and cellar hear, each in a session of its own.
async fn heard(skill: Skill) -> Result<String, BoxError> {
    // ANCHOR: devices
    let device = || Conversation::with(skill.clone()).user("household");
    let (mut kitchen, mut cellar) = (device(), device());
    let first = kitchen.intent("Add", []).await?;
    let second = cellar.intent("Add", []).await?;
    let third = kitchen.intent("Add", []).await?;
    // ANCHOR_END: devices
    let [first, second, third] = [first, second, third].map(|answer| answer.speech().to_owned());
    Ok(format!(
        "kitchen: {first}\ncellar:  {second}\nkitchen: {third}\n"
    ))
}

#[track_caller]
fn compare(shown: String, snapshot: Data) {
    Assert::new().action_env("SNAPSHOTS").eq(shown, snapshot);
}

#[tokio::test]
async fn a_copy_in_the_session_loses_a_visit() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    let table = Counts {
        table: local.new_table().await?,
        client: local.client(),
    };
    let skill = Skill::builder(SKILL_ID)
        .provide(table.clone())
        .fallback(copy_in_session)
        .build()?;
    let heard = heard(skill).await?;
    compare(
        format!("{heard}table:   {}\n", table.read().await?),
        file!["snapshots/naive-session.txt"],
    );
    Ok(())
}

#[tokio::test]
async fn a_carried_item_loses_none() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    let table = DynamoDb::new(local.client(), local.new_table().await?);
    // ANCHOR: carried
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .carry_in_session()
        .fallback(visit)
        .build()?;
    // ANCHOR_END: carried
    let heard = heard(skill).await?;
    let kept = table.load(&Key::from("household")).await?.attributes;
    let Visits { count } = from_attributes(&kept)?;
    compare(
        format!("{heard}table:   {count}\n"),
        file!["snapshots/carried-session.txt"],
    );
    Ok(())
}

#[tokio::test]
async fn a_session_of_three_turns_makes_these_calls() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start().unwrap();
    let (proxy, calls) = watched(&local).await;
    let mut shown = format!("{:8}{:22}carried\n", "turn", "as ever");
    let mut turns = Vec::new();
    for carry in [false, true] {
        let table = DynamoDb::new(local.client(), local.new_table().await?);
        let table = DynamoDb::new(proxy.client(&local), table.table());
        let skill = Skill::builder(SKILL_ID).persistence(table).fallback(visit);
        let skill = if carry {
            skill.carry_in_session()
        } else {
            skill
        };
        let mut user = Conversation::with(skill.build()?).user("u");
        let mut session = Vec::new();
        for _ in 0..3 {
            user.intent("Add", []).await?;
            session.push(taken(&calls).join(", "));
        }
        turns.push(session);
    }
    for (number, (ever, carried)) in turns[0].iter().zip(&turns[1]).enumerate() {
        shown += &format!("{:<8}{ever:22}{carried}\n", number + 1);
    }
    compare(shown, file!["snapshots/one-round-trip.txt"]);
    Ok(())
}

#[tokio::test]
async fn an_answer_carries_the_item_in_one_session_attribute() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let answer = carrying(table).launch().await.unwrap();
    let text = answer.session_attributes().unwrap()[NAME].as_str().unwrap();
    let mut carried: Json = serde_json::from_str(text).unwrap();
    let request = &mut carried["revision"]["version"]["request"];
    assert!(
        request
            .as_str()
            .unwrap()
            .starts_with("amzn1.echo-api.request.")
    );
    *request = "amzn1.echo-api.request.EXAMPLE".into();
    carried["owner"] = "0123456789abcdef".into();
    let shown = serde_json::to_string_pretty(&carried).unwrap() + "\n";
    compare(shown, file!["snapshots/carried.txt"]);
}
