//! When a request was made.

use serde_json::{Value as Json, json};

use crate::alexa::{Alexa, NOW, launch, signed};
use crate::verdict;

/// The verdict on a request of the type `request_type` that carries `timestamp`.
async fn with(request_type: &str, timestamp: impl Into<Json>) -> &'static str {
    let mut request = launch();
    request["request"]["type"] = request_type.into();
    request["request"]["timestamp"] = timestamp.into();
    with_body(&request.to_string()).await
}

async fn with_body(body: &str) -> &'static str {
    let body = body.as_bytes();
    verdict(&Alexa::new().verifier(), &signed(body), body).await
}

#[tokio::test]
async fn a_request_may_be_150_seconds_off_either_way() {
    for timestamp in [
        "2026-01-15T11:57:30Z",
        "2026-01-15T12:00:00Z",
        "2026-01-15T12:02:30Z",
        "2026-01-15T12:00:00.123Z",
        "2026-01-15T13:00:00+01:00",
    ] {
        assert_eq!(
            with("IntentRequest", timestamp).await,
            "accepted",
            "{timestamp}"
        );
    }
    for timestamp in [
        "2026-01-15T11:57:29Z",
        "2026-01-15T11:57:29.999Z",
        "2026-01-15T12:02:31Z",
        "2026-01-15T12:00:00+01:00",
        "2025-01-15T12:00:00Z",
        "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59Z",
    ] {
        let refused = with("IntentRequest", timestamp).await;
        assert_eq!(refused, "TimestampOutOfTolerance", "{timestamp}");
    }
}

#[tokio::test]
async fn a_skill_event_may_be_an_hour_off_either_way() {
    for event in ["SkillEnabled", "SkillDisabled", "SkillAccountLinked"] {
        let event = format!("AlexaSkillEvent.{event}");
        for timestamp in ["2026-01-15T11:00:00Z", "2026-01-15T13:00:00Z"] {
            assert_eq!(with(&event, timestamp).await, "accepted");
        }
        for timestamp in ["2026-01-15T10:59:59Z", "2026-01-15T13:00:01Z"] {
            assert_eq!(with(&event, timestamp).await, "TimestampOutOfTolerance");
        }
    }
    for other in [
        "AlexaSkillEvent",
        "Messaging.MessageReceived",
        "alexaskillevent.X",
    ] {
        let refused = with(other, "2026-01-15T11:00:00Z").await;
        assert_eq!(refused, "TimestampOutOfTolerance", "{other}");
    }
}

#[tokio::test]
async fn milliseconds_are_read_as_the_envelope_reads_them() {
    assert_eq!(with("LaunchRequest", NOW * 1000).await, "accepted");
    for off in [0, NOW, NOW * 1000 + 150_001] {
        assert_eq!(with("LaunchRequest", off).await, "TimestampOutOfTolerance");
    }
    for extreme in [i64::MIN, i64::MAX] {
        assert_eq!(
            with("LaunchRequest", extreme).await,
            "TimestampOutOfTolerance"
        );
    }
}

#[tokio::test]
async fn a_timestamp_that_is_none_is_refused() {
    for timestamp in [
        json!(""),
        json!("now"),
        json!("2026-01-15"),
        json!("2026-01-15T12:00:00"),
        json!("2026-13-15T12:00:00Z"),
        json!("2026-01-15T12:00:00Z "),
        json!(null),
        json!(true),
        json!([]),
        json!(1.5),
        json!(u64::MAX),
    ] {
        let refused = with("LaunchRequest", timestamp.clone()).await;
        assert_eq!(refused, "TimestampUnreadable", "{timestamp}");
    }
}

#[tokio::test]
async fn a_body_without_a_timestamp_is_refused() {
    for body in [
        "",
        "{}",
        "[]",
        "null",
        r#"{"request": {}}"#,
        r#"{"request": {"type": "LaunchRequest"}}"#,
        r#"{"timestamp": "2026-01-15T12:00:00Z"}"#,
        r#"{"request": {"timestamp": "2026-01-15T12:00:00Z", "timestamp": ""}}"#,
    ] {
        assert_eq!(with_body(body).await, "TimestampUnreadable", "{body}");
    }
}

#[tokio::test]
async fn the_error_says_how_far_off_the_request_is() {
    let mut request = launch();
    request["request"]["timestamp"] = "2026-01-15T11:50:00Z".into();
    let body = request.to_string().into_bytes();
    let verifier = Alexa::new().verifier();
    let error = verifier.verify(&signed(&body), &body).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("600 s from now, and 150 s are allowed"),
        "{error}"
    );
}
