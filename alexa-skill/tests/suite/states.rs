//! What a skill remembers, while a handler has it: given back, saved, refreshed, forgotten.

use std::sync::Mutex;

use alexa_skill::attributes::Value;
use alexa_skill::persistence::{Item, Key, PersistenceAdapter};
use alexa_skill::{
    BoxError, Error, Persistent, Provided, Response, Result, Session, Skill, SkillBuilder, Turn,
};
use alexa_skill::{persistent, session};
use serde::{Deserialize, Serialize};
use simulator::Conversation;

use crate::turns::{named, write_behind_its_back};
use crate::{Counted, Runs, SKILL_ID, Visits, launch};

fn skill(table: &Counted) -> SkillBuilder {
    Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .provide(table.clone())
        .provide(Runs::default())
}

async fn stored(table: &Counted) -> Item {
    table.memory.load(&Key::from("u")).await.unwrap()
}

async fn count(table: &Counted) -> Option<Value> {
    stored(table).await.attributes.remove("count")
}

#[tokio::test]
async fn two_states_one_after_the_other_are_both_saved_in_one_write() {
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Score {
        best: u32,
    }
    async fn both(turn: Turn) -> Result<()> {
        turn.persistent::<Visits>().await?.count += 1;
        turn.persistent::<Score>().await?.best += 10;
        turn.persistent::<Visits>().await?.count += 1;
        Ok(())
    }
    let table = Counted::default();
    launch(skill(&table).on_launch(both)).await.unwrap();
    let attributes = stored(&table).await.attributes;
    assert_eq!(attributes["count"], Value::from(2));
    assert_eq!(attributes["best"], Value::from(10));
    assert_eq!(table.loads_and_saves(), (1, 1));
}

#[tokio::test]
async fn a_state_beside_an_open_one_is_a_named_error_whatever_its_type() {
    type Other = std::collections::BTreeMap<String, u32>;
    async fn same(_open: Persistent<Visits>, turn: Turn) -> Result<()> {
        turn.persistent::<Visits>().await.map(drop)
    }
    async fn another(_open: Persistent<Visits>, turn: Turn) -> Result<()> {
        turn.persistent::<Other>().await.map(drop)
    }
    async fn second_session(_open: Session<Visits>, turn: Turn) -> Result<()> {
        turn.session::<Other>().map(drop)
    }
    async fn forget(_open: Persistent<Visits>, turn: Turn) -> Result<()> {
        turn.forget().await
    }
    let table = Counted::default();
    let skill = skill(&table)
        .on_intent("Same", same)
        .on_intent("Another", another)
        .on_intent("Session", second_session)
        .on_intent("Forget", forget);
    let mut user = Conversation::with(skill.build().unwrap());
    for intent in ["Same", "Another", "Session", "Forget"] {
        let error = user.intent(intent, []).await.unwrap_err();
        assert!(error.to_string().contains("`suite::Visits`"), "{error}");
        assert_eq!(named::<()>(Err(error)), "StateOpen", "{intent}");
    }
}

#[tokio::test]
async fn a_persistent_and_a_session_state_may_be_open_at_once() {
    async fn both(mut visits: Persistent<Visits>, mut session: Session<Visits>) -> Response {
        visits.count += 1;
        session.count += 10;
        Response::ask("?")
    }
    let table = Counted::default();
    let answer = launch(skill(&table).on_launch(both)).await.unwrap();
    assert_eq!(answer.session_attributes().unwrap()["count"], 10);
    assert_eq!(count(&table).await, Some(Value::from(1)));
}

/// Where a handler may hide a state.
#[derive(Default)]
struct Hidden<T>(Mutex<Option<T>>);

impl<T> Hidden<T> {
    fn hide(&self, state: T) {
        *self.0.lock().unwrap() = Some(state);
    }
}

#[tokio::test]
async fn a_state_that_outlives_its_handler_fails_the_turn_and_nothing_is_saved() {
    async fn hide(mut visits: Persistent<Visits>, hidden: Provided<Hidden<Persistent<Visits>>>) {
        visits.count = 99;
        hidden.hide(visits);
    }
    let table = Counted::default();
    let skill = skill(&table)
        .provide(Hidden::<Persistent<Visits>>(Mutex::new(None)))
        .on_launch(hide);
    let error = launch(skill).await.unwrap_err();
    assert!(error.to_string().contains("`suite::Visits`"), "{error}");
    assert_eq!(named::<()>(Err(error)), "StateOpen");
    assert_eq!(table.loads_and_saves(), (1, 0));
}

#[tokio::test]
async fn a_state_that_is_kept_for_the_turn_outlives_its_handler_too() {
    async fn keep(visits: Persistent<Visits>, turn: Turn) {
        turn.keep(Mutex::new(visits));
    }
    let table = Counted::default();
    let answer = launch(skill(&table).on_launch(keep)).await;
    assert_eq!(named(answer), "StateOpen");
    assert_eq!(table.loads_and_saves(), (1, 0));
}

#[tokio::test]
async fn a_session_that_outlives_its_handler_fails_the_turn_and_nothing_is_saved() {
    async fn hide(
        mut visits: Persistent<Visits>,
        session: Session<Visits>,
        hidden: Provided<Hidden<Session<Visits>>>,
    ) {
        visits.count = 99;
        hidden.hide(session);
    }
    let table = Counted::default();
    let skill = skill(&table)
        .provide(Hidden::<Session<Visits>>(Mutex::new(None)))
        .on_launch(hide);
    assert_eq!(named(launch(skill).await), "StateOpen");
    assert_eq!(table.loads_and_saves(), (1, 0));
}

/// A state that DynamoDB cannot keep when it is not a number.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Mean {
    mean: f64,
}

#[tokio::test]
async fn a_state_that_cannot_be_kept_fails_the_turn_although_the_handler_passes_over_it() {
    async fn divide(turn: Turn) -> Result<()> {
        turn.persistent::<Mean>().await?.mean = f64::NAN;
        for _ in 0..2 {
            let error = turn.persistent::<Visits>().await.unwrap_err();
            assert_eq!(error.name(), "State");
        }
        Ok(())
    }
    let table = Counted::default();
    let error = launch(skill(&table).on_launch(divide)).await.unwrap_err();
    assert!(error.to_string().contains("::Mean`"), "{error}");
    assert_eq!(table.loads_and_saves(), (1, 0));
}

#[tokio::test]
async fn a_session_that_cannot_be_kept_fails_the_turn_and_nothing_is_saved() {
    async fn divide(mut visits: Persistent<Visits>, mut session: Session<Mean>) {
        visits.count = 99;
        session.mean = f64::NAN;
    }
    let table = Counted::default();
    let error = launch(skill(&table).on_launch(divide)).await.unwrap_err();
    assert!(
        error.to_string().starts_with("session attributes"),
        "{error}"
    );
    assert_eq!(table.loads_and_saves(), (1, 0));
}

#[tokio::test]
async fn what_a_handler_changed_is_saved_if_it_answers_and_not_if_it_fails() {
    async fn change(mut visits: Persistent<Visits>, mut session: Session<Visits>) -> &'static str {
        (visits.count, session.count) = (1, 1);
        "done"
    }
    async fn fail(
        mut visits: Persistent<Visits>,
        mut session: Session<Visits>,
    ) -> Result<(), BoxError> {
        (visits.count, session.count) = (2, 2);
        Err("no".into())
    }
    async fn sorry(_: Error) -> Response {
        Response::ask("sorry")
    }
    let table = Counted::default();
    let skill = skill(&table)
        .on_launch(change)
        .on_intent("Fail", fail)
        .on_error(sorry);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    user.launch().await.unwrap();
    let answer = user.intent("Fail", []).await.unwrap();
    assert!(answer.session_attributes().unwrap().is_empty());
    assert_eq!(count(&table).await, Some(Value::from(1)));
}

#[tokio::test]
async fn a_save_in_the_middle_stays_when_the_handler_fails_later_and_no_more_than_that() {
    async fn pay(mut visits: Persistent<Visits>) -> Result<(), BoxError> {
        visits.count = 1;
        Persistent::save(&mut visits).await?;
        visits.count = 2;
        Err("the shop is closed".into())
    }
    let table = Counted::default();
    let answer = launch(skill(&table).on_launch(pay)).await;
    assert_eq!(named(answer), "Handler");
    assert_eq!(count(&table).await, Some(Value::from(1)));
    assert_eq!(table.loads_and_saves(), (1, 1));
}

#[tokio::test]
async fn a_save_in_the_middle_and_a_change_after_it_are_two_writes_on_one_read() {
    async fn twice(mut visits: Persistent<Visits>) -> Result<()> {
        visits.count += 1;
        Persistent::save(&mut visits).await?;
        // Nothing changed since.
        Persistent::save(&mut visits).await?;
        visits.count += 1;
        Ok(())
    }
    let table = Counted::default();
    launch(skill(&table).on_launch(twice)).await.unwrap();
    assert_eq!(count(&table).await, Some(Value::from(2)));
    assert_eq!(table.loads_and_saves(), (1, 2));
}

#[tokio::test]
async fn a_change_before_and_one_after_a_save_in_another_state_are_both_kept() {
    async fn handler(turn: Turn) -> Result<()> {
        let mut first = turn
            .persistent::<std::collections::BTreeMap<String, u32>>()
            .await?;
        first.insert("first".into(), 1);
        drop(first);
        let mut visits = turn.persistent::<Visits>().await?;
        Persistent::save(&mut visits).await?;
        visits.count = 2;
        Ok(())
    }
    let table = Counted::default();
    launch(skill(&table).on_launch(handler)).await.unwrap();
    let attributes = stored(&table).await.attributes;
    assert_eq!(attributes["first"], Value::from(1));
    assert_eq!(attributes["count"], Value::from(2));
}

#[tokio::test]
async fn a_conflict_in_the_middle_runs_the_handler_again() {
    async fn pay(
        mut visits: Persistent<Visits>,
        table: Provided<Counted>,
        runs: Provided<Runs>,
    ) -> Result<String> {
        visits.count += 1;
        if runs.another() == 1 {
            write_behind_its_back(&table, 10).await;
        }
        Persistent::save(&mut visits).await?;
        Ok(format!("visit {}", visits.count))
    }
    let table = Counted::default();
    let answer = launch(skill(&table).on_launch(pay)).await.unwrap();
    assert_eq!(answer.speech(), "visit 11");
    assert_eq!(count(&table).await, Some(Value::from(11)));
}

#[tokio::test]
async fn a_conflict_after_a_save_in_the_middle_runs_the_handler_on_what_it_saved() {
    async fn pay(
        mut visits: Persistent<Visits>,
        table: Provided<Counted>,
        runs: Provided<Runs>,
    ) -> Result<String> {
        visits.count += 1;
        Persistent::save(&mut visits).await?;
        if runs.another() == 1 {
            write_behind_its_back(&table, visits.count + 100).await;
        }
        visits.count += 1;
        Ok(format!("visit {}", visits.count))
    }
    let table = Counted::default();
    let answer = launch(skill(&table).on_launch(pay)).await.unwrap();
    // 1 was saved, another made 101 of it, and the second run counted twice.
    assert_eq!(answer.speech(), "visit 103");
    assert_eq!(count(&table).await, Some(Value::from(103)));
}

#[tokio::test]
async fn what_is_forgotten_is_deleted_with_what_the_handler_had_changed() {
    async fn forget(mut visits: Persistent<Visits>) -> Result<()> {
        visits.count = 99;
        Persistent::forget(visits).await
    }
    let table = Counted::default();
    write_behind_its_back(&table, 5).await;
    launch(skill(&table).on_launch(forget)).await.unwrap();
    assert_eq!(stored(&table).await, Item::default());
    assert_eq!(table.loads_and_saves(), (1, 0));
}

#[tokio::test]
async fn a_turn_may_remember_anew_after_it_has_forgotten() {
    async fn restart(visits: Persistent<Visits>, turn: Turn) -> Result<String> {
        Persistent::forget(visits).await?;
        let mut visits = turn.persistent::<Visits>().await?;
        visits.count += 1;
        Ok(format!("visit {}", visits.count))
    }
    let table = Counted::default();
    write_behind_its_back(&table, 5).await;
    let answer = launch(skill(&table).on_launch(restart)).await.unwrap();
    assert_eq!(answer.speech(), "visit 1");
    assert_eq!(count(&table).await, Some(Value::from(1)));
}

#[tokio::test]
async fn a_turn_forgets_without_reading() {
    async fn forget(turn: Turn) -> Result<()> {
        turn.forget().await
    }
    let table = Counted::default();
    write_behind_its_back(&table, 5).await;
    launch(skill(&table).on_launch(forget)).await.unwrap();
    assert_eq!(stored(&table).await, Item::default());
    assert_eq!(table.loads_and_saves(), (0, 0));
}

#[tokio::test]
async fn a_refresh_reads_again_and_drops_what_the_handler_had_changed() {
    async fn look(mut visits: Persistent<Visits>, table: Provided<Counted>) -> Result<String> {
        visits.count = 99;
        write_behind_its_back(&table, 5).await;
        Persistent::refresh(&mut visits).await?;
        Ok(format!("visit {}", visits.count))
    }
    let table = Counted::default();
    let answer = launch(skill(&table).on_launch(look)).await.unwrap();
    assert_eq!(answer.speech(), "visit 5");
    assert_eq!(table.loads_and_saves(), (2, 0));
}

#[tokio::test]
async fn a_change_after_a_refresh_is_saved_on_what_it_read() {
    async fn count_on(mut visits: Persistent<Visits>, table: Provided<Counted>) -> Result<()> {
        write_behind_its_back(&table, 5).await;
        Persistent::refresh(&mut visits).await?;
        visits.count += 1;
        Ok(())
    }
    let table = Counted::default();
    let skill = skill(&table).on_launch(count_on).attempts(1);
    launch(skill).await.unwrap();
    assert_eq!(count(&table).await, Some(Value::from(6)));
}

#[tokio::test]
async fn a_turn_on_what_the_session_carried_may_read_what_is_stored_now() {
    async fn visit(mut visits: Persistent<Visits>) -> Response {
        visits.count += 1;
        Response::ask(format!("visit {}", visits.count))
    }
    async fn refresh(mut visits: Persistent<Visits>) -> Result<Response> {
        let carried = visits.count;
        Persistent::refresh(&mut visits).await?;
        visits.count += 1;
        Ok(Response::ask(format!("{carried} was {}", visits.count - 1)))
    }
    let table = Counted::default();
    let skill = skill(&table)
        .carry_in_session()
        .on_launch(visit)
        .on_intent("Refresh", refresh);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    user.launch().await.unwrap();
    write_behind_its_back(&table, 50).await;
    let answer = user.intent("Refresh", []).await.unwrap();
    assert_eq!(answer.speech(), "1 was 50");
    assert_eq!(count(&table).await, Some(Value::from(51)));
    assert_eq!(table.loads_and_saves(), (2, 2));
}

#[tokio::test]
async fn a_handler_by_itself_leaves_what_a_test_can_look_at() {
    async fn visit(mut visits: Persistent<Visits>, mut turns: Session<Visits>) -> Result<String> {
        visits.count += 1;
        turns.count += 10;
        Persistent::save(&mut visits).await?;
        Persistent::refresh(&mut visits).await?;
        Ok(format!("{} {}", visits.count, turns.count))
    }
    let (visits, held) = persistent(Visits { count: 1 });
    let (turns, held_turns) = session(Visits { count: 1 });
    assert_eq!(visit(visits, turns).await.unwrap(), "2 11");
    assert_eq!(held.get(), &Visits { count: 2 });
    assert_eq!(held_turns.get(), &Visits { count: 11 });
    assert_eq!(held.get(), &Visits { count: 2 }, "as often as it likes");
}

#[tokio::test]
async fn a_test_sees_that_a_handler_forgot() {
    let (visits, held) = persistent(Visits { count: 7 });
    Persistent::forget(visits).await.unwrap();
    assert_eq!(held.get(), &Visits::default());
}

#[tokio::test]
async fn a_handler_by_itself_runs_where_no_test_looks() {
    drop(persistent(Visits { count: 7 }).0);
    drop(session(Visits { count: 7 }).0);
}

#[test]
#[should_panic = "the handler still holds the state"]
fn a_test_that_looks_too_early_is_told_so() {
    let (_visits, held) = persistent(Visits { count: 7 });
    held.get();
}
