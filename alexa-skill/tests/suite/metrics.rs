//! The line that a turn leaves for CloudWatch.

use std::sync::{Arc, Mutex};

use alexa_skill::attributes::to_attributes;
use alexa_skill::persistence::memory::Memory;
use alexa_skill::persistence::{Key, PersistenceAdapter, Save};
use alexa_skill::{BoxError, Error, Persistent, Provided, Result, Skill, SkillBuilder};
use serde_json::Value as Json;
use simulator::Conversation;

use crate::{Runs, SKILL_ID, Visits, welcome};

const USER: &str = "amzn1.ask.account.SECRETUSER";

/// What the skill wrote, a line a turn.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn of(&self, skill: SkillBuilder) -> Conversation {
        let lines = self.0.clone();
        let sink = move |line: &str| lines.lock().unwrap().push(line.to_owned());
        let skill = skill.metrics_to("visit-counter", sink).build().unwrap();
        Conversation::with(skill).user(USER)
    }

    /// The only line since the last call.
    fn taken(&self) -> Json {
        let lines = std::mem::take(&mut *self.0.lock().unwrap());
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(!lines[0].contains('\n'));
        let line: Json = serde_json::from_str(&lines[0]).unwrap();
        assert_eq!(faults(&line), [""; 0], "{line:#}");
        line
    }
}

fn counter() -> SkillBuilder {
    // ANCHOR: on
    Skill::builder(SKILL_ID)
        .persistence(Memory::new())
        .metrics("visit-counter")
        .on_launch(welcome)
    // ANCHOR_END: on
}

/// What breaks a rule of the format (CloudWatch User Guide, "Specification: Embedded metric
/// format", 2023-06): without an error message, CloudWatch would drop such a line's metrics.
fn faults(line: &Json) -> Vec<&'static str> {
    let mut faults = Vec::new();
    let mut rule = |holds: bool, fault| {
        if !holds {
            faults.push(fault);
        }
    };
    let text = |value: &Json, most| {
        let length = value.as_str().map(|text| text.chars().count());
        length.is_some_and(|length| (1..=most).contains(&length))
    };
    rule(line.to_string().len() <= 256 * 1024, "256 KB at most");
    // Milliseconds of this century; seconds would be a day in 1970.
    let timestamp = line["_aws"]["Timestamp"].as_u64().unwrap_or(0);
    rule(timestamp > 946_684_800_000, "a timestamp in milliseconds");
    let none = Vec::new();
    let array = |value: &Json| value.as_array().unwrap_or(&none).clone();
    let directives = array(&line["_aws"]["CloudWatchMetrics"]);
    rule(!directives.is_empty(), "an array of directives");
    for directive in directives {
        rule(text(&directive["Namespace"], 1024), "a namespace");
        let sets = array(&directive["Dimensions"]);
        rule(!sets.is_empty(), "an array of arrays of dimensions");
        for set in sets {
            let set = array(&set);
            rule((1..=30).contains(&set.len()), "1 to 30 dimensions");
            for name in set {
                let value = &line[name.as_str().unwrap_or_default()];
                rule(text(value, 1024), "a text for each dimension");
            }
        }
        let metrics = array(&directive["Metrics"]);
        rule((1..=100).contains(&metrics.len()), "1 to 100 metrics");
        for metric in metrics {
            let name = metric["Name"].as_str().unwrap_or_default();
            rule(line[name].is_number(), "a number for each metric");
            let units = ["Count", "Milliseconds", "Bytes"];
            rule(units.map(Json::from).contains(&metric["Unit"]), "a unit");
        }
    }
    faults
}

#[tokio::test]
async fn a_turn_leaves_one_line() {
    let lines = Lines::default();
    let mut user = lines.of(counter());
    user.launch().await.unwrap();
    let line = lines.taken();
    assert_eq!(line["Skill"], "visit-counter");
    assert_eq!(line["Request"], "LaunchRequest");
    assert_eq!(line["Turns"], 1);
    assert_eq!(line["Conflicts"], 0);
    assert_eq!(line["Failures"], 0);
    // Five letters, a byte for the digit and one more.
    assert_eq!(line["AttributeSize"], "count".len() + 2);
    assert!(line.get("Error").is_none());
}

#[tokio::test]
async fn a_turn_without_attributes_has_no_size() {
    let lines = Lines::default();
    let skill = Skill::builder(SKILL_ID).on_launch(async || "hello");
    lines.of(skill).launch().await.unwrap();
    let line = lines.taken();
    assert!(line.get("AttributeSize").is_none(), "{line}");
}

#[tokio::test]
async fn a_turn_that_ran_again_is_one_turn_with_a_conflict() {
    async fn meddling(
        mut visits: Persistent<Visits>,
        table: Provided<Memory>,
        runs: Provided<Runs>,
    ) {
        visits.count += 1;
        if runs.another() == 1 {
            write_behind_its_back(&table).await;
        }
    }
    let table = Memory::new();
    let lines = Lines::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .provide(table)
        .provide(Runs::default())
        .on_launch(meddling);
    lines.of(skill).launch().await.unwrap();
    let line = lines.taken();
    assert_eq!((&line["Turns"], &line["Conflicts"]), (&1.into(), &1.into()));
}

async fn write_behind_its_back(table: &Memory) {
    let key = Key::from(USER);
    let read = table.load(&key).await.unwrap();
    let attributes = to_attributes(&Visits { count: 10 }).unwrap();
    let save = Save {
        key: &key,
        read: &read,
        attributes: &attributes,
        request_id: "another",
    };
    table.save(save).await.unwrap();
}

#[tokio::test]
async fn a_failure_is_counted_and_named_also_when_an_error_handler_answers() {
    async fn fail() -> Result<(), BoxError> {
        Err(format!("no such user: {USER}").into())
    }
    async fn sorry(_: Error) -> &'static str {
        "sorry"
    }
    for skill in [
        Skill::builder(SKILL_ID).on_launch(fail),
        Skill::builder(SKILL_ID).on_launch(fail).on_error(sorry),
    ] {
        let lines = Lines::default();
        let _ = lines.of(skill).launch().await;
        let line = lines.taken();
        assert_eq!(
            (&line["Failures"], &line["Error"]),
            (&1.into(), &"Handler".into())
        );
    }
}

#[tokio::test]
async fn a_line_holds_nothing_of_the_user() {
    async fn order(mut visits: Persistent<Visits>) -> &'static str {
        visits.count = 4711;
        "You said tomato soup."
    }
    let lines = Lines::default();
    let skill = counter().on_intent("OrderIntent", order);
    let mut user = lines.of(skill);
    user.intent("OrderIntent", [("dish", "tomato")])
        .await
        .unwrap();
    let line = lines.taken().to_string();
    for secret in ["SECRETUSER", "amzn1", "tomato", "soup", "4711", "dish"] {
        assert!(!line.contains(secret), "{secret} in {line}");
    }
}

#[test]
fn a_line_that_cloudwatch_would_drop_is_found() {
    let good = serde_json::json!({
        "_aws": {
            "Timestamp": 1_795_348_800_000_u64,
            "CloudWatchMetrics": [{
                "Namespace": "n",
                "Dimensions": [["Skill"]],
                "Metrics": [{"Name": "Turns", "Unit": "Count"}],
            }],
        },
        "Skill": "s",
        "Turns": 1,
    });
    assert_eq!(faults(&good), [""; 0]);
    let found = |pointer: &str, value: Json| {
        let mut line = good.clone();
        *line.pointer_mut(pointer).unwrap() = value;
        faults(&line).first().copied()
    };
    let directive = |member: &str| format!("/_aws/CloudWatchMetrics/0/{member}");
    let seconds = found("/_aws/Timestamp", 1_795_348_800.into());
    assert_eq!(seconds, Some("a timestamp in milliseconds"));
    let flat = found(&directive("Dimensions"), serde_json::json!(["Skill"]));
    assert_eq!(flat, Some("1 to 30 dimensions"));
    assert_eq!(found("/Skill", 7.into()), Some("a text for each dimension"));
    assert_eq!(
        found("/Turns", "1".into()),
        Some("a number for each metric")
    );
    let unit = found(&directive("Metrics/0/Unit"), "Turns".into());
    assert_eq!(unit, Some("a unit"));
    assert_eq!(
        found(&directive("Namespace"), "".into()),
        Some("a namespace")
    );
}
