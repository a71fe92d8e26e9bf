//! What a turn leaves on standard error: one line for each failure, and nothing of the user.

use std::env;
use std::process::{Command, Stdio};

use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::{BoxError, Error, Persistent, Response, Result, Skill, SkillBuilder, Slots};
use local_dynamodb::LocalDynamoDb;
use serde::Deserialize;
use serde_json::json;
use simulator::Conversation;

use crate::turns::write_behind_its_back;
use crate::{Counted, Runs, SKILL_ID, Visits, welcome};

const CASE: &str = "SKILL_TO_LOG";
const USER: &str = "amzn1.ask.account.SECRETUSERID";

/// What the process printed to standard error that ran one case below.
fn logged(case: &str) -> Vec<String> {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "log::the_case_at_hand_runs", "--nocapture"])
        .env(CASE, case)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}");
    for secret in ["SECRETUSERID", "amzn1.ask.account", "hemlock"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    text.lines().map(str::to_owned).collect()
}

#[derive(Deserialize)]
struct Number {
    #[expect(dead_code, reason = "only serde asks for it")]
    number: u32,
}

async fn fail() -> Result<(), BoxError> {
    let cause = std::io::Error::other("the weather service\nis down");
    Err(Box::new(cause))
}

async fn sorry(_: Error) -> &'static str {
    "sorry"
}

fn skill() -> SkillBuilder {
    Skill::builder(SKILL_ID)
        .on_launch(fail)
        .on_intent("Guess", async |_: Slots<Number>| "never said")
        .on_intent("Panic", async || -> () { panic!("on purpose") })
}

/// The process that [`logged`] starts; by itself it does nothing.
#[tokio::test]
async fn the_case_at_hand_runs() {
    let Ok(case) = env::var(CASE) else {
        return;
    };
    let with = |skill: SkillBuilder| Conversation::with(skill.build().unwrap()).user(USER);
    match case.as_str() {
        "answered" => {
            let skill = Skill::builder(SKILL_ID).persistence(Counted::default());
            with(skill.on_launch(welcome)).launch().await.unwrap();
        }
        "failed" => drop(with(skill()).launch().await.unwrap_err()),
        "apologised" => drop(with(skill().on_error(sorry)).launch().await.unwrap()),
        "apology failed" => {
            let fails = async |_: Error| Err::<(), BoxError>("no words".into());
            with(skill().on_error(fails)).launch().await.unwrap_err();
        }
        "apology impossible" => {
            let reads = async |_: Error, _: Persistent<Visits>| "never said";
            let skill = skill().persistence(Counted::default()).on_error(reads);
            with(skill).launch().await.unwrap_err();
        }
        "apology changed" => {
            async fn read_and_fail(_: Persistent<Visits>) -> Result<(), BoxError> {
                Err("no".into())
            }
            let changes = async |_: Error, mut visits: Persistent<Visits>| visits.count += 1;
            let skill = Skill::builder(SKILL_ID).persistence(Counted::default());
            let skill = skill.on_launch(read_and_fail).on_error(changes);
            with(skill).launch().await.unwrap_err();
        }
        "panicked" => {
            let mut user = with(skill().on_error(sorry));
            user.intent("Panic", []).await.unwrap();
        }
        "slots" => {
            let answer = with(skill()).intent("Guess", [("number", "hemlock")]).await;
            answer.unwrap_err();
        }
        "conflict" => {
            use alexa_skill::Provided;
            async fn meddling(
                mut visits: Persistent<Visits>,
                table: Provided<Counted>,
                runs: Provided<Runs>,
            ) {
                visits.count += 1;
                if runs.another() == 1 {
                    write_behind_its_back(&table, 10).await;
                }
            }
            let table = Counted::default();
            let skill = Skill::builder(SKILL_ID)
                .persistence(table.clone())
                .provide(table)
                .provide(Runs::default())
                .on_launch(meddling);
            let skill = skill.build().unwrap();
            let mut user = Conversation::with(skill).user("u");
            user.launch().await.unwrap();
        }
        "too large" => {
            type Hoard = std::collections::HashMap<String, String>;
            let local = LocalDynamoDb::embedded().unwrap();
            let table = DynamoDb::new(local.client(), "VisitCounter");
            table.ensure_table().await.unwrap();
            let hoard = async |mut hoard: Persistent<Hoard>| {
                hoard.insert("text".into(), "hemlock".repeat(100 * 1024));
            };
            let skill = Skill::builder(SKILL_ID).persistence(table).on_launch(hoard);
            with(skill).launch().await.unwrap_err();
        }
        "no table" => {
            let local = LocalDynamoDb::embedded().unwrap();
            let table = DynamoDb::new(local.client(), "VisitCounter");
            let skill = Skill::builder(SKILL_ID)
                .persistence(table)
                .on_launch(welcome);
            with(skill).launch().await.unwrap_err();
        }
        "another skill" => {
            let skill = skill().on_error(sorry).build().unwrap();
            let mut stranger = Conversation::over(skill, "amzn1.ask.skill.another").user(USER);
            stranger.launch().await.unwrap_err();
        }
        "no envelope" => {
            let skill = skill().on_error(sorry).build().unwrap();
            let user = json!({"userId": USER}).to_string();
            skill.answer_json(user.as_bytes()).await.unwrap_err();
            skill.answer_json(b"hemlock").await.unwrap_err();
        }
        "markup" => {
            let tell = async || "Wait <break time='1s'/> hemlock.";
            let skill = Skill::builder(SKILL_ID).on_launch(tell);
            let skill = skill.fallback(async || Response::ask("2 < 3 & <b>"));
            let mut user = with(skill);
            user.launch().await.unwrap();
            user.intent("Any", []).await.unwrap();
        }
        other => panic!("there is no case {other}"),
    }
}

#[test]
fn a_turn_that_is_answered_logs_nothing() {
    assert_eq!(logged("answered"), [""; 0]);
}

#[test]
fn a_failed_turn_is_logged_in_one_line() {
    let expected = ["Handler: the handler failed: the weather service is down"];
    assert_eq!(logged("failed"), expected);
}

#[test]
fn a_failed_turn_is_logged_once_also_when_an_error_handler_answers() {
    assert_eq!(logged("apologised"), logged("failed"));
}

#[test]
fn an_error_handler_that_fails_is_logged_after_what_it_answers() {
    let lines = logged("apology failed");
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].contains("weather"), "{lines:#?}");
    assert_eq!(lines[1], "Handler: the handler failed: no words");
}

#[test]
fn why_an_error_handler_could_not_answer_is_logged_after_the_turns_error() {
    for (case, second) in [
        ("apology impossible", "NotLoaded: "),
        ("apology changed", "ReadOnly: "),
    ] {
        let lines = logged(case);
        assert_eq!(lines.len(), 2, "{lines:#?}");
        assert!(lines[0].starts_with("Handler: "), "{lines:#?}");
        assert!(lines[1].starts_with(second), "{lines:#?}");
    }
}

#[test]
fn a_panic_is_logged_as_a_failed_turn_below_its_place() {
    let lines = logged("panicked");
    let failed = lines.iter().filter(|line| line.starts_with("Panicked: "));
    assert_eq!(failed.count(), 1, "{lines:#?}");
    assert!(
        lines.last().unwrap().starts_with("Panicked: "),
        "{lines:#?}"
    );
    assert!(
        lines.iter().any(|line| line.contains("suite/log.rs")),
        "{lines:#?}"
    );
}

#[test]
fn a_turn_that_ran_again_and_was_answered_logs_nothing() {
    assert_eq!(logged("conflict"), [""; 0]);
}

#[test]
fn an_error_of_the_library_is_logged_under_its_name_and_without_the_user() {
    for (case, name) in [
        ("slots", "Slots: "),
        ("too large", "TooLarge: "),
        ("no table", "NoTable: "),
        ("another skill", "WrongSkillId: "),
    ] {
        let lines = logged(case);
        assert_eq!(lines.len(), 1, "{case}: {lines:#?}");
        assert!(lines[0].starts_with(name), "{lines:#?}");
    }
}

#[test]
fn what_is_no_envelope_is_logged_once_each_and_without_its_text() {
    let lines = logged("no envelope");
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].starts_with("NotAnEnvelope: "), "{lines:#?}");
    assert!(lines[1].starts_with("NotJson: "), "{lines:#?}");
}

#[test]
fn a_string_with_an_element_of_ssml_is_logged_by_the_elements_name() {
    let lines = logged("markup");
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].starts_with("warning: "), "{lines:#?}");
    assert!(lines[0].contains("`break`"), "{lines:#?}");
}
