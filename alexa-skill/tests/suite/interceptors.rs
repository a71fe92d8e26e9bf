//! What runs before and after a handler.

use alexa_skill::{
    BoxError, Error, Kept, Locale, Persistent, Provided, Response, Result, Session, Skill, Ssml,
    Turn,
};
use simulator::Conversation;

use crate::turns::{named, write_behind_its_back};
use crate::{Counted, Runs, SKILL_ID, Visits, launch, welcome};

struct Trail(&'static str);

#[tokio::test]
async fn interceptors_run_around_the_handler_and_share_what_they_keep() {
    async fn before(turn: Turn, mut session: Session<Visits>) {
        turn.keep(Trail("before"));
        session.count += 1;
    }
    async fn handler(turn: Turn, trail: Kept<Trail>, session: Session<Visits>) -> String {
        turn.keep(Trail("handler"));
        format!("{} {}", trail.0.0, session.count)
    }
    async fn after(response: Response, trail: Kept<Trail>) -> Response {
        response.reprompt(trail.0.0)
    }
    let skill = Skill::builder(SKILL_ID)
        .before(before)
        .after(after)
        .on_launch(handler);
    let answer = launch(skill).await.unwrap();
    assert_eq!(
        (answer.speech(), answer.reprompt()),
        ("before 1", "handler")
    );
}

#[tokio::test]
async fn interceptors_run_in_the_order_in_which_they_were_added() {
    async fn add(turn: &Turn, name: char) {
        let so_far = turn.kept::<String>();
        let so_far = so_far.map_or(String::new(), |so_far| so_far.to_string());
        turn.keep(format!("{so_far}{name}"));
    }
    async fn handler(turn: Turn) {
        add(&turn, 'h').await;
    }
    async fn last(_: Response, order: Kept<String>) -> String {
        order.to_string()
    }
    let before = |name| move |turn: Turn| async move { add(&turn, name).await };
    let after = |name| {
        move |response: Response, turn: Turn| async move {
            add(&turn, name).await;
            response
        }
    };
    let skill = Skill::builder(SKILL_ID)
        .after(after('3'))
        .before(before('1'))
        .on_launch(handler)
        .after(after('4'))
        .before(before('2'))
        .after(last);
    assert_eq!(launch(skill).await.unwrap().speech(), "12h34");
}

#[tokio::test]
async fn an_interceptor_before_a_handler_may_fail_the_turn() {
    async fn refuse() -> Result<(), BoxError> {
        Err("not today".into())
    }
    async fn sorry(error: Error) -> String {
        error.to_string()
    }
    let runs = Runs::default();
    let skill = Skill::builder(SKILL_ID)
        .provide(runs.clone())
        .before(refuse)
        .on_launch(async |runs: Provided<Runs>| runs.another().to_string())
        .on_error(sorry);
    let answer = launch(skill).await.unwrap();
    assert_eq!(answer.speech(), "the handler failed: not today");
    assert_eq!(runs.count(), 0);
}

#[tokio::test]
async fn an_interceptor_before_the_handlers_that_asks_for_a_state_makes_every_request_read() {
    async fn before(_: Persistent<Visits>) {}
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .before(before)
        .on_launch(async || "hello");
    launch(skill).await.unwrap();
    assert_eq!(table.loads_and_saves(), (1, 0));
}

#[tokio::test]
async fn the_handler_has_the_state_as_an_interceptor_left_it_and_both_are_saved_at_once() {
    async fn before(mut visits: Persistent<Visits>) {
        visits.count += 10;
    }
    async fn after(response: Response, mut visits: Persistent<Visits>) -> Response {
        visits.count += 100;
        response
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .before(before)
        .on_launch(welcome)
        .after(after)
        .fallback(welcome);
    let mut user = Conversation::with(skill.build().unwrap());
    assert_eq!(user.launch().await.unwrap().speech(), "visit 11");
    assert_eq!(table.loads_and_saves(), (1, 1));
    assert_eq!(user.intent("Any", []).await.unwrap().speech(), "visit 122");
}

#[tokio::test]
async fn an_interceptor_after_the_handler_answers_in_its_place() {
    async fn after(response: Response, locale: Locale) -> Response {
        response.speak(format!("in {}", locale.language()))
    }
    async fn markup(_: Response) -> Ssml {
        Ssml::new("<break time='1s'/>")
    }
    async fn fail(_: Response) -> Result<Response, BoxError> {
        Err("no".into())
    }
    let skill = || Skill::builder(SKILL_ID).on_launch(async || "hello");
    let answer = launch(skill().after(after)).await.unwrap();
    assert_eq!(answer.speech(), "in en");
    let answer = launch(skill().after(after).after(markup)).await.unwrap();
    assert_eq!(answer.speech(), "<break time='1s'/>");
    assert_eq!(named(launch(skill().after(fail)).await), "Handler");
}

#[tokio::test]
async fn what_a_handler_changed_is_not_saved_if_what_runs_after_it_fails() {
    async fn fail(_: Response) -> Result<Response, BoxError> {
        Err("no".into())
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(welcome)
        .after(fail);
    launch(skill).await.unwrap_err();
    assert_eq!(table.loads_and_saves(), (1, 0));
}

#[tokio::test]
async fn on_a_conflict_interceptors_run_again_too() {
    async fn before(runs: Provided<Runs>) {
        runs.another();
    }
    async fn meddling(
        mut visits: Persistent<Visits>,
        table: Provided<Counted>,
        runs: Provided<Runs>,
    ) {
        visits.count += 1;
        if runs.count() == 1 {
            write_behind_its_back(&table, 10).await;
        }
    }
    let (table, runs) = (Counted::default(), Runs::default());
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .provide(table)
        .provide(runs.clone())
        .before(before)
        .on_launch(meddling);
    launch(skill).await.unwrap();
    assert_eq!(runs.count(), 2);
}

#[tokio::test]
async fn what_is_kept_ends_with_the_turn() {
    async fn handler(turn: Turn) -> String {
        let found = turn.kept::<Trail>().is_some();
        turn.keep(Trail("kept"));
        format!("{found} {}", turn.kept::<Trail>().is_some())
    }
    let skill = Skill::builder(SKILL_ID).on_launch(handler);
    let mut user = Conversation::with(skill.build().unwrap());
    for _ in 0..2 {
        assert_eq!(user.launch().await.unwrap().speech(), "false true");
    }
}
