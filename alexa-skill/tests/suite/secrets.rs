//! No error, log line or `Debug` shows a user's id, a token or what an item holds.

use std::time::Duration;

use alexa_skill::attributes::{Attributes, Value, from_attributes};
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::{
    Item, Key, PersistenceAdapter, PersistenceError, Revision, Save, Version,
};
use alexa_skill::{Error, RequestEnvelope, Response, ResponseEnvelope, Skill, Turn};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Config, Credentials, Region};
use local_dynamodb::LocalDynamoDb;
use serde_json::{Value as Json, json};
use simulator::Conversation;

use crate::echo::{Echo, NUMBER, TOKEN, USER, WORD, all_of, assert_silent};
use crate::{SKILL_ID, welcome};

fn config(endpoint_url: &str) -> Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new(
            "id",
            TOKEN,
            Some(TOKEN.into()),
            None,
            "test",
        ))
        .retry_config(RetryConfig::disabled())
        .timeout_config(
            TimeoutConfig::builder()
                .operation_timeout(Duration::from_millis(300))
                .build(),
        )
        .endpoint_url(endpoint_url)
}

fn attributes() -> Attributes {
    let nested = Value::List(vec![WORD.into(), NUMBER.into()]);
    Attributes::from([("name".into(), WORD.into()), ("nested".into(), nested)])
}

fn item() -> Item {
    Item {
        attributes: attributes(),
        others: attributes(),
        revision: Revision::Unversioned {
            attributes: attributes(),
            tag: None,
        },
    }
}

/// Every error that a table answers with is silent. Returns their names.
#[track_caller]
fn assert_errors_silent(case: &str, errors: Vec<PersistenceError>) -> Vec<&'static str> {
    let names = errors.iter().map(PersistenceError::name).collect();
    for error in errors {
        assert_silent(case, &all_of(&error));
        assert_silent(case, &all_of(&Error::from(error)));
    }
    names
}

/// The errors of the three calls that an adapter makes.
async fn errors_of(table: &impl PersistenceAdapter) -> Vec<PersistenceError> {
    let (key, read, attributes) = (Key::from(USER), item(), attributes());
    let save = Save {
        key: &key,
        read: &read,
        attributes: &attributes,
        request_id: "r",
    };
    vec![
        table.load(&key).await.err(),
        table.save(save).await.err(),
        table.delete(&key).await.err(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn refusal(code: &str, message: &str) -> String {
    let code = format!("com.amazonaws.dynamodb.v20120810#{code}");
    json!({"__type": code, "message": message}).to_string()
}

#[tokio::test]
async fn a_call_that_is_not_sent_shows_nothing() {
    let no_scheme = config("localhost:8000").build();
    let no_region = config("http://localhost").region(None).build();
    for (case, config) in [("no scheme", no_scheme), ("no Region", no_region)] {
        let table = DynamoDb::new(Client::from_conf(config), "Table");
        let errors = errors_of(&table).await;
        assert_eq!(errors.len(), 3, "{case}");
        println!("{case}: {}", errors[0]);
        assert_errors_silent(case, errors);
        assert_silent(case, &format!("{table:?} {table:#?}"));
    }
}

#[tokio::test]
async fn a_call_that_gets_no_answer_shows_nothing() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    // It takes connections and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let plain = Echo::start(|_| (200, String::new())).await;
    for (case, url) in [
        ("refused", format!("http://{closed}")),
        (
            "timeout",
            format!("http://{}", silent.local_addr().unwrap()),
        ),
        ("no TLS", format!("https://{}", plain.address)),
        ("no such host", "http://nowhere.invalid".to_owned()),
    ] {
        let table = DynamoDb::new(Client::from_conf(config(&url).build()), "Table");
        let errors = errors_of(&table).await;
        println!("{case}: {}", errors[0]);
        let names = assert_errors_silent(case, errors);
        assert_eq!(names, ["Unreachable"; 3], "{case}");
    }
}

#[tokio::test]
async fn an_answer_that_repeats_the_request_is_not_shown() {
    let mut provoked = Vec::new();
    let answers: [(&str, crate::echo::Answer); 12] = [
        ("400", |sent| (400, sent.into())),
        ("500", |sent| (500, sent.into())),
        ("200", |sent| (200, sent.into())),
        ("200, JSON", |sent| {
            (200, json!({ "Item": sent }).to_string())
        }),
        ("code", |sent| (400, refusal(sent, "no"))),
        ("ValidationException", |sent| {
            (400, refusal("ValidationException", sent))
        }),
        ("ValidationException, words", |sent| {
            // Nothing but what was sent can come back.
            let words = [USER, WORD, &NUMBER.to_string()];
            let words = words.map(|word| if sent.contains(word) { word } else { "none" });
            let message = format!("The values {} are not valid", words.join(" and "));
            (400, refusal("ValidationException", &message))
        }),
        ("WrongKey", |_| {
            let message = "The provided key element does not match the schema";
            (
                400,
                refusal("ValidationException", &format!("{message} {USER}")),
            )
        }),
        ("AccessDeniedException", |_| {
            let message = format!("not authorized to perform it on table/Table/{USER}");
            (400, refusal("AccessDeniedException", &message))
        }),
        ("InvalidSignatureException", |_| {
            let message = format!(
                "The signature does not match. The Canonical String for this request should have \
                 been 'POST\n/\n\nx-amz-security-token:{TOKEN}\n'"
            );
            (400, refusal("InvalidSignatureException", &message))
        }),
        ("ThrottlingException", |sent| {
            (400, refusal("ThrottlingException", sent))
        }),
        ("ResourceNotFoundException", |sent| {
            (400, refusal("ResourceNotFoundException", sent))
        }),
    ];
    for (case, answer) in answers {
        let echo = Echo::start(answer).await;
        let url = format!("http://{}", echo.address);
        let table = DynamoDb::new(Client::from_conf(config(&url).build()), "Table");
        let errors = errors_of(&table).await;
        assert!(!errors.is_empty(), "{case}");
        println!("{case}: {}", errors[0]);
        provoked.extend(assert_errors_silent(case, errors));
    }
    for name in [
        "AccessDenied",
        "BadCredentials",
        "NoTable",
        "Other",
        "Throttled",
        "WrongKey",
    ] {
        assert!(provoked.contains(&name), "{name} in {provoked:?}");
    }
}

/// The SDK's error has the item that was there.
#[tokio::test]
async fn a_conflict_does_not_show_the_item_that_is_there() {
    let echo = Echo::start(|_| {
        let mut refusal: Json = serde_json::from_str(&refusal(
            "ConditionalCheckFailedException",
            "The conditional request failed",
        ))
        .unwrap();
        refusal["Item"] = json!({
            "userId": {"S": USER}, "mapAttr": {"M": {"name": {"S": WORD}}},
        });
        (400, refusal.to_string())
    })
    .await;
    let url = format!("http://{}", echo.address);
    let table = DynamoDb::new(Client::from_conf(config(&url).build()), "Table");
    let names = assert_errors_silent("conflict", errors_of(&table).await);
    assert!(names.contains(&"Conflict"), "{names:?}");
}

#[tokio::test]
async fn what_is_wrong_with_an_item_does_not_show_it() {
    let local = LocalDynamoDb::embedded().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let key = Key::from(USER);
    let (read, large) = (
        Item::default(),
        Attributes::from([("name".into(), WORD.repeat(50_000).into())]),
    );
    let save = |attributes| Save {
        key: &key,
        read: &read,
        attributes,
        request_id: "r",
    };
    let too_large = table.save(save(&large)).await.unwrap_err();
    let text = Attributes::from([("count".into(), WORD.into())]);
    table.save(save(&text)).await.unwrap();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(welcome);
    let mut user = Conversation::with(skill.build().unwrap()).user(USER);
    let state = user.launch().await.unwrap_err();
    assert_eq!(state.downcast_ref::<Error>().unwrap().name(), "State");
    assert_silent("State", &all_of(state.as_ref()));
    let wrong_type = aws_sdk_dynamodb::types::AttributeValue::S(WORD.into());
    let put = local.client().put_item().table_name(table.table());
    let put = put.item(
        "userId",
        aws_sdk_dynamodb::types::AttributeValue::S(USER.into()),
    );
    put.item("mapAttr", wrong_type).send().await.unwrap();
    let wrong_type = table.load(&key).await.unwrap_err();
    let names = assert_errors_silent("item", vec![too_large, wrong_type]);
    assert_eq!(names, ["TooLarge", "WrongType"]);
}

#[test]
fn what_does_not_fit_a_type_is_named_without_its_value() {
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "only the errors count")]
    enum Mood {
        Good,
    }
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "only the errors count")]
    struct State {
        mood: Option<Mood>,
        count: Option<u8>,
        price: Option<alexa_skill::attributes::Number>,
        flag: Option<bool>,
    }
    for (name, value) in [
        ("mood", Value::from(WORD)),
        ("mood", Value::from(NUMBER)),
        ("count", Value::from(WORD)),
        ("count", Value::from(NUMBER)),
        ("price", Value::from(WORD)),
        ("flag", Value::from(WORD)),
        ("flag", Value::from(NUMBER)),
    ] {
        let attributes = Attributes::from([(name.to_owned(), value)]);
        let error = from_attributes::<State>(&attributes).unwrap_err();
        println!("{name}: {error}");
        assert_silent(name, &all_of(&error));
    }
}

/// An envelope that has something to hide in every place that can hold it.
fn envelope() -> Json {
    let user =
        json!({"userId": USER, "accessToken": TOKEN, "permissions": {"consentToken": TOKEN}});
    json!({
        "version": "1.0",
        "session": {
            "new": true, "sessionId": "s", "application": {"applicationId": SKILL_ID},
            "user": user, "attributes": {"name": WORD, "nested": [WORD, NUMBER]},
        },
        "context": {
            "System": {
                "application": {"applicationId": SKILL_ID}, "user": user,
                "person": {"personId": USER, "accessToken": TOKEN},
                "device": {"deviceId": USER, "supportedInterfaces": {"AudioPlayer": {}}},
                "apiEndpoint": "https://api.amazonalexa.com", "apiAccessToken": TOKEN,
            },
            "AudioPlayer": {"token": TOKEN, "playerActivity": "IDLE"},
        },
        "request": {
            "type": "IntentRequest", "requestId": "r", "timestamp": "2026-11-28T12:00:00Z",
            "locale": "en-GB", "dialogState": "COMPLETED", "body": {"accessToken": TOKEN},
            "intent": {"name": "NameIntent", "slots": {"name": {
                "name": "name", "value": WORD, "slotValue": {"type": "Simple", "value": WORD},
                "resolutions": {"resolutionsPerAuthority": [{
                    "status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": {"name": WORD}}],
                }]},
            }}},
        },
    })
}

#[tokio::test]
async fn a_request_that_is_no_envelope_is_not_shown() {
    let skill = Skill::builder(SKILL_ID).on_launch(welcome).build().unwrap();
    for place in [
        "/session",
        "/session/new",
        "/session/attributes",
        "/session/user",
        "/session/user/userId",
        "/session/user/accessToken",
        "/context",
        "/context/System",
        "/context/System/device",
        "/context/System/device/supportedInterfaces",
        "/context/System/person",
        "/request",
        "/request/type",
        "/request/locale",
        "/request/intent",
        "/request/intent/slots",
        "/request/intent/slots/name",
        "/request/intent/slots/name/value",
    ] {
        for wrong in [
            json!(WORD),
            json!(NUMBER),
            json!([[[[[WORD]]]]]),
            json!({"a": TOKEN}),
        ] {
            if place == "/request/type" && wrong.is_string() {
                // Any text is a type of request, and NoHandler names it.
                continue;
            }
            let mut envelope = envelope();
            *envelope.pointer_mut(place).unwrap() = wrong;
            let answer = skill.answer_json(envelope.to_string().as_bytes()).await;
            let error = answer.unwrap_err();
            assert_silent(place, &all_of(&error));
        }
    }
    let text = envelope().to_string();
    for end in (0..text.len()).step_by(7) {
        let error = skill
            .answer_json(&text.as_bytes()[..end])
            .await
            .unwrap_err();
        assert_eq!(error.name(), "NotJson");
        assert_silent("cut off", &all_of(&error));
    }
}

#[tokio::test]
async fn debug_shows_what_is_there_and_not_what_it_holds() {
    async fn look(turn: Turn) -> alexa_skill::Result<Response> {
        assert_silent("turn", &format!("{turn:?} {turn:#?}"));
        let slot = &turn.request().intent()?.slots["name"];
        assert_silent("slot", &format!("{slot:?} {:?}", slot.resolved()));
        turn.session::<alexa_skill::attributes::Attributes>()?
            .insert("name".into(), WORD.into());
        Ok(Response::new()
            .speak(WORD)
            .reprompt(WORD)
            .simple_card(WORD, WORD)
            .directive(json!({"type": "A.B", "token": TOKEN})))
    }
    let envelope: RequestEnvelope = serde_json::from_value(envelope()).unwrap();
    assert_silent("envelope", &format!("{envelope:?} {envelope:#?}"));
    let shown = format!("{envelope:?}");
    for part in ["NameIntent", "AudioPlayer", "2 attributes", "EDUSER"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let skill = Skill::builder(SKILL_ID).fallback(look).build().unwrap();
    let answer: ResponseEnvelope = skill.answer(envelope).await.unwrap();
    assert_silent(
        "answer",
        &format!("{answer:?} {answer:#?} {:?}", answer.response),
    );

    let (key, read, attributes) = (Key::from(USER), item(), attributes());
    let save = Save {
        key: &key,
        read: &read,
        attributes: &attributes,
        request_id: "r",
    };
    assert_silent("save", &format!("{save:?} {save:#?} {key:?} {key}"));
    let revision = Revision::Version(Version {
        number: 1,
        request_id: "r".into(),
        earlier: Vec::new(),
        tag: None,
    });
    assert!(format!("{revision:?}").contains("request_id: \"r\""));
    let memory = alexa_skill::persistence::memory::Memory::new();
    let first = Item::default();
    memory
        .save(Save {
            read: &first,
            ..save
        })
        .await
        .unwrap();
    assert_silent("memory", &format!("{memory:?} {memory:#?}"));
}
