//! What a turn loads, saves and answers.

use alexa_skill::attributes::{Attributes, Value, to_attributes};
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, Save};
use alexa_skill::{BoxError, Error, Persistent, Provided, Response, Result, Session, Skill, Turn};
use serde::{Deserialize, Serialize};
use serde_json::json;
use simulator::Conversation;

use crate::{Counted, Runs, SKILL_ID, Visits, welcome};

pub fn named<T: std::fmt::Debug>(result: Result<T, BoxError>) -> &'static str {
    result.unwrap_err().downcast_ref::<Error>().unwrap().name()
}

#[tokio::test]
async fn a_turn_that_asks_for_nothing_reads_nothing() {
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(async || "hello");
    Conversation::with(skill.build().unwrap())
        .launch()
        .await
        .unwrap();
    assert_eq!(table.loads_and_saves(), (0, 0));
}

#[tokio::test]
async fn a_turn_that_changes_nothing_writes_nothing_and_reads_once() {
    async fn look(turn: Turn) -> Result<String> {
        let first = turn.persistent::<Visits>().await?.count;
        let again = turn.persistent::<Visits>().await?;
        Ok(format!("{first} {}", again.count))
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
    async fn fail(mut visits: Persistent<Visits>) -> Result<(), BoxError> {
        visits.count = 99;
        Err("out of luck".into())
    }
    async fn sorry(error: Error) -> String {
        format!("sorry: {error}")
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
    async fn meddling(
        mut visits: Persistent<Visits>,
        table: Provided<Counted>,
        runs: Provided<Runs>,
    ) -> String {
        visits.count += 1;
        if runs.another() == 1 {
            write_behind_its_back(&table, 10).await;
        }
        format!("visit {}", visits.count)
    }
    let (table, runs) = (Counted::default(), Runs::default());
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .provide(table)
        .provide(runs.clone())
        .on_launch(meddling);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    assert_eq!(user.launch().await.unwrap().speech(), "visit 11");
    assert_eq!(runs.count(), 2);
}

#[tokio::test]
async fn a_turn_that_always_meets_a_conflict_ends_in_a_named_error() {
    async fn meddling(mut visits: Persistent<Visits>, table: Provided<Counted>) {
        visits.count += 1;
        write_behind_its_back(&table, 10).await;
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .provide(table.clone())
        .on_launch(meddling)
        .attempts(3);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    assert_eq!(named(user.launch().await), "Conflict");
    assert_eq!(table.loads_and_saves().1, 3);
}

pub async fn write_behind_its_back(table: &Counted, count: u32) {
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
async fn a_struct_may_grow_and_what_it_does_not_know_stays() {
    #[derive(Serialize, Deserialize)]
    #[serde(default)]
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
    async fn grown(mut grown: Persistent<Grown>) -> String {
        grown.count += 1;
        format!("{} {} {:?}", grown.count, grown.lives, grown.nick)
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
    #[serde(default)]
    struct Mean {
        mean: f64,
    }
    async fn divide(mut mean: Persistent<Mean>) {
        mean.mean = f64::NAN;
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
    async fn count(mut turns: Session<Visits>) -> Response {
        turns.count += 1;
        let said = format!("turn {}", turns.count);
        match turns.count {
            ..3 => Response::ask(said),
            _ => Response::tell(said),
        }
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
