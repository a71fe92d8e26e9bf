//! A line of metrics a turn, in CloudWatch's embedded metric format (EMF): what a function on Lambda
//! prints so becomes metrics without a call to CloudWatch.
//!
//! A line holds counts, a duration, a size, the type of the request and the name of an error. It
//! holds nothing that a user said or was told, and no id.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value as Json, json};

/// The dimension of every metric. Each value of it is a metric of its own, which CloudWatch bills,
/// so it is the skill and not, say, the intent.
const DIMENSION: &str = "Skill";

/// The namespace of every metric.
const NAMESPACE: &str = "AlexaSkill";

/// Characters of a request's type, which comes from outside.
const LONGEST: usize = 100;

/// What takes a line.
type Sink = Box<dyn Fn(&str) + Send + Sync>;

/// Writes a line for each turn.
pub(crate) struct Metrics {
    skill: String,
    sink: Sink,
}

/// What a turn was like.
#[derive(Debug)]
pub(crate) struct Measured<'a> {
    /// The type of the request.
    pub(crate) request: &'a str,
    /// How often the turn ran again.
    pub(crate) conflicts: u32,
    /// The name of the error that it ended in, also when an error handler answered.
    pub(crate) error: Option<&'static str>,
    /// How long it took.
    pub(crate) duration: Duration,
    /// The size of the user's attributes, if they were loaded.
    pub(crate) attribute_bytes: Option<usize>,
}

impl Metrics {
    pub(crate) fn new(skill: String, sink: Sink) -> Metrics {
        Metrics { skill, sink }
    }

    pub(crate) fn record(&self, measured: &Measured<'_>) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let line = self.line(measured, now.unwrap_or_default());
        (self.sink)(&line.to_string());
    }

    // ANCHOR: line
    fn line(&self, measured: &Measured<'_>, now: Duration) -> Json {
        let mut metrics = vec![
            ("Turns", "Count", json!(1)),
            ("Conflicts", "Count", json!(measured.conflicts)),
            (
                "Failures",
                "Count",
                json!(u8::from(measured.error.is_some())),
            ),
            ("Duration", "Milliseconds", json!(millis(measured.duration))),
        ];
        if let Some(bytes) = measured.attribute_bytes {
            metrics.push(("AttributeSize", "Bytes", json!(bytes)));
        }
        let named = |(name, unit, _): &(&str, &str, Json)| json!({"Name": name, "Unit": unit});
        let mut line = json!({
            "_aws": {
                "Timestamp": now.as_millis() as u64,
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": [[DIMENSION]],
                    "Metrics": metrics.iter().map(named).collect::<Vec<_>>(),
                }],
            },
            DIMENSION: self.skill,
            "Request": measured.request.chars().take(LONGEST).collect::<String>(),
        });
        for (name, _, value) in metrics {
            line[name] = value;
        }
        if let Some(error) = measured.error {
            line["Error"] = error.into();
        }
        line
    }
    // ANCHOR_END: line
}

/// Milliseconds with three decimals.
fn millis(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1000.0
}
