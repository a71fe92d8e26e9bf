//! What a turn loads, saves and answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use alexa_skill::attributes::{Attributes, Value, to_attributes};
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, Save};
use alexa_skill::testing::Conversation;
use alexa_skill::{BoxError, Error, Response, Result, Skill, Turn};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Counted, SKILL_ID, Visits, welcome};

pub fn named<T: std::fmt::Debug>(result: Result<T, BoxError>) -> &'static str {
    result.unwrap_err().downcast_ref::<Error>().unwrap().name()
}

#[tokio::test]
async fn a_turn_that_asks_for_nothing_reads_nothing() {
    let table = Counted::default();
    let hello = |_: Turn| async { Ok::<_, Error>(Response::new().speak("hello")) };
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(hello);
    Conversation::with(skill.build().unwrap())
        .launch()
        .await
        .unwrap();
    assert_eq!(table.loads_and_saves(), (0, 0));
}

#[tokio::test]
async fn a_turn_that_changes_nothing_writes_nothing_and_reads_once() {
    async fn look(turn: Turn) -> Result {
        let first = turn.persistent::<Visits>().await?.count;
        let again = turn.persistent::<Visits>().await?;
        Ok(Response::new().speak(format!("{first} {}", again.count)))
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(look);
    let answer = Conversation::with(skill.build().unwrap())
        .launch()
        .await
        .unwrap();
    assert_eq!(answer.speech(), "0 0");
    assert_eq!(table.loads_and_saves(), (1, 0));
}

#[tokio::test]
async fn a_change_is_saved_once_and_seen_by_the_next_turn_of_this_user_only() {
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(welcome);
    let skill = skill.build().unwrap();
    let mut one = Conversation::with(skill.clone());
    let mut other = Conversation::with(skill);
    assert_eq!(one.launch().await.unwrap().speech(), "visit 1");
    assert_eq!(table.loads_and_saves(), (1, 1));
    assert_eq!(one.launch().await.unwrap().speech(), "visit 2");
    assert_eq!(other.launch().await.unwrap().speech(), "visit 1");
}

#[tokio::test]
async fn what_a_failed_turn_changed_is_not_saved() {
    async fn fail(turn: Turn) -> Result<Response, BoxError> {
        turn.persistent::<Visits>().await?.count = 99;
        Err("out of luck".into())
    }
    async fn sorry(_: Turn, error: Arc<Error>) -> Result {
        Ok(Response::new().speak(format!("sorry: {error}")))
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(welcome)
        .on_intent("Fail", fail);
    let mut without = Conversation::with(skill.build().unwrap()).user("u");
    assert_eq!(named(without.intent("Fail", []).await), "Handler");
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(welcome)
        .on_intent("Fail", fail)
        .on_error(sorry);
    let mut with = Conversation::with(skill.build().unwrap()).user("u");
    let answer = with.intent("Fail", []).await.unwrap();
    assert_eq!(answer.speech(), "sorry: the handler failed: out of luck");
    assert_eq!(table.loads_and_saves(), (2, 0));
    assert_eq!(with.launch().await.unwrap().speech(), "visit 1");
}

#[tokio::test]
async fn a_turn_that_meets_a_conflict_runs_again_on_fresh_data() {
    let table = Counted::default();
    let runs = Arc::new(AtomicU32::new(0));
    let meddling = {
        let (table, runs) = (table.clone(), runs.clone());
        move |turn: Turn| {
            let (table, runs) = (table.clone(), runs.clone());
            async move {
                let mut visits = turn.persistent::<Visits>().await?;
                visits.count += 1;
                if runs.fetch_add(1, Ordering::SeqCst) == 0 {
                    write_behind_its_back(&table, 10).await;
                }
                Ok::<_, Error>(Response::new().speak(format!("visit {}", visits.count)))
            }
        }
    };
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(meddling);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    assert_eq!(user.launch().await.unwrap().speech(), "visit 11");
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_turn_that_always_meets_a_conflict_ends_in_a_named_error() {
    let table = Counted::default();
    let meddling = {
        let table = table.clone();
        move |turn: Turn| {
            let table = table.clone();
            async move {
                turn.persistent::<Visits>().await?.count += 1;
                write_behind_its_back(&table, 10).await;
                Ok::<_, Error>(Response::new())
            }
        }
    };
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(meddling)
        .attempts(3);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    assert_eq!(named(user.launch().await), "Conflict");
    assert_eq!(table.loads_and_saves().1, 3);
}

async fn write_behind_its_back(table: &Counted, count: u32) {
    let key = Key::from("u");
    let read: Item = table.memory.load(&key).await.unwrap();
    let attributes = to_attributes(&Visits { count }).unwrap();
    let save = Save {
        key: &key,
        read: &read,
        attributes: &attributes,
        request_id: "another",
    };
    table.memory.save(save).await.unwrap();
}

#[tokio::test]
async fn two_open_views_of_one_type_are_refused_as_one_change_would_be_lost() {
    async fn greedy(turn: Turn) -> Result {
        let _first = turn.persistent::<Visits>().await?;
        let _second = turn.persistent::<Visits>().await?;
        Ok(Response::new())
    }
    async fn hasty(turn: Turn) -> Result {
        let mut visits = turn.persistent::<Visits>().await?;
        visits.count = 1;
        turn.save().await?;
        Ok(Response::new())
    }
    let skill = Skill::builder(SKILL_ID)
        .persistence(Counted::default())
        .on_intent("Greedy", greedy)
        .on_intent("Hasty", hasty);
    let mut user = Conversation::with(skill.build().unwrap());
    assert_eq!(named(user.intent("Greedy", []).await), "ViewOpen");
    assert_eq!(named(user.intent("Hasty", []).await), "ViewOpen");
}

#[tokio::test]
async fn two_types_see_one_memory_and_do_not_disturb_each_other() {
    #[derive(Default, Serialize, Deserialize)]
    struct Score {
        best: u32,
    }
    async fn both(turn: Turn) -> Result {
        let mut visits = turn.persistent::<Visits>().await?;
        let mut score = turn.persistent::<Score>().await?;
        visits.count += 1;
        score.best += 10;
        Ok(Response::new().speak(format!("{} {}", visits.count, score.best)))
    }
    let skill = Skill::builder(SKILL_ID)
        .persistence(Counted::default())
        .on_launch(both);
    let mut user = Conversation::with(skill.build().unwrap());
    user.launch().await.unwrap();
    assert_eq!(user.launch().await.unwrap().speech(), "2 20");
}

#[tokio::test]
async fn a_struct_may_grow_and_what_it_does_not_know_stays() {
    #[derive(Serialize, Deserialize)]
    struct Grown {
        count: u32,
        lives: u32,
        nick: Option<String>,
    }
    impl Default for Grown {
        fn default() -> Self {
            Grown {
                count: 0,
                lives: 3,
                nick: None,
            }
        }
    }
    async fn grown(turn: Turn) -> Result {
        let mut grown = turn.persistent::<Grown>().await?;
        grown.count += 1;
        Ok(Response::new().speak(format!("{} {} {:?}", grown.count, grown.lives, grown.nick)))
    }
    let table = Counted::default();
    let key = Key::from("u");
    let old = Attributes::from([
        ("count".into(), Value::from(4)),
        ("lives".into(), Value::Null),
        ("old".into(), Value::from("kept")),
    ]);
    let save = Save {
        key: &key,
        read: &Item::default(),
        attributes: &old,
        request_id: "old",
    };
    table.save(save).await.unwrap();

    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(grown);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    assert_eq!(user.launch().await.unwrap().speech(), "5 3 None");
    let attributes = table.load(&key).await.unwrap().attributes;
    assert_eq!(attributes["old"], Value::from("kept"));
}

#[tokio::test]
async fn attributes_of_another_shape_are_a_named_error_and_stay_as_they_are() {
    let table = Counted::default();
    let key = Key::from("u");
    let theirs = Attributes::from([("count".into(), Value::from("many"))]);
    let save = Save {
        key: &key,
        read: &Item::default(),
        attributes: &theirs,
        request_id: "r",
    };
    table.save(save).await.unwrap();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(welcome);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    let error = user.launch().await.unwrap_err();
    assert!(error.to_string().contains("Visits"), "{error}");
    assert_eq!(named::<()>(Err(error)), "State");
    assert_eq!(table.load(&key).await.unwrap().attributes, theirs);
}

#[tokio::test]
async fn a_state_that_dynamodb_cannot_hold_fails_the_turn() {
    #[derive(Default, Serialize, Deserialize)]
    struct Mean {
        mean: f64,
    }
    async fn divide(turn: Turn) -> Result {
        turn.persistent::<Mean>().await?.mean = f64::NAN;
        Ok(Response::new())
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(divide);
    let error = Conversation::with(skill.build().unwrap())
        .launch()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("NaN"), "{error}");
    assert_eq!(table.loads_and_saves(), (1, 0));
}

#[tokio::test]
async fn session_attributes_travel_from_turn_to_turn_and_end_with_the_session() {
    async fn count(turn: Turn) -> Result {
        let mut turns = turn.session::<Visits>()?;
        turns.count += 1;
        let answer = Response::new().speak(format!("turn {}", turns.count));
        Ok(if turns.count < 3 {
            answer.reprompt("Again?")
        } else {
            answer
        })
    }
    let skill = Skill::builder(SKILL_ID)
        .on_launch(count)
        .on_intent("Again", count);
    let mut user = Conversation::with(skill.build().unwrap());
    assert_eq!(user.launch().await.unwrap().speech(), "turn 1");
    assert_eq!(user.intent("Again", []).await.unwrap().speech(), "turn 2");
    assert_eq!(user.intent("Again", []).await.unwrap().speech(), "turn 3");
    assert_eq!(user.intent("Again", []).await.unwrap().speech(), "turn 1");
}

#[tokio::test]
async fn a_turn_may_save_refresh_and_forget_when_it_likes() {
    async fn busy(turn: Turn) -> Result {
        turn.persistent::<Visits>().await?.count = 1;
        turn.save().await?;
        turn.persistent::<Visits>().await?.count = 2;
        turn.refresh().await?;
        let kept = turn.persistent::<Visits>().await?.count;
        turn.forget().await?;
        let forgotten = turn.persistent::<Visits>().await?.count;
        turn.persistent::<Visits>().await?.count = 9;
        Ok(Response::new().speak(format!("{kept} {forgotten}")))
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(busy);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    assert_eq!(user.launch().await.unwrap().speech(), "1 0");
    let attributes = table.load(&Key::from("u")).await.unwrap().attributes;
    assert_eq!(attributes["count"], Value::from(9));
}

#[tokio::test]
async fn a_user_who_disables_the_skill_is_forgotten_unless_alexa_says_otherwise() {
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(welcome)
        .forget_disabled_users();
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    let mut after = async |status: &str| {
        user.launch().await.unwrap();
        let body = json!({"userInformationPersistenceStatus": status});
        let disabled = json!({"type": "AlexaSkillEvent.SkillDisabled", "body": body});
        user.send(disabled).await.unwrap();
        table
            .load(&Key::from("u"))
            .await
            .unwrap()
            .attributes
            .get("count")
            .cloned()
    };
    assert_eq!(after("PERSISTED").await, Some(Value::from(1)));
    assert_eq!(after("NOT_PERSISTED").await, None);
}
