//! What a table holds that another version of the skill wrote: former names of fields, and nulls.

use alexa_skill::attributes::{Attributes, Value, to_attributes};
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, Save};
use alexa_skill::{Persistent, Skill};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use simulator::Conversation;

use crate::{Counted, SKILL_ID};

/// `visits` was once called `count`, and before that `n`.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Renamed {
    #[serde(alias = "count", alias = "n")]
    visits: u32,
    #[serde(alias = "champion", skip_serializing_if = "Option::is_none")]
    best: Option<String>,
}

async fn visit(mut state: Persistent<Renamed>) -> String {
    state.visits += 1;
    format!("{} {:?}", state.visits, state.best)
}

async fn forget_the_best(mut state: Persistent<Renamed>) {
    state.best = None;
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
async fn a_field_under_two_of_its_names_is_an_error_and_stays_as_it_is() {
    for both in [
        json!({"count": 4, "visits": 9}),
        json!({"n": 1, "count": 4}),
    ] {
        let table = table_with(both.clone()).await;
        let error = user(&table).launch().await.unwrap_err().to_string();
        assert!(
            error.contains("the field `visits` is there twice"),
            "{error}"
        );
        assert_eq!(stored(&table).await, to_attributes(&both).unwrap());
    }
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
    async fn look(state: Persistent<Renamed>) -> String {
        state.visits.to_string()
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
    #[serde(default)]
    struct Game {
        level: u32,
    }
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct State {
        #[serde(alias = "oldGame")]
        game: Game,
    }
    async fn climb(mut state: Persistent<State>) {
        state.game.level += 1;
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

#[tokio::test]
async fn a_former_name_inside_of_a_struct_moves_too() {
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Game {
        #[serde(alias = "stage")]
        level: u32,
    }
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct State {
        game: Game,
    }
    async fn climb(mut state: Persistent<State>) {
        state.game.level += 1;
    }
    let table = table_with(json!({"game": {"stage": 1, "theirs": 2}})).await;
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(climb);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    user.launch().await.unwrap();
    let moved = json!({"game": {"level": 2, "theirs": 2}});
    assert_eq!(stored(&table).await, to_attributes(&moved).unwrap());
}

#[tokio::test]
async fn a_null_is_absent_for_the_field_that_cannot_hold_it_and_for_no_other() {
    #[derive(Serialize, Deserialize)]
    #[serde(default)]
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
    async fn look(player: Persistent<Player>) -> String {
        let Player { lives, name, team } = &*player;
        format!("{lives} {name:?} {team:?}")
    }
    let table = table_with(json!({"lives": null, "name": null, "team": null})).await;
    let skill = Skill::builder(SKILL_ID).persistence(table).on_launch(look);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    assert_eq!(user.launch().await.unwrap().speech(), r#"3 "" None"#);
}
