//! What an error handler gets, what it sees, and what it may not do.

use std::sync::Mutex;

use alexa_skill::attributes::Value;
use alexa_skill::persistence::{Key, PersistenceAdapter};
use alexa_skill::{
    BoxError, Error, FromTurn, Kept, Locale, Persistent, Provided, Response, Result, Session,
    Skill, SkillBuilder, Turn,
};
use serde_json::json;
use simulator::Conversation;

use crate::turns::{named, write_behind_its_back};
use crate::{Counted, Runs, SKILL_ID, Visits, launch, welcome};

/// A skill whose launch reads, changes and fails.
fn failing(table: &Counted) -> SkillBuilder {
    async fn fail(mut visits: Persistent<Visits>) -> Result<(), BoxError> {
        visits.count = 99;
        Err("out of luck".into())
    }
    Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(fail)
}

async fn counted(count: u32) -> Counted {
    let table = Counted::default();
    write_behind_its_back(&table, count).await;
    table
}

#[tokio::test]
async fn an_error_handler_owns_the_error_and_asks_for_more() {
    #[derive(Debug, thiserror::Error)]
    #[error("no connection")]
    struct Offline;

    async fn fail() -> Result<(), Offline> {
        Err(Offline)
    }
    async fn sorry(error: Error, locale: Locale, turn: Turn, runs: Provided<Runs>) -> String {
        let Error::Handler(error) = error else {
            return "another error".into();
        };
        let error = error.downcast::<Offline>().unwrap();
        let request = &turn.request().request_type;
        format!("{error}, {request}, {}, {}", &*locale, runs.count())
    }
    let skill = Skill::builder(SKILL_ID)
        .provide(Runs::default())
        .on_launch(fail)
        .on_error(sorry);
    let answer = launch(skill).await.unwrap();
    assert_eq!(answer.speech(), "no connection, LaunchRequest, en-US, 0");
}

#[tokio::test]
async fn an_error_handler_has_the_requests_own_session_attributes() {
    async fn ask(mut session: Session<Visits>) -> Response {
        session.count = 5;
        Response::ask("?")
    }
    async fn fail(mut session: Session<Visits>) -> Result<(), BoxError> {
        session.count = 99;
        Err("no".into())
    }
    async fn sorry(_: Error, mut session: Session<Visits>) -> Response {
        let found = session.count;
        session.count += 1;
        Response::ask(format!("found {found}"))
    }
    let skill = Skill::builder(SKILL_ID)
        .on_launch(ask)
        .on_intent("Fail", fail)
        .on_error(sorry);
    let mut user = Conversation::with(skill.build().unwrap());
    user.launch().await.unwrap();
    let answer = user.intent("Fail", []).await.unwrap();
    assert_eq!(answer.speech(), "found 5");
    assert_eq!(answer.session_attributes().unwrap()["count"], 6);
}

#[tokio::test]
async fn an_error_handler_has_the_state_as_it_was_read_and_nothing_is_read_again() {
    async fn sorry(_: Error, visits: Persistent<Visits>) -> String {
        format!("still {} visits", visits.count)
    }
    let table = counted(5).await;
    let answer = launch(failing(&table).on_error(sorry)).await.unwrap();
    assert_eq!(answer.speech(), "still 5 visits");
    assert_eq!(table.loads_and_saves(), (1, 0));
}

#[tokio::test]
async fn an_error_handler_whose_state_was_not_read_leaves_the_first_error_to_the_caller() {
    async fn fail() -> Result<(), BoxError> {
        Err("out of luck".into())
    }
    async fn sorry(_: Error, _: Persistent<Visits>) -> &'static str {
        "never said"
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(fail)
        .on_error(sorry);
    let error = launch(skill).await.unwrap_err();
    assert_eq!(error.to_string(), "the handler failed: out of luck");
    assert_eq!(table.loads_and_saves(), (0, 0));
}

#[tokio::test]
async fn an_error_handler_may_ask_for_a_state_that_perhaps_was_not_read() {
    async fn fail() -> Result<(), BoxError> {
        Err("out of luck".into())
    }
    async fn sorry(_: Error, visits: Result<Persistent<Visits>>) -> &'static str {
        visits.unwrap_err().name()
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(fail)
        .on_error(sorry);
    assert_eq!(launch(skill).await.unwrap().speech(), "NotLoaded");
    assert_eq!(table.loads_and_saves(), (0, 0));
}

#[tokio::test]
async fn an_error_handler_cannot_change_save_refresh_or_forget_what_it_reads() {
    async fn change(_: Error, mut visits: Persistent<Visits>) -> &'static str {
        visits.count = 7;
        "never said"
    }
    async fn save(_: Error, mut visits: Persistent<Visits>) -> Result<()> {
        visits.count = 7;
        Persistent::save(&mut visits).await
    }
    async fn refresh(_: Error, mut visits: Persistent<Visits>) -> Result<()> {
        Persistent::refresh(&mut visits).await
    }
    async fn forget(_: Error, visits: Persistent<Visits>) -> Result<()> {
        Persistent::forget(visits).await
    }
    async fn forget_all(_: Error, turn: Turn) -> Result<()> {
        turn.forget().await
    }
    let table = counted(5).await;
    let skill = || failing(&table);
    for (skill, expected) in [
        (skill().on_error(change), "ReadOnly"),
        (skill().on_error(save), "ReadOnly"),
        (skill().on_error(refresh), "NotLoaded"),
        (skill().on_error(forget), "ReadOnly"),
        (skill().on_error(forget_all), "ReadOnly"),
    ] {
        assert_eq!(named(launch(skill).await), expected);
        let item = table.memory.load(&Key::from("u")).await.unwrap();
        assert_eq!(item.attributes["count"], Value::from(5));
    }
    assert_eq!(table.loads_and_saves(), (5, 0));
}

#[tokio::test]
async fn an_error_handler_whose_argument_cannot_be_made_leaves_the_first_error_to_the_caller() {
    struct Never;
    impl FromTurn for Never {
        async fn from_turn(_: &Turn) -> Result<Never> {
            Err(Error::Handler("never".into()))
        }
    }
    async fn sorry(_: Error, _: Never) -> &'static str {
        "never said"
    }
    let table = Counted::default();
    let error = launch(failing(&table).on_error(sorry)).await.unwrap_err();
    assert_eq!(error.to_string(), "the handler failed: out of luck");
}

#[tokio::test]
async fn an_error_handler_outside_of_a_session_leaves_the_first_error_to_the_caller() {
    async fn fail() -> Result<(), BoxError> {
        Err("out of luck".into())
    }
    async fn sorry(_: Error, _: Session<Visits>) {}
    let skill = Skill::builder(SKILL_ID).fallback(fail).on_error(sorry);
    let skill = skill.build().unwrap();
    let mut envelope = Conversation::with(skill.clone()).envelope(json!({"type": "Event"}));
    envelope.as_object_mut().unwrap().remove("session");
    let error = skill.answer_json(envelope.to_string().as_bytes()).await;
    assert_eq!(error.unwrap_err().name(), "Handler");
}

#[tokio::test]
async fn an_error_handler_that_fails_gives_its_own_error_to_the_caller() {
    async fn sorry(_: Error) -> Result<(), BoxError> {
        Err("no words".into())
    }
    let table = Counted::default();
    let error = launch(failing(&table).on_error(sorry)).await.unwrap_err();
    assert_eq!(error.to_string(), "the handler failed: no words");
}

#[tokio::test]
async fn an_error_handler_has_what_an_interceptor_kept() {
    async fn before(turn: Turn) {
        turn.keep(Visits { count: 3 });
    }
    async fn sorry(_: Error, kept: Kept<Visits>) -> String {
        format!("kept {}", kept.count)
    }
    let table = Counted::default();
    let skill = failing(&table).before(before).on_error(sorry);
    assert_eq!(launch(skill).await.unwrap().speech(), "kept 3");
}

#[tokio::test]
async fn a_panic_is_an_error_like_others_and_the_skill_answers_the_next_request() {
    async fn panic(mut visits: Persistent<Visits>) -> Result<()> {
        visits.count = 99;
        panic!("this handler panics, as the test wants it to");
    }
    async fn sorry(error: Error) -> String {
        format!("sorry: {}", error.name())
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(welcome)
        .on_intent("Panic", panic)
        .on_error(sorry);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    let answer = user.intent("Panic", []).await.unwrap();
    assert_eq!(answer.speech(), "sorry: Panicked");
    assert_eq!(table.loads_and_saves(), (1, 0));
    assert_eq!(user.launch().await.unwrap().speech(), "visit 1");
}

#[tokio::test]
async fn a_panic_after_an_await_is_an_error_too() {
    async fn panic() {
        tokio::task::yield_now().await;
        panic!("this handler panics, as the test wants it to");
    }
    let answer = launch(Skill::builder(SKILL_ID).on_launch(panic)).await;
    assert_eq!(named(answer), "Panicked");
}

#[tokio::test]
async fn a_panic_that_holds_a_lock_of_the_turn_leaves_the_others_alone() {
    async fn panic(visits: Persistent<Visits>, kept: Provided<Mutex<u32>>) {
        let _locked = kept.lock();
        assert_eq!(
            visits.count, 99,
            "this handler panics, as the test wants it to"
        );
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table)
        .provide(Mutex::new(1_u32))
        .on_launch(panic)
        .fallback(welcome);
    let mut user = Conversation::with(skill.build().unwrap());
    assert_eq!(named(user.launch().await), "Panicked");
    assert_eq!(user.intent("Any", []).await.unwrap().speech(), "visit 1");
}

#[tokio::test]
async fn an_error_handler_that_panics_is_an_error() {
    async fn sorry(_: Error) {
        panic!("this error handler panics, as the test wants it to");
    }
    let table = Counted::default();
    let skill = failing(&table).on_error(sorry);
    assert_eq!(named(launch(skill).await), "Panicked");
}

#[tokio::test]
async fn a_condition_that_panics_is_an_error() {
    async fn never() {}
    let panics = || -> bool { panic!("this condition panics, as the test wants it to") };
    let skill = Skill::builder(SKILL_ID).on_when(move |_| panics(), never);
    assert_eq!(named(launch(skill).await), "Panicked");
    let table = Counted::default();
    let skill = failing(&table).on_error_when(move |_, _| panics(), |_: Error| never());
    assert_eq!(named(launch(skill).await), "Panicked");
}
