//! Whole conversations with the skill, on a real table.

use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::{BoxError, persistence::memory::Memory};
use blank::skill;
use local_dynamodb::LocalDynamoDb;
use simulator::Conversation;

// ANCHOR: conversation
#[tokio::test]
async fn a_color_is_remembered() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    let table = DynamoDb::new(local.client(), local.new_table().await?);
    let mut alice = Conversation::with(skill().persistence(table).build()?);

    let answer = alice.launch().await?;
    assert_eq!(answer.speech(), "Welcome! What is your favorite color?");
    assert!(!answer.ends_session());

    let answer = alice.intent("ColorIntent", [("color", "blue")]).await?;
    assert_eq!(answer.speech(), "I will remember blue.");
    assert!(answer.ends_session());

    let answer = alice.launch().await?;
    let expected = "Welcome back! Your favorite color is blue.";
    assert_eq!(answer.speech(), expected);
    Ok(())
}
// ANCHOR_END: conversation

#[tokio::test]
async fn a_color_that_was_not_heard_is_asked_for_again() -> Result<(), BoxError> {
    let mut alice = Conversation::with(skill().persistence(Memory::new()).build()?);
    let answer = alice.intent("ColorIntent", []).await?;
    assert!(!answer.ends_session() && !answer.reprompt().is_empty());
    Ok(())
}

#[tokio::test]
async fn help_asks_again_and_stop_ends_the_session() -> Result<(), BoxError> {
    let mut alice = Conversation::with(skill().persistence(Memory::new()).build()?);
    for intent in ["AMAZON.HelpIntent", "AMAZON.FallbackIntent"] {
        let answer = alice.intent(intent, []).await?;
        let asks = !answer.ends_session() && !answer.reprompt().is_empty();
        assert!(asks, "{intent}");
    }
    for intent in ["AMAZON.StopIntent", "AMAZON.CancelIntent"] {
        assert!(alice.intent(intent, []).await?.ends_session(), "{intent}");
    }
    Ok(())
}

#[tokio::test]
async fn a_skill_without_its_table_says_sorry() -> Result<(), BoxError> {
    let mut alice = Conversation::with(skill().build()?);
    let answer = alice.launch().await?;
    assert!(answer.speech().starts_with("Sorry"));
    Ok(())
}
