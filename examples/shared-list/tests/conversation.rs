//! Whole conversations with the skill.

use alexa_skill::BoxError;
use alexa_skill::persistence::memory::Memory;
use alexa_skill::persistence::{Item, Key, PersistenceAdapter};
use serde_json::json;
use shared_list::skill;
use simulator::{Answer, Conversation};

fn member_of(table: &Memory) -> Result<Conversation, BoxError> {
    let skill = skill().persistence(table.clone()).build()?;
    Ok(Conversation::with(skill).user("household"))
}

async fn kept(table: &Memory) -> Result<Item, BoxError> {
    Ok(table.load(&Key::from("household")).await?)
}

// ANCHOR: several
/// Names several things at once, as Alexa sends a slot that takes a list.
async fn say<const N: usize>(
    member: &mut Conversation,
    intent: &str,
    items: [&str; N],
) -> Result<Answer, BoxError> {
    let values = items
        .map(|item| json!({"type": "Simple", "value": item}))
        .to_vec();
    let slot = json!({"name": "items", "slotValue": {"type": "List", "values": values}});
    let intent = json!({"name": intent, "slots": {"items": slot}});
    let request = json!({"type": "IntentRequest", "intent": intent});
    member.send(request).await
}

#[tokio::test]
async fn several_things_are_added_at_once() -> Result<(), BoxError> {
    let mut alice = member_of(&Memory::new())?;
    let answer = say(&mut alice, "AddIntent", ["milk", "bread", "eggs"]).await?;
    assert_eq!(
        answer.speech(),
        "Added: milk, bread and eggs. What shall I do?"
    );
    let answer = alice.intent("ReadIntent", []).await?;
    assert!(
        answer
            .speech()
            .starts_with("milk, bread and eggs. That is all.")
    );
    Ok(())
}
// ANCHOR_END: several

#[tokio::test]
async fn every_device_of_the_household_has_the_same_list() -> Result<(), BoxError> {
    let table = Memory::new();
    let mut kitchen = member_of(&table)?.device("kitchen");
    let mut cellar = member_of(&table)?.device("cellar");
    kitchen.intent("AddIntent", [("items", "milk")]).await?;
    let answer = cellar.intent("RemoveIntent", [("items", "milk")]).await?;
    assert_eq!(answer.speech(), "Removed: milk. What shall I do?");
    let answer = kitchen.intent("ReadIntent", []).await?;
    assert_eq!(answer.speech(), "Your list is empty. What shall I do?");
    Ok(())
}

#[tokio::test]
async fn other_households_have_lists_of_their_own() -> Result<(), BoxError> {
    let table = Memory::new();
    member_of(&table)?
        .intent("AddIntent", [("items", "milk")])
        .await?;
    let mut neighbour = member_of(&table)?.user("neighbour");
    let answer = neighbour.launch().await?;
    assert_eq!(answer.speech(), "Your list is empty. What shall I do?");
    Ok(())
}

#[tokio::test]
async fn what_is_on_the_list_is_not_added_again() -> Result<(), BoxError> {
    let mut alice = member_of(&Memory::new())?;
    alice.intent("AddIntent", [("items", "milk")]).await?;
    let answer = say(&mut alice, "AddIntent", ["Milk", "bread", "bread"]).await?;
    assert_eq!(
        answer.speech(),
        "Added: bread. Already on the list: Milk and bread. What shall I do?"
    );
    let answer = alice.launch().await?;
    assert_eq!(
        answer.speech(),
        "There are 2 things on your list. What shall I do?"
    );
    Ok(())
}

#[tokio::test]
async fn an_unknown_thing_is_named_and_the_known_one_removed() -> Result<(), BoxError> {
    let table = Memory::new();
    let mut alice = member_of(&table)?;
    say(&mut alice, "AddIntent", ["milk", "bread"]).await?;
    let before = kept(&table).await?;
    let answer = alice.intent("RemoveIntent", [("items", "salt")]).await?;
    assert_eq!(answer.speech(), "Not on the list: salt. What shall I do?");
    assert_eq!(kept(&table).await?, before);
    let answer = say(&mut alice, "RemoveIntent", ["salt", "bread"]).await?;
    assert_eq!(
        answer.speech(),
        "Removed: bread. Not on the list: salt. What shall I do?"
    );
    Ok(())
}

// ANCHOR: pages
#[tokio::test]
async fn a_long_list_is_read_in_pages() -> Result<(), BoxError> {
    let mut alice = member_of(&Memory::new())?;
    let all = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
    say(&mut alice, "AddIntent", all).await?;

    let answer = alice.intent("ReadIntent", []).await?;
    assert_eq!(answer.speech(), "a, b, c, d and e. 6 more. Shall I go on?");
    let answer = alice.intent("AMAZON.YesIntent", []).await?;
    assert_eq!(answer.speech(), "f, g, h, i and j. 1 more. Shall I go on?");
    let answer = alice.intent("AMAZON.NextIntent", []).await?;
    assert_eq!(answer.speech(), "k. That is all. What shall I do?");
    let answer = alice.intent("AMAZON.NextIntent", []).await?;
    assert_eq!(
        answer.speech(),
        "I am not reading the list. What shall I do?"
    );
    Ok(())
}

#[tokio::test]
async fn reading_goes_on_at_its_place_whatever_another_device_changes() -> Result<(), BoxError> {
    let table = Memory::new();
    let mut kitchen = member_of(&table)?;
    say(&mut kitchen, "AddIntent", ["a", "b", "c", "d", "e", "f"]).await?;
    kitchen.intent("ReadIntent", []).await?;

    let mut cellar = member_of(&table)?;
    say(&mut cellar, "RemoveIntent", ["a", "e", "f"]).await?;
    cellar.intent("AddIntent", [("items", "g")]).await?;
    let answer = kitchen.intent("AMAZON.NextIntent", []).await?;
    assert_eq!(answer.speech(), "g. That is all. What shall I do?");
    Ok(())
}
// ANCHOR_END: pages

#[tokio::test]
async fn the_rest_may_be_gone_when_reading_goes_on() -> Result<(), BoxError> {
    let table = Memory::new();
    let mut kitchen = member_of(&table)?;
    say(&mut kitchen, "AddIntent", ["a", "b", "c", "d", "e", "f"]).await?;
    kitchen.intent("ReadIntent", []).await?;
    member_of(&table)?
        .intent("RemoveIntent", [("items", "f")])
        .await?;
    let answer = kitchen.intent("AMAZON.YesIntent", []).await?;
    assert_eq!(
        answer.speech(),
        "There is nothing more on your list. What shall I do?"
    );
    Ok(())
}

#[tokio::test]
async fn what_a_user_says_cannot_break_the_speech() -> Result<(), BoxError> {
    let mut alice = member_of(&Memory::new())?;
    let answer = alice
        .intent("AddIntent", [("items", "fish & <chips>")])
        .await?;
    assert!(answer.speech().contains("fish &amp; &lt;chips&gt;"));
    let answer = alice.intent("ReadIntent", []).await?;
    assert!(answer.speech().contains("fish &amp; &lt;chips&gt;"));
    let answer = alice.intent("RemoveIntent", [("items", "<b>")]).await?;
    assert!(answer.speech().contains("&lt;b&gt;"));
    Ok(())
}

// ANCHOR: full
#[tokio::test]
async fn a_full_list_says_what_it_left_out() -> Result<(), BoxError> {
    let mut alice = member_of(&Memory::new())?;
    for number in 1..100 {
        let item = format!("item {number}");
        alice.intent("AddIntent", [("items", &item)]).await?;
    }
    let answer = say(&mut alice, "AddIntent", ["the last", "one more"]).await?;
    assert_eq!(
        answer.speech(),
        "Added: the last. The list is full with 100 things, so I left out: one more. \
         What shall I do?"
    );
    alice.intent("RemoveIntent", [("items", "item 7")]).await?;
    let answer = alice.intent("AddIntent", [("items", "one more")]).await?;
    assert_eq!(answer.speech(), "Added: one more. What shall I do?");
    Ok(())
}
// ANCHOR_END: full

#[tokio::test]
async fn what_is_too_long_is_left_out() -> Result<(), BoxError> {
    let table = Memory::new();
    let mut alice = member_of(&table)?;
    alice
        .intent("AddIntent", [("items", &"é".repeat(80))])
        .await?;
    let before = kept(&table).await?;
    let answer = alice
        .intent("AddIntent", [("items", &"é".repeat(81))])
        .await?;
    assert_eq!(
        answer.speech(),
        "I leave out what has over 80 letters. What shall I do?"
    );
    assert_eq!(kept(&table).await?, before);
    Ok(())
}

// ANCHOR: stages
/// The stages of a conversation: at its start, with a list, in the middle of reading it.
async fn at_every_stage() -> Result<Vec<(&'static str, Conversation, Memory)>, BoxError> {
    let mut stages = Vec::new();
    for stage in ["start", "list", "reading"] {
        let table = Memory::new();
        let mut alice = member_of(&table)?;
        alice.launch().await?;
        if stage != "start" {
            say(&mut alice, "AddIntent", ["a", "b", "c", "d", "e", "f"]).await?;
        }
        if stage == "reading" {
            alice.intent("ReadIntent", []).await?;
        }
        stages.push((stage, alice, table));
    }
    Ok(stages)
}
// ANCHOR_END: stages

#[tokio::test]
async fn an_empty_slot_asks_for_a_name_and_changes_nothing() -> Result<(), BoxError> {
    for (intent, verb) in [("AddIntent", "add"), ("RemoveIntent", "remove")] {
        for (stage, mut alice, table) in at_every_stage().await? {
            let before = kept(&table).await?;
            for answer in [
                alice.intent(intent, []).await?,
                alice.intent(intent, [("items", "  ")]).await?,
                say(&mut alice, intent, []).await?,
            ] {
                let start = format!("I did not hear what to {verb}.");
                assert!(answer.speech().starts_with(&start), "{stage}");
                assert!(!answer.reprompt().is_empty());
            }
            assert_eq!(kept(&table).await?, before, "{intent} at {stage}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn help_and_fallback_say_what_can_be_said() -> Result<(), BoxError> {
    for intent in [
        "AMAZON.HelpIntent",
        "AMAZON.FallbackIntent",
        "UnknownIntent",
    ] {
        for (stage, mut alice, table) in at_every_stage().await? {
            let before = kept(&table).await?;
            let answer = alice.intent(intent, []).await?;
            assert!(
                answer.speech().contains("You can say"),
                "{intent} at {stage}"
            );
            assert!(!answer.reprompt().is_empty());
            assert_eq!(kept(&table).await?, before, "{intent} at {stage}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn yes_and_next_without_reading_change_nothing() -> Result<(), BoxError> {
    let table = Memory::new();
    let mut alice = member_of(&table)?;
    alice.intent("AddIntent", [("items", "milk")]).await?;
    let before = kept(&table).await?;
    for intent in ["AMAZON.YesIntent", "AMAZON.NextIntent"] {
        let answer = alice.intent(intent, []).await?;
        assert!(answer.speech().starts_with("I am not reading"), "{intent}");
        assert!(!answer.reprompt().is_empty());
    }
    assert_eq!(kept(&table).await?, before);
    Ok(())
}

#[tokio::test]
async fn leaving_ends_the_session_and_keeps_the_list() -> Result<(), BoxError> {
    let intents = [
        "AMAZON.NoIntent",
        "AMAZON.StopIntent",
        "AMAZON.CancelIntent",
        "AMAZON.NavigateHomeIntent",
    ];
    for intent in intents {
        for (stage, mut alice, table) in at_every_stage().await? {
            let before = kept(&table).await?;
            let answer = alice.intent(intent, []).await?;
            assert_eq!(answer.speech(), "See you next time.");
            assert!(answer.ends_session());
            assert_eq!(kept(&table).await?, before, "{intent} at {stage}");
        }
    }
    Ok(())
}

// ANCHOR: silence
#[tokio::test]
async fn silence_ends_the_session_and_keeps_the_list() -> Result<(), BoxError> {
    for (stage, mut alice, table) in at_every_stage().await? {
        let before = kept(&table).await?;
        let answer = alice.end_session("EXCEEDED_MAX_REPROMPTS").await?;
        assert_eq!(answer.speech(), "");
        assert_eq!(kept(&table).await?, before, "{stage}");
    }
    Ok(())
}
// ANCHOR_END: silence

#[tokio::test]
async fn a_skill_without_its_table_says_sorry() -> Result<(), BoxError> {
    let mut alice = Conversation::with(skill().build()?);
    let answer = alice.launch().await?;
    assert!(answer.speech().starts_with("Sorry"));
    Ok(())
}
