//! Whole conversations with the skill.

use alexa_skill::persistence::dynamodb::DynamoDb;
use std::collections::BTreeSet;

use alexa_skill::BoxError;
use alexa_skill::persistence::memory::Memory;
use alexa_skill::persistence::{Item, Key, PersistenceAdapter};
use facts::{DAILY_LIMIT, skill};
use local_dynamodb::LocalDynamoDb;
use serde_json::json;
use simulator::{Answer, Conversation};

const FACTS: u32 = 15;
const LOCALES: [&str; 10] = [
    "en-AU", "en-CA", "en-GB", "en-IN", "en-US", "fr-CA", "fr-FR", "es-ES", "es-MX", "es-US",
];

fn listener_of(table: &Memory, locale: &str) -> Result<Conversation, BoxError> {
    let skill = skill().persistence(table.clone()).build()?;
    Ok(Conversation::with(skill).user("alice").locale(locale))
}

async fn kept(table: &Memory) -> Result<Item, BoxError> {
    Ok(table.load(&Key::from("alice")).await?)
}

// ANCHOR: on
/// Opens the skill at a time of one's own.
async fn launch_at(listener: &mut Conversation, timestamp: &str) -> Result<Answer, BoxError> {
    let request = json!({"type": "LaunchRequest", "timestamp": timestamp});
    listener.send(request).await
}
// ANCHOR_END: on

/// Hears as many facts as there are, a few a day from the first of a month on.
async fn hear_all(listener: &mut Conversation, month: &str) -> Result<Vec<String>, BoxError> {
    let mut heard = Vec::new();
    for day in 1..=FACTS.div_ceil(DAILY_LIMIT) {
        for _ in 0..DAILY_LIMIT {
            let answer = launch_at(listener, &format!("{month}-{day:02}T08:00:00Z")).await?;
            heard.push(fact_in(&answer));
        }
    }
    Ok(heard)
}

/// The answer without the sentence behind the fact.
fn fact_in(answer: &Answer) -> String {
    let behind = [
        "Would you like another one?",
        "That was the last one for today.",
        "En voulez-vous une autre ?",
        "C'était la dernière pour aujourd'hui.",
        "¿Quieres otro?",
        "Ese fue el último por hoy.",
    ];
    let speech = answer.speech();
    let fact = behind.iter().find_map(|end| speech.strip_suffix(end));
    fact.unwrap_or_else(|| panic!("no fact: {speech}")).into()
}

// ANCHOR: repeats
#[tokio::test]
async fn no_fact_comes_twice_until_all_were_heard() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    let table = DynamoDb::new(local.client(), local.new_table().await?);
    let mut alice = Conversation::with(skill().persistence(table).build()?);

    let first_round = hear_all(&mut alice, "2026-01").await?;
    let different: BTreeSet<&String> = first_round.iter().collect();
    assert_eq!(different.len(), FACTS as usize);

    let second_round = hear_all(&mut alice, "2026-02").await?;
    assert_eq!(second_round, first_round);
    Ok(())
}
// ANCHOR_END: repeats

#[tokio::test]
async fn each_language_has_facts_of_its_own_to_hear() -> Result<(), BoxError> {
    let table = Memory::new();
    let mut all = BTreeSet::new();
    for (locale, month) in [
        ("en-GB", "2026-01"),
        ("fr-FR", "2026-02"),
        ("es-ES", "2026-03"),
    ] {
        all.extend(hear_all(&mut listener_of(&table, locale)?, month).await?);
    }
    assert_eq!(all.len(), 3 * FACTS as usize);
    Ok(())
}

#[tokio::test]
async fn locales_of_one_language_share_what_was_heard() -> Result<(), BoxError> {
    let table = Memory::new();
    let in_france = listener_of(&table, "fr-FR")?.launch().await?;
    let in_canada = listener_of(&table, "fr-CA")?.launch().await?;
    assert_ne!(in_france.speech(), in_canada.speech());
    Ok(())
}

#[tokio::test]
async fn users_do_not_share_what_was_heard() -> Result<(), BoxError> {
    let table = Memory::new();
    let to_alice = listener_of(&table, "en-US")?.launch().await?;
    let to_bob = listener_of(&table, "en-US")?.user("bob").launch().await?;
    assert_eq!(to_alice.speech(), to_bob.speech());
    Ok(())
}

// ANCHOR: limit
#[tokio::test]
async fn the_daily_limit_ends_with_the_day() -> Result<(), BoxError> {
    let mut alice = listener_of(&Memory::new(), "en-US")?;
    for heard in 1..=DAILY_LIMIT {
        let answer = launch_at(&mut alice, "2026-03-14T09:00:00Z").await?;
        assert_eq!(answer.ends_session(), heard == DAILY_LIMIT);
    }
    let answer = launch_at(&mut alice, "2026-03-14T23:59:59Z").await?;
    assert!(
        answer
            .speech()
            .starts_with("You have heard today's 5 facts.")
    );
    assert!(answer.ends_session());

    let answer = launch_at(&mut alice, "2026-03-15T00:00:00Z").await?;
    fact_in(&answer);
    Ok(())
}
// ANCHOR_END: limit

#[tokio::test]
async fn the_daily_limit_holds_for_all_languages_together() -> Result<(), BoxError> {
    let table = Memory::new();
    let locales = ["en-US", "fr-FR", "es-ES", "en-GB", "fr-CA"];
    for locale in locales {
        launch_at(&mut listener_of(&table, locale)?, "2026-03-14T09:00:00Z").await?;
    }
    for (locale, start) in [
        ("en-US", "You have heard"),
        ("fr-FR", "Vous avez"),
        ("es-ES", "Ya has"),
    ] {
        let mut alice = listener_of(&table, locale)?;
        let answer = launch_at(&mut alice, "2026-03-14T09:00:00Z").await?;
        assert!(answer.speech().starts_with(start), "{}", answer.speech());
    }
    Ok(())
}

#[tokio::test]
async fn a_late_or_undated_request_does_not_lift_the_limit() -> Result<(), BoxError> {
    let mut alice = listener_of(&Memory::new(), "en-US")?;
    for _ in 0..DAILY_LIMIT {
        launch_at(&mut alice, "2026-03-14T09:00:00Z").await?;
    }
    for timestamp in [
        "2026-03-13T23:59:59Z",
        "",
        "1789000000000",
        "tomorrowTT",
        "9999999999T",
    ] {
        let answer = launch_at(&mut alice, timestamp).await?;
        assert!(answer.speech().starts_with("You have heard"), "{timestamp}");
    }
    Ok(())
}

#[tokio::test]
async fn yes_tells_another_fact_and_no_says_goodbye() -> Result<(), BoxError> {
    let mut alice = listener_of(&Memory::new(), "en-US")?;
    let first = alice.launch().await?;
    let second = alice.intent("AMAZON.YesIntent", []).await?;
    assert_ne!(fact_in(&first), fact_in(&second));
    assert_eq!(second.reprompt(), "Would you like another one?");
    let answer = alice.intent("AMAZON.NoIntent", []).await?;
    assert_eq!(answer.speech(), "See you next time.");
    assert!(answer.ends_session());
    Ok(())
}

#[tokio::test]
async fn every_locale_is_answered_in_its_language() -> Result<(), BoxError> {
    for locale in LOCALES {
        let mut alice = listener_of(&Memory::new(), locale)?;
        let answer = alice.intent("FactIntent", []).await?;
        let question = match &locale[..2] {
            "fr" => "En voulez-vous une autre ?",
            "es" => "¿Quieres otro?",
            _ => "Would you like another one?",
        };
        assert_eq!(answer.reprompt(), question, "{locale}");
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_locale_is_answered_in_english() -> Result<(), BoxError> {
    let mut alice = listener_of(&Memory::new(), "de-DE")?;
    assert_eq!(
        alice.launch().await?.reprompt(),
        "Would you like another one?"
    );
    let answer = alice
        .send(json!({"type": "LaunchRequest", "locale": null}))
        .await?;
    assert_eq!(answer.reprompt(), "Would you like another one?");
    Ok(())
}

/// The stages of a conversation: at its start, after a fact, after the day's last fact.
async fn at_every_stage(locale: &str) -> Result<Vec<(Conversation, Memory)>, BoxError> {
    let mut stages = Vec::new();
    for heard in [0, 1, DAILY_LIMIT] {
        let table = Memory::new();
        let mut alice = listener_of(&table, locale)?;
        for _ in 0..heard {
            alice.launch().await?;
        }
        stages.push((alice, table));
    }
    Ok(stages)
}

#[tokio::test]
async fn help_and_fallback_ask_and_change_nothing() -> Result<(), BoxError> {
    for locale in LOCALES {
        for intent in [
            "AMAZON.HelpIntent",
            "AMAZON.FallbackIntent",
            "UnknownIntent",
        ] {
            for (mut alice, table) in at_every_stage(locale).await? {
                let before = kept(&table).await?;
                let answer = alice.intent(intent, []).await?;
                assert!(answer.speech().ends_with('?'), "{intent} in {locale}");
                assert!(answer.speech().ends_with(answer.reprompt()));
                assert!(!answer.ends_session());
                assert_eq!(kept(&table).await?, before, "{intent} in {locale}");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn leaving_ends_the_session_and_changes_nothing() -> Result<(), BoxError> {
    let intents = [
        "AMAZON.NoIntent",
        "AMAZON.StopIntent",
        "AMAZON.CancelIntent",
        "AMAZON.NavigateHomeIntent",
    ];
    for intent in intents {
        for (mut alice, table) in at_every_stage("fr-FR").await? {
            let before = kept(&table).await?;
            let answer = alice.intent(intent, []).await?;
            assert_eq!(answer.speech(), "À bientôt.", "{intent}");
            assert!(answer.ends_session(), "{intent}");
            assert_eq!(kept(&table).await?, before, "{intent}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn silence_changes_nothing() -> Result<(), BoxError> {
    for (mut alice, table) in at_every_stage("es-MX").await? {
        let before = kept(&table).await?;
        let answer = alice.end_session("EXCEEDED_MAX_REPROMPTS").await?;
        assert_eq!(answer.speech(), "");
        assert_eq!(kept(&table).await?, before);
    }
    Ok(())
}

#[tokio::test]
async fn a_skill_without_its_table_says_sorry_in_each_language() -> Result<(), BoxError> {
    for (locale, start) in [
        ("en-US", "Sorry"),
        ("fr-FR", "Excusez-moi"),
        ("es-ES", "Lo siento"),
    ] {
        let mut alice = Conversation::with(skill().build()?).locale(locale);
        let answer = alice.launch().await?;
        assert!(answer.speech().starts_with(start), "{locale}");
    }
    Ok(())
}
