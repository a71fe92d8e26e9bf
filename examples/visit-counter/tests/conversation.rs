//! Whole conversations with the skill, on a real table.

use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::{BoxError, persistence::memory::Memory};
use local_dynamodb::LocalDynamoDb;
use simulator::Conversation;
use visit_counter::skill;

// ANCHOR: conversation
#[tokio::test]
async fn the_second_visit_is_counted() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    let table = DynamoDb::new(local.client(), local.new_table().await?);
    let mut alice = Conversation::with(skill().persistence(table.clone()).build()?);

    assert_eq!(
        alice.launch().await?.speech(),
        "Welcome! This is your first visit."
    );
    assert_eq!(
        alice.launch().await?.speech(),
        "Welcome back! This is visit 2."
    );

    let mut bob = Conversation::with(skill().persistence(table).build()?);
    assert_eq!(
        bob.launch().await?.speech(),
        "Welcome! This is your first visit."
    );
    Ok(())
}
// ANCHOR_END: conversation

// ANCHOR: asking
#[tokio::test]
async fn asking_for_the_number_of_visits_does_not_change_it() -> Result<(), BoxError> {
    let mut alice = Conversation::with(skill().persistence(Memory::new()).build()?);
    alice.launch().await?;
    for _ in 0..2 {
        let answer = alice.intent("VisitsIntent", []).await?;
        assert_eq!(answer.speech(), "You have been here once.");
    }
    alice.launch().await?;
    let answer = alice.intent("VisitsIntent", []).await?;
    assert_eq!(answer.speech(), "You have been here 2 times.");
    Ok(())
}
// ANCHOR_END: asking

#[tokio::test]
async fn help_asks_again_and_stop_ends_the_session() -> Result<(), BoxError> {
    let mut alice = Conversation::with(skill().persistence(Memory::new()).build()?);
    for intent in ["AMAZON.HelpIntent", "AMAZON.FallbackIntent"] {
        let answer = alice.intent(intent, []).await?;
        assert!(
            !answer.ends_session() && !answer.reprompt().is_empty(),
            "{intent}"
        );
    }
    for intent in ["AMAZON.StopIntent", "AMAZON.CancelIntent"] {
        assert!(alice.intent(intent, []).await?.ends_session(), "{intent}");
    }
    assert_eq!(alice.end_session("USER_INITIATED").await?.speech(), "");
    Ok(())
}

// ANCHOR: missing
#[tokio::test]
async fn a_skill_without_its_table_says_sorry() -> Result<(), BoxError> {
    let mut alice = Conversation::with(skill().build()?);
    let answer = alice.launch().await?;
    assert!(answer.speech().starts_with("Sorry, I cannot remember"));
    Ok(())
}
// ANCHOR_END: missing
