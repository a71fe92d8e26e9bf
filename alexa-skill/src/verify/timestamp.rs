//! When a request was made.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::Value as Json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::error::VerifyError;
use crate::boxed::BoxError;

const TOLERANCE: Duration = Duration::from_secs(150);
/// Skill events may come late. Amazon's SDKs know five of them by name; the later ones, such as
/// `AlexaSkillEvent.ProactiveSubscriptionChanged`, come the same way.
const EVENT_TOLERANCE: Duration = Duration::from_secs(3600);
const EVENT: &str = "AlexaSkillEvent.";

#[derive(Deserialize)]
struct Envelope {
    request: Request,
}

#[derive(Deserialize)]
struct Request {
    #[serde(rename = "type", default)]
    request_type: String,
    #[serde(default)]
    timestamp: Json,
}

/// Checks that the request in `body` was made around `now`. Only a body whose signature was checked
/// comes here, so that nobody else's JSON is parsed.
pub(super) fn check(body: &[u8], now: SystemTime) -> Result<(), VerifyError> {
    let unreadable = |source| VerifyError::TimestampUnreadable { source };
    let Envelope { request } =
        serde_json::from_slice(body).map_err(|error| unreadable(error.into()))?;
    let made = nanoseconds(&request.timestamp).map_err(unreadable)?;
    let tolerance = if request.request_type.starts_with(EVENT) {
        EVENT_TOLERANCE
    } else {
        TOLERANCE
    };
    let now = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let distance = made.abs_diff(now.as_nanos().cast_signed());
    if distance <= tolerance.as_nanos() {
        return Ok(());
    }
    Err(VerifyError::TimestampOutOfTolerance {
        seconds: distance
            .div_ceil(1_000_000_000)
            .try_into()
            .unwrap_or(u64::MAX),
        tolerance: tolerance.as_secs(),
    })
}

/// The time since 1970, of a text in ISO 8601 or of a number of milliseconds, as some old copies of
/// requests carry it.
fn nanoseconds(timestamp: &Json) -> Result<i128, BoxError> {
    match timestamp {
        Json::String(text) => Ok(OffsetDateTime::parse(text, &Rfc3339)?.unix_timestamp_nanos()),
        Json::Number(number) => {
            let milliseconds = number.as_i64().ok_or("it is no whole number")?;
            Ok(i128::from(milliseconds) * 1_000_000)
        }
        Json::Null => Err("it is absent".into()),
        _ => Err("it is no text".into()),
    }
}
