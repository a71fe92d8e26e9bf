//! What comes in: hostile or broken until checked.

use alexa_skill::persistence::PartitionKey;
use alexa_skill::{Error, Locale, Result, Skill, Turn};
use serde_json::{Value as Json, json};
use simulator::Conversation;

use crate::{Counted, SKILL_ID, welcome};

async fn echo(turn: Turn, locale: Locale) -> String {
    let slot = turn.slot("Number").unwrap_or("nothing");
    format!("{slot}, {}", &*locale)
}

fn skill() -> Skill {
    let builder = Skill::builder(SKILL_ID)
        .persistence(Counted::default())
        .on_launch(welcome);
    builder
        .on_intent("Echo", echo)
        .fallback(echo)
        .build()
        .unwrap()
}

async fn answer(request: &Json) -> Result<Json> {
    let answer = skill()
        .answer_json(&serde_json::to_vec(request).unwrap())
        .await?;
    Ok(serde_json::from_slice(&answer).unwrap())
}

/// A launch as Alexa sends it, with the properties that this library does not read as well.
fn launch() -> Json {
    json!({
        "version": "1.0",
        "session": {
            "new": true,
            "sessionId": "amzn1.echo-api.session.1",
            "application": {"applicationId": SKILL_ID},
            "attributes": {},
            "user": {"userId": "amzn1.ask.account.1"}
        },
        "context": {
            "Viewports": [{"type": "APL", "id": "main"}],
            "Extensions": {"available": {}},
            "System": {
                "application": {"applicationId": SKILL_ID},
                "user": {"userId": "amzn1.ask.account.1", "permissions": {"consentToken": "x"}},
                "device": {
                    "deviceId": "amzn1.ask.device.1",
                    "persistentEndpointId": "amzn1.alexa.endpoint.1",
                    "supportedInterfaces": {"Alexa.Presentation.APL": {}}
                },
                "unit": {"unitId": "amzn1.ask.unit.1"},
                "apiEndpoint": "https://api.eu.amazonalexa.com",
                "apiAccessToken": "secret"
            }
        },
        "request": {
            "type": "LaunchRequest",
            "requestId": "amzn1.echo-api.request.1",
            "timestamp": "2026-11-22T12:00:00Z",
            "locale": "en-GB",
            "shouldLinkResultBeReturned": false
        }
    })
}

#[tokio::test]
async fn a_launch_as_alexa_sends_it_is_answered_as_alexa_reads_it() {
    let answer = answer(&launch()).await.unwrap();
    assert_eq!(answer["version"], "1.0");
    assert_eq!(answer["sessionAttributes"], json!({}));
    let speech = json!({
        "outputSpeech": {"type": "SSML", "ssml": "<speak>visit 1</speak>"},
        "shouldEndSession": true,
    });
    assert_eq!(answer["response"], speech);
}

#[tokio::test]
async fn everything_that_an_answer_does_not_need_may_be_absent() {
    let mut request = launch();
    request.as_object_mut().unwrap().remove("session");
    request["context"]["System"]
        .as_object_mut()
        .unwrap()
        .remove("device");
    for property in ["locale", "timestamp"] {
        request["request"].as_object_mut().unwrap().remove(property);
    }
    let answer = answer(&request).await.unwrap();
    assert_eq!(answer.get("sessionAttributes"), None, "outside a session");
}

#[tokio::test]
async fn a_slot_may_lack_its_value_and_slots_may_be_null() {
    let slots = [json!({"Number": {"name": "Number"}}), json!({}), Json::Null];
    for slots in slots {
        let mut request = launch();
        request["request"]["type"] = "IntentRequest".into();
        request["request"]["intent"] = json!({"name": "Echo", "slots": slots});
        let answer = answer(&request).await.unwrap();
        let ssml = &answer["response"]["outputSpeech"]["ssml"];
        assert_eq!(ssml, "<speak>nothing, en-GB</speak>");
    }
}

#[tokio::test]
async fn an_unknown_request_type_and_locale_parse() {
    let mut request = launch();
    request["request"]["type"] = "Alexa.Novelty".into();
    request["request"]["locale"] = "tlh-AQ".into();
    let answer = answer(&request).await.unwrap();
    assert_eq!(
        answer["response"]["outputSpeech"]["ssml"],
        "<speak>nothing, tlh-AQ</speak>"
    );
}

#[tokio::test]
async fn an_envelope_that_is_not_json_is_a_named_error() {
    let inputs: [&[u8]; 5] = [b"", b"{", b"<xml/>", b"\xff\xfe", b"{\"version\": \"1.0\""];
    for input in inputs {
        let error = skill().answer_json(input).await.unwrap_err();
        assert!(matches!(error, Error::NotJson(_)), "{error}");
    }
}

#[tokio::test]
async fn json_that_is_no_envelope_is_a_named_error() {
    let mut no_request = launch();
    no_request.as_object_mut().unwrap().remove("request");
    let mut no_intent = launch();
    no_intent["request"]["type"] = "IntentRequest".into();
    let mut no_request_id = launch();
    no_request_id["request"]["requestId"] = "".into();
    let mut odd_attributes = launch();
    odd_attributes["session"]["attributes"] = json!([1]);
    let inputs = [
        json!(null),
        json!([]),
        json!({}),
        no_request,
        no_intent,
        no_request_id,
        odd_attributes,
    ];
    for input in inputs {
        let error = answer(&input).await.unwrap_err();
        assert!(matches!(error, Error::NotAnEnvelope(_)), "{input}: {error}");
    }
}

#[tokio::test]
async fn a_request_for_another_skill_is_refused_before_anything_else() {
    let mut request = launch();
    request["context"]["System"]["application"]["applicationId"] = "amzn1.ask.skill.other".into();
    let error = answer(&request).await.unwrap_err();
    assert!(matches!(error, Error::WrongSkillId { .. }), "{error}");
    assert!(error.to_string().contains("Skill::builder"), "{error}");

    let mut anonymous = launch();
    anonymous["context"]["System"]
        .as_object_mut()
        .unwrap()
        .remove("application");
    anonymous["session"]
        .as_object_mut()
        .unwrap()
        .remove("application");
    let error = answer(&anonymous).await.unwrap_err();
    assert!(
        matches!(error, Error::WrongSkillId { ref found, .. } if found.is_empty()),
        "{error}"
    );
}

#[tokio::test]
async fn a_request_without_a_user_has_no_persistent_attributes_and_says_so() {
    for user in [Json::Null, json!({}), json!({"userId": ""})] {
        let mut request = launch();
        request["context"]["System"]["user"] = user.clone();
        request["session"]["user"] = user;
        let error = answer(&request).await.unwrap_err();
        assert!(
            matches!(error, Error::NoPartitionKey { missing: "user id" }),
            "{error}"
        );
    }
}

#[tokio::test]
async fn attributes_are_kept_by_user_device_or_person() {
    let keys = [
        PartitionKey::User,
        PartitionKey::Device,
        PartitionKey::Person,
    ];
    let expected = [["1", "2", "3"], ["1", "2", "1"], ["1", "1", "2"]];
    for (key, expected) in keys.into_iter().zip(expected) {
        let builder = Skill::builder(SKILL_ID).persistence(Counted::default());
        let skill = builder
            .partition_key(key)
            .on_launch(welcome)
            .build()
            .unwrap();
        let user = || Conversation::with(skill.clone()).user("user");
        let first = user().device("kitchen").launch().await.unwrap();
        let person = user()
            .device("kitchen")
            .person("ann")
            .launch()
            .await
            .unwrap();
        let device = user().device("hall").launch().await.unwrap();
        let heard = [first, person, device].map(|answer| answer.speech().replace("visit ", ""));
        assert_eq!(heard, expected);
    }
}

#[test]
fn what_identifies_a_person_is_not_printed_whole() {
    let envelope = alexa_skill::parse_request(&serde_json::to_vec(&launch()).unwrap()).unwrap();
    let printed = format!("{envelope:?}");
    for secret in ["amzn1.ask.account.1", "amzn1.ask.device.1", "\"secret\""] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

#[test]
fn helpers_read_slots_devices_and_dialogs() {
    let mut request = launch();
    let matched = |name: &str, id: &str, code: &str| {
        json!({"authority": "a", "status": {"code": code},
               "values": [{"value": {"name": name, "id": id}}]})
    };
    let authorities = [
        json!({"authority": "a", "status": {"code": "ER_SUCCESS_NO_MATCH"}}),
        matched("skimmed milk", "SKIMMED", "ER_SUCCESS_MATCH"),
        matched("milk", "MILK", "ER_SUCCESS_MATCH"),
    ];
    let list = json!([{"type": "Simple", "value": "eggs"}, {"type": "Simple", "value": "tea"}]);
    request["request"]["type"] = "IntentRequest".into();
    request["request"]["dialogState"] = "STARTED".into();
    request["request"]["intent"] = json!({"name": "Add", "slots": {
        "Item": {
            "name": "Item", "value": "low fat milk",
            "resolutions": {"resolutionsPerAuthority": authorities},
        },
        "Items": {"name": "Items", "slotValue": {"type": "List", "values": list}},
        "Odd": {"name": "Odd", "resolutions": "?", "slotValue": [1]},
    }});
    let envelope = alexa_skill::parse_request(&serde_json::to_vec(&request).unwrap()).unwrap();
    let intent = envelope.request.intent().unwrap();
    let resolved = intent.slots["Item"].resolved().unwrap();
    assert_eq!(
        (resolved.name, resolved.id),
        ("skimmed milk", Some("SKIMMED"))
    );
    assert_eq!(intent.slot_value("Item"), Some("low fat milk"));
    assert_eq!(intent.slots["Items"].values(), ["eggs", "tea"]);
    assert_eq!(
        (
            intent.slots["Odd"].resolved(),
            intent.slots["Odd"].values().len()
        ),
        (None, 0)
    );
    assert_eq!(envelope.request.dialog_state().unwrap(), Some("STARTED"));
    let device = envelope.context.system.device.as_ref().unwrap();
    assert!(device.supports("Alexa.Presentation.APL") && !device.supports("AudioPlayer"));
}

#[test]
fn a_helper_for_another_request_type_names_both_types() {
    let envelope = alexa_skill::parse_request(&serde_json::to_vec(&launch()).unwrap()).unwrap();
    let error = envelope.request.intent().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the request is `LaunchRequest`, not `IntentRequest`: ask in a handler of that type only"
    );
    assert!(envelope.request.dialog_state().is_err() && envelope.request.reason().is_err());
}
