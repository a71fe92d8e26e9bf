//! What the skill does with a real table: two devices at once, and a user who leaves.

use alexa_skill::BoxError;
use alexa_skill::persistence::dynamodb::DynamoDb;
use local_dynamodb::LocalDynamoDb;
use serde_json::json;
use shared_list::skill;
use simulator::Conversation;

fn member_of(table: &DynamoDb) -> Result<Conversation, BoxError> {
    let skill = skill().persistence(table.clone()).build()?;
    Ok(Conversation::with(skill).user("household"))
}

// ANCHOR: at_once
#[tokio::test]
async fn two_devices_at_once_lose_nothing() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    let table = DynamoDb::new(local.client(), local.new_table().await?);
    let mut kitchen = member_of(&table)?.device("kitchen");
    let mut cellar = member_of(&table)?.device("cellar");
    for round in 0..20 {
        let (bread, wine) = (format!("bread {round}"), format!("wine {round}"));
        let (first, second) = tokio::join!(
            kitchen.intent("AddIntent", [("items", &bread)]),
            cellar.intent("AddIntent", [("items", &wine)]),
        );
        assert!(first?.speech().starts_with("Added"));
        assert!(second?.speech().starts_with("Added"));
    }
    let answer = kitchen.launch().await?;
    assert!(answer.speech().starts_with("There are 40 things"));
    Ok(())
}
// ANCHOR_END: at_once

// ANCHOR: disabled
#[tokio::test]
async fn a_household_that_disables_the_skill_is_forgotten() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    let table = DynamoDb::new(local.client(), local.new_table().await?);
    let mut alice = member_of(&table)?;
    alice.intent("AddIntent", [("items", "milk")]).await?;

    let body = json!({"userInformationPersistenceStatus": "NOT_PERSISTED"});
    let event = json!({"type": "AlexaSkillEvent.SkillDisabled", "body": body});
    let mut event = alice.envelope(event);
    event["session"].take();
    skill()
        .persistence(table.clone())
        .build()?
        .answer_json(&serde_json::to_vec(&event)?)
        .await?;

    let items = local
        .client()
        .scan()
        .table_name(table.table())
        .send()
        .await?;
    assert_eq!(items.count(), 0);
    Ok(())
}
// ANCHOR_END: disabled
