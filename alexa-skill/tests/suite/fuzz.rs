//! A million broken envelopes, and no panic.

use std::collections::BTreeMap;
use std::time::Instant;

use alexa_skill::envelope::Slot;
use alexa_skill::persistence::memory::Memory;
use alexa_skill::{Error, Locale, Persistent, Response, Result, Session, Skill, Slots, Turn};
use fastrand::Rng;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{SKILL_ID, welcome};

const INPUTS: u32 = 1_000_000;
const SEED: u64 = 20261122;

/// Asks a turn everything that a handler can ask.
async fn curious(
    turn: Turn,
    locale: Locale,
    slots: Result<Slots<BTreeMap<String, Slot>>>,
    city: Result<Slots<Travel>>,
    mut session: Session<BTreeMap<String, Json>>,
    mut persistent: Persistent<BTreeMap<String, Json>>,
) -> Response {
    let request = turn.request();
    let mut said = format!("{locale:?} {slots:?} {city:?} {:?}", request.dialog_state());
    said += &format!("{:?} {:?}", request.reason(), turn.is_new_session());
    if let Ok(intent) = request.intent() {
        for (name, slot) in &intent.slots {
            said += &format!("{name} {:?} {:?}", slot.values(), slot.resolved());
            said += turn.slot(name).unwrap_or_default();
        }
    }
    session.insert("said".into(), json!(said.len()));
    persistent.extend(session.clone());
    Response::new().speak(&said).reprompt(said)
}

/// The slot of the seed, as each kind of field reads it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only what serde makes of it counts")]
struct Travel {
    #[serde(default)]
    city: Vec<City>,
    number: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum City {
    Rome,
    Bern,
}

fn skill() -> Skill {
    let skill = Skill::builder(SKILL_ID)
        .persistence(Memory::new())
        .on_launch(welcome)
        .forget_disabled_users()
        .fallback(curious);
    skill.build().unwrap()
}

/// Requests as the Request and Response JSON Reference shows them.
fn seeds() -> Vec<Json> {
    let application = json!({"applicationId": SKILL_ID});
    let user = json!({"userId": "amzn1.ask.account.1", "accessToken": "x"});
    let system = json!({
        "application": application,
        "user": user,
        "person": {"personId": "amzn1.ask.person.1"},
        "unit": {"unitId": "amzn1.ask.unit.1"},
        "device": {
            "deviceId": "amzn1.ask.device.1",
            "supportedInterfaces": {"AudioPlayer": {}, "Alexa.Presentation.APL": {"runtime": {}}}
        },
        "apiEndpoint": "https://api.amazonalexa.com",
        "apiAccessToken": "x"
    });
    let attributes = json!({
        "count": 1, "half": 0.5, "big": u64::MAX, "none": null, "text": "é\u{1F600}\n",
        "list": [1, "two", [], {"three": {}}]
    });
    let slot = json!({
        "name": "City", "value": "Rome", "confirmationStatus": "NONE", "source": "USER",
        "resolutions": {"resolutionsPerAuthority": [{
            "authority": "amzn1.er-authority.1",
            "status": {"code": "ER_SUCCESS_MATCH"},
            "values": [{"value": {"name": "Rome", "id": "rome"}}]
        }]},
        "slotValue": {"type": "List", "values": [
            {"type": "Simple", "value": "Rome"}, {"type": "Simple", "value": "Bern"}
        ]}
    });
    let intent = json!({"name": "Travel", "confirmationStatus": "NONE", "slots": {"City": slot}});
    let bodies = [
        json!({"type": "LaunchRequest"}),
        json!({"type": "IntentRequest", "dialogState": "STARTED", "intent": intent}),
        json!({"type": "SessionEndedRequest", "reason": "ERROR",
            "error": {"type": "INVALID_RESPONSE", "message": "x"}}),
        json!({"type": "AudioPlayer.PlaybackStopped", "token": "t", "offsetInMilliseconds": 10}),
        json!({"type": "AlexaSkillEvent.SkillDisabled", "eventCreationTime": "2026-11-22T12:00:00Z",
            "body": {"userInformationPersistenceStatus": "NOT_PERSISTED"}}),
        json!({"type": "Alexa.Presentation.APL.UserEvent", "arguments": ["a", 1, null],
            "source": {"type": "TouchWrapper"}, "components": {}}),
    ];
    let envelope = |mut request: Json| {
        request["requestId"] = json!("amzn1.echo-api.request.1");
        request["timestamp"] = json!("2026-11-22T12:00:00Z");
        request["locale"] = json!("en-US");
        json!({
            "version": "1.0",
            "session": {
                "new": true, "sessionId": "amzn1.echo-api.session.1", "application": application,
                "attributes": attributes, "user": user
            },
            "context": {"System": system, "AudioPlayer": {"playerActivity": "IDLE"}},
            "request": request
        })
    };
    bodies.map(envelope).into()
}

/// Values that programs stumble over.
fn oddity(random: &mut Rng) -> Json {
    let text = |text: &str| json!(text);
    match random.u32(..16) {
        0 => Json::Null,
        1 => json!(random.bool()),
        2 => json!(random.i64(..)),
        3 => json!(random.u64(..)),
        4 => json!(f64::from_bits(random.u64(..))),
        5 => json!(-0.0),
        6 => json!([]),
        7 => json!({}),
        8 => text(""),
        9 => text("\u{0}\u{FFFF}\u{202E}"),
        10 => text("<speak>&amp;"),
        11 => json!("x".repeat(random.usize(..5000))),
        12 => json!({"$alexa_skill::Number": "NaN"}),
        13 => text("1e999999999999"),
        14 => (0..random.u32(1..120)).fold(json!(1), |inner, _| json!([inner])),
        _ => text("\u{1F600}\u{0301}"),
    }
}

/// Replaces, removes or doubles one value somewhere in `json`.
fn change(json: &mut Json, random: &mut Rng) {
    let goes_deeper = random.u32(..8) > 0;
    match json {
        Json::Object(entries) if goes_deeper && !entries.is_empty() => {
            let name = entries.keys().nth(random.usize(..entries.len()));
            let name = name.cloned().unwrap_or_default();
            match random.u32(..16) {
                0 => drop(entries.remove(&name)),
                1 => drop(entries.insert(format!("{name}X"), oddity(random))),
                _ => change(&mut entries[&name], random),
            }
        }
        Json::Array(values) if goes_deeper && !values.is_empty() => {
            let index = random.usize(..values.len());
            match random.u32(..8) {
                0 => drop(values.remove(index)),
                1 => values.push(values[index].clone()),
                _ => change(&mut values[index], random),
            }
        }
        _ => *json = oddity(random),
    }
}

/// Flips, cuts, doubles or inserts bytes, and joins two inputs.
fn tear(bytes: &mut Vec<u8>, other: &[u8], random: &mut Rng) {
    const TOKENS: [&[u8]; 8] = [
        b"\"",
        b"{",
        b"]",
        b"\\ud800",
        b"1e400",
        b"\xff\xfe",
        b"null",
        b"[[[[[[[[[[[[[[[[",
    ];
    let place = random.usize(..=bytes.len());
    match random.u32(..6) {
        0 if place < bytes.len() => bytes[place] ^= 1 << random.u32(..8),
        1 => bytes.truncate(place),
        2 => drop(bytes.drain(place..(place + random.usize(..20)).min(bytes.len()))),
        3 => {
            let token = TOKENS[random.usize(..TOKENS.len())];
            bytes.splice(place..place, token.iter().copied());
        }
        4 => bytes.extend_from_within(place..),
        _ => {
            bytes.truncate(place);
            bytes.extend_from_slice(&other[random.usize(..other.len())..]);
        }
    }
}

#[tokio::test]
#[ignore = "takes some minutes"]
async fn a_million_broken_envelopes_make_nothing_panic() {
    let mut random = Rng::with_seed(SEED);
    let seeds = seeds();
    let texts: Vec<Vec<u8>> = seeds
        .iter()
        .map(|seed| serde_json::to_vec(seed).unwrap())
        .collect();
    let start = Instant::now();
    let mut outcomes: BTreeMap<&str, u32> = BTreeMap::new();
    let mut skill = skill();
    for input in 0..INPUTS {
        // Now and then a memory that holds nothing of earlier inputs.
        if input % 10_000 == 0 {
            skill = self::skill();
        }
        let seed = random.usize(..seeds.len());
        let bytes = if random.bool() {
            let mut json = seeds[seed].clone();
            for _ in 0..random.u32(1..4) {
                change(&mut json, &mut random);
            }
            serde_json::to_vec(&json).unwrap()
        } else {
            let mut bytes = texts[seed].clone();
            for _ in 0..random.u32(1..4) {
                let other = &texts[random.usize(..texts.len())];
                tear(&mut bytes, other, &mut random);
            }
            bytes
        };
        let parsed = alexa_skill::parse_request(&bytes);
        let answered = skill.answer_json(&bytes).await;
        assert!(parsed.is_ok() || answered.is_err());
        let outcome = answered.as_ref().map_or_else(Error::name, |_| "answered");
        *outcomes.entry(outcome).or_default() += 1;
        if let Ok(answer) = answered {
            let answer: Json = serde_json::from_slice(&answer).unwrap();
            assert_eq!(answer["version"], "1.0");
        }
    }
    println!("seed {SEED}, {INPUTS} inputs in {:?}", start.elapsed());
    println!("{outcomes:#?}");
    assert!(outcomes["answered"] > INPUTS / 10);
}
