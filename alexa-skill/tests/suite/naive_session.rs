//! A session that keeps a copy of the state by hand, and what it costs.

use alexa_skill::attributes::from_attributes;
use alexa_skill::persistence::{Key, PersistenceAdapter};
use alexa_skill::testing::{Conversation, LocalDynamoDb};
use alexa_skill::{BoxError, Response, Result, Skill, Turn};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue::{N, S};
use snapbox::{Assert, Data, file};

use crate::carried::visit;
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
async fn copy_in_session(turn: Turn, table: Counts) -> Result<Response, BoxError> {
    let mut visits = turn.session::<Visits>()?;
    if turn.is_new_session() {
        visits.count = table.read().await?;
    }
    visits.count += 1;
    table.write(visits.count).await?;
    let speech = format!("visit {}", visits.count);
    Ok(Response::new().speak(speech).keep_session_open())
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

/// What the book shows; `SNAPSHOTS=overwrite` writes it anew.
#[track_caller]
fn compare(shown: String, snapshot: Data) {
    Assert::new().action_env("SNAPSHOTS").eq(shown, snapshot);
}

#[tokio::test]
async fn a_copy_in_the_session_loses_a_visit() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    let table = Counts {
        table: local.new_table().await?.table().to_owned(),
        client: local.client(),
    };
    let shared = table.clone();
    let handler = move |turn| copy_in_session(turn, shared.clone());
    let skill = Skill::builder(SKILL_ID).fallback(handler).build()?;
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
    let table = local.new_table().await?;
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
