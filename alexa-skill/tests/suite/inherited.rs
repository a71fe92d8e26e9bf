//! What a table holds that another version of the skill wrote: former names of fields, and nulls.

use alexa_skill::attributes::{Attributes, Value, to_attributes};
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, Save};
use alexa_skill::testing::Conversation;
use alexa_skill::{Response, Result, Skill, Turn};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{Counted, SKILL_ID};

/// `visits` was once called `count`, and before that `n`.
#[derive(Default, Serialize, Deserialize)]
struct Renamed {
    #[serde(alias = "count", alias = "n")]
    visits: u32,
    #[serde(alias = "champion", skip_serializing_if = "Option::is_none")]
    best: Option<String>,
}

async fn visit(turn: Turn) -> Result {
    let mut state = turn.persistent::<Renamed>().await?;
    state.visits += 1;
    Ok(Response::new().speak(format!("{} {:?}", state.visits, state.best)))
}

async fn forget_the_best(turn: Turn) -> Result {
    turn.persistent::<Renamed>().await?.best = None;
    Ok(Response::new())
}

async fn table_with(stored: Json) -> Counted {
    let table = Counted::default();
    let save = Save {
        key: &Key::from("u"),
        read: &Item::default(),
        attributes: &to_attributes(&stored).unwrap(),
        request_id: "old",
    };
    table.save(save).await.unwrap();
    table
}

fn user(table: &Counted) -> Conversation {
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_intent("Forget", forget_the_best)
        .on_launch(visit);
    Conversation::with(skill.build().unwrap()).user("u")
}

async fn stored(table: &Counted) -> Attributes {
    table.load(&Key::from("u")).await.unwrap().attributes
}

#[tokio::test]
async fn a_field_is_read_under_its_former_name_and_moves_with_the_next_write() {
    let table = table_with(json!({"count": 4, "champion": "Ada", "theirs": true})).await;
    let mut user = user(&table);
    for visits in 5..8 {
        let answer = user.launch().await.unwrap();
        assert_eq!(answer.speech(), format!(r#"{visits} Some("Ada")"#));
    }
    let moved = json!({"visits": 7, "best": "Ada", "theirs": true});
    assert_eq!(stored(&table).await, to_attributes(&moved).unwrap());
}

#[tokio::test]
async fn the_new_name_counts_where_both_are_there() {
    let table = table_with(json!({"n": 1, "count": 4, "visits": 9})).await;
    assert_eq!(user(&table).launch().await.unwrap().speech(), "10 None");
    let names: Vec<String> = stored(&table).await.into_keys().collect();
    assert_eq!(names, ["visits"]);
}

#[tokio::test]
async fn of_two_former_names_one_is_read() {
    let table = table_with(json!({"n": 1, "count": 4})).await;
    let mut user = user(&table);
    assert_eq!(user.launch().await.unwrap().speech(), "5 None");
    assert_eq!(user.launch().await.unwrap().speech(), "6 None");
}

#[tokio::test]
async fn a_value_that_is_taken_away_does_not_come_back_under_its_former_name() {
    let table = table_with(json!({"visits": 1, "champion": "Ada"})).await;
    let mut user = user(&table);
    user.intent("Forget", []).await.unwrap();
    assert_eq!(user.launch().await.unwrap().speech(), "2 None");
}

#[tokio::test]
async fn a_turn_that_only_reads_moves_nothing() {
    async fn look(turn: Turn) -> Result {
        let visits = turn.persistent::<Renamed>().await?.visits;
        Ok(Response::new().speak(visits.to_string()))
    }
    let table = table_with(json!({"count": 4})).await;
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(look);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    assert_eq!(user.launch().await.unwrap().speech(), "4");
    assert_eq!(stored(&table).await["count"], Value::from(4));
}

#[tokio::test]
async fn a_null_under_the_former_name_is_no_value() {
    let table = table_with(json!({"count": null})).await;
    let mut user = user(&table);
    assert_eq!(user.launch().await.unwrap().speech(), "1 None");
    assert_eq!(user.launch().await.unwrap().speech(), "2 None");
}

#[tokio::test]
async fn what_the_view_does_not_know_moves_along() {
    #[derive(Default, Serialize, Deserialize)]
    struct Game {
        level: u32,
    }
    #[derive(Default, Serialize, Deserialize)]
    struct State {
        #[serde(alias = "oldGame")]
        game: Game,
    }
    async fn climb(turn: Turn) -> Result {
        turn.persistent::<State>().await?.game.level += 1;
        Ok(Response::new())
    }
    let table = table_with(json!({"oldGame": {"level": 1, "theirs": [true]}})).await;
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(climb);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    user.launch().await.unwrap();
    let moved = json!({"game": {"level": 2, "theirs": [true]}});
    assert_eq!(stored(&table).await, to_attributes(&moved).unwrap());
}

/// serde reads an alias at any depth, and only the fields of the state itself move.
#[tokio::test]
async fn a_state_that_could_not_be_read_again_is_not_saved() {
    #[derive(Default, Serialize, Deserialize)]
    struct Game {
        #[serde(alias = "stage")]
        level: u32,
    }
    #[derive(Default, Serialize, Deserialize)]
    struct State {
        game: Game,
    }
    async fn climb(turn: Turn) -> Result {
        turn.persistent::<State>().await?.game.level += 1;
        Ok(Response::new())
    }
    let old = json!({"game": {"stage": 1}});
    let table = table_with(old.clone()).await;
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(climb);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    let error = user.launch().await.unwrap_err().to_string();
    assert!(
        error.contains("the field `level` is there twice"),
        "{error}"
    );
    assert_eq!(stored(&table).await, to_attributes(&old).unwrap());
}

#[tokio::test]
async fn a_null_is_absent_for_the_field_that_cannot_hold_it_and_for_no_other() {
    #[derive(Serialize, Deserialize)]
    struct Player {
        lives: u32,
        name: String,
        team: Option<String>,
    }
    impl Default for Player {
        fn default() -> Self {
            Player {
                lives: 3,
                name: "stranger".into(),
                team: Some("red".into()),
            }
        }
    }
    async fn look(turn: Turn) -> Result {
        let player = turn.persistent::<Player>().await?;
        let Player { lives, name, team } = &*player;
        Ok(Response::new().speak(format!("{lives} {name:?} {team:?}")))
    }
    let table = table_with(json!({"lives": null, "name": null, "team": null})).await;
    let skill = Skill::builder(SKILL_ID).persistence(table).on_launch(look);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    assert_eq!(user.launch().await.unwrap().speech(), r#"3 "" None"#);
}
