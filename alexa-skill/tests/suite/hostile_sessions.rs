//! What a session carries comes from outside: whatever it says, no update gets lost.

use alexa_skill::attributes::Value;
use alexa_skill::persistence::dynamodb::{DynamoDb, Layout};
use fastrand::Rng;
use local_dynamodb::LocalDynamoDb;
use serde_json::{Value as Json, json};
use simulator::Conversation;

use crate::Counted;
use crate::carried::{NAME, builder, carrying, count};

const SEED: u64 = 20261122;

/// Sends an intent with these session attributes, and says what the skill said.
async fn with_session(table: &Counted, user: &str, new: bool, attributes: &Json) -> String {
    let skill = builder(table.clone()).carry_in_session().build().unwrap();
    let mut user = Conversation::with(skill.clone()).user(user);
    let intent = json!({"name": "Add", "confirmationStatus": "NONE", "slots": {}});
    let mut envelope = user.envelope(json!({"type": "IntentRequest", "intent": intent}));
    envelope["session"]["new"] = new.into();
    envelope["session"]["attributes"] = attributes.clone();
    let request = serde_json::to_vec(&envelope).unwrap();
    let answer = skill.answer_json(&request).await.unwrap();
    let answer: Json = serde_json::from_slice(&answer).unwrap();
    answer["response"]["outputSpeech"]["ssml"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// What a session of `user` carries after one visit.
async fn carried_by(table: &Counted, user: &str) -> Json {
    let skill = builder(table.clone()).carry_in_session().build().unwrap();
    let answer = Conversation::with(skill).user(user).launch().await.unwrap();
    json!(answer.session_attributes().unwrap())
}

#[tokio::test]
async fn what_is_not_the_users_own_is_read_anew() {
    let table = Counted::default();
    let own = carried_by(&table, "u").await;
    let foreign = carried_by(&table, "somebody else").await;
    let text = own[NAME].as_str().unwrap();
    let local = LocalDynamoDb::start().unwrap();
    let other = DynamoDb::new(local.client(), "Other").layout(Layout::Id);
    other.ensure_table().await.unwrap();
    let other_table = carrying(other).launch().await.unwrap();
    let mut visits = 1;
    for (what, attributes) in [
        ("of another user", foreign),
        ("of another table", json!(other_table.session_attributes())),
        (
            "of a newer library",
            json!({NAME: text.replace("\"format\":1", "\"format\":2")}),
        ),
        ("broken off", json!({NAME: text[..text.len() / 2]})),
        ("a text", json!({NAME: "hello"})),
        ("an empty text", json!({NAME: ""})),
        ("too long", json!({NAME: " ".repeat(8192) + text})),
        ("a number", json!({NAME: 7})),
        ("null", json!({NAME: null})),
        ("an object", json!({NAME: {"count": 100}})),
        ("nested", json!({NAME: "[".repeat(4000)})),
    ] {
        let (loads, saves) = table.loads_and_saves();
        visits += 1;
        let said = with_session(&table, "u", false, &attributes).await;
        assert_eq!(said, format!("<speak>visit {visits}</speak>"), "{what}");
        assert_eq!(table.loads_and_saves(), (loads + 1, saves + 1), "{what}");
    }
    let own = carried_by(&table, "u").await;
    let (loads, _) = table.loads_and_saves();
    with_session(&table, "u", true, &own).await;
    assert_eq!(table.loads_and_saves().0, loads + 1, "a new session reads");
    let own = carried_by(&table, "u").await;
    let (loads, _) = table.loads_and_saves();
    with_session(&table, "u", false, &own).await;
    assert_eq!(
        table.loads_and_saves().0,
        loads,
        "and the user's own is taken"
    );
}

#[tokio::test]
async fn a_forged_version_cannot_overwrite() {
    let table = Counted::default();
    let own = carried_by(&table, "u").await;
    let text = own[NAME].as_str().unwrap();
    let carried: Json = serde_json::from_str(text).unwrap();
    let mut visits = 1;
    for revision in [
        json!("absent"),
        json!({"unversioned": {"tag": null}}),
        json!({"version": {"number": 0, "request": "r", "earlier": "", "tag": null}}),
        json!({"version": {"number": 1, "request": "", "earlier": "", "tag": null}}),
        json!({"version": {"number": u64::MAX, "request": "r", "earlier": "", "tag": "t"}}),
        // The number is right, and the request id is not: it is 128 random bits.
        json!({"version": {"number": 6, "request": "guess", "earlier": "00".repeat(800), "tag": null}}),
    ] {
        let mut forged = carried.clone();
        forged["revision"] = revision;
        forged["attributes"]["count"] = json!(1000);
        visits += 1;
        let forged = json!({NAME: forged.to_string()});
        let said = with_session(&table, "u", false, &forged).await;
        assert_eq!(said, format!("<speak>visit {visits}</speak>"), "{forged}");
        assert_eq!(count(&table).await, Value::from(visits));
    }
}

#[tokio::test]
async fn an_old_state_sent_again_loses_nothing() {
    let table = Counted::default();
    let mut old = Vec::new();
    let mut random = Rng::with_seed(SEED);
    for visits in 1..=200 {
        let carried = match old.is_empty() {
            true => json!({}),
            false => random.choice(&old).cloned().unwrap(),
        };
        let said = with_session(&table, "u", false, &carried).await;
        assert_eq!(
            said,
            format!("<speak>visit {visits}</speak>"),
            "seed {SEED}"
        );
        if random.bool() {
            old.push(carried_by_reading(&table).await);
        }
    }
    assert_eq!(count(&table).await, Value::from(200));
}

/// What a session carries that only looked.
async fn carried_by_reading(table: &Counted) -> Json {
    let skill = builder(table.clone()).carry_in_session().build().unwrap();
    let mut user = Conversation::with(skill).user("u");
    let answer = user.intent("Look", []).await.unwrap();
    json!(answer.session_attributes().unwrap())
}

#[tokio::test]
async fn two_thousand_damaged_states_harm_nothing() {
    let table = Counted::default();
    let own = carried_by(&table, "u").await;
    let text: Vec<char> = own[NAME].as_str().unwrap().chars().collect();
    // From now on the text is old, whole or not.
    with_session(&table, "u", false, &json!({})).await;
    let mut random = Rng::with_seed(SEED);
    let alphabet: Vec<char> = "{}[]\":,.-0129aeNSBM\\u é".chars().collect();
    for visits in 3..2_003 {
        let mut damaged = text.clone();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..damaged.len());
            match random.u8(..3) {
                0 => drop(damaged.remove(at)),
                1 => damaged.insert(at, *random.choice(&alphabet).unwrap()),
                _ => damaged[at] = *random.choice(&alphabet).unwrap(),
            }
        }
        let damaged: String = damaged.into_iter().collect();
        let said = with_session(&table, "u", false, &json!({ NAME: damaged })).await;
        assert_eq!(said, format!("<speak>visit {visits}</speak>"), "{damaged}");
    }
}
