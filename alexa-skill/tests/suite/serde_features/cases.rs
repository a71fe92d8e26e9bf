//! What others have met, each case as it was reported, and then its kind.

use std::collections::BTreeMap;

use alexa_skill::attributes::{Attributes, to_attributes};
use alexa_skill::persistence::memory::Memory;
use alexa_skill::{Response, Result, Skill, Turn};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use simulator::Conversation;

use super::states::{enums, names};
use super::{Feature, Others, after, load, read, walk};
use crate::SKILL_ID;

fn attributes(json: Json) -> Attributes {
    to_attributes(&json).unwrap()
}

/// E1, serde_dynamo 27.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Data {
    Alpha(String),
    Zeta(Vec<u8>),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct WithData {
    id: u32,
    #[serde(flatten)]
    data: Data,
}

impl Default for WithData {
    fn default() -> Self {
        WithData {
            id: 0,
            data: Data::Alpha(String::new()),
        }
    }
}

impl Feature for WithData {
    const OTHERS: Others = Others::Later;
    fn states() -> Vec<Self> {
        let zeta = |list: &[u8]| Data::Zeta(list.into());
        vec![
            WithData {
                id: 1,
                data: zeta(&[1, 2]),
            },
            WithData {
                id: 1,
                data: zeta(&[2, 1]),
            },
            WithData {
                id: 1,
                data: Data::Alpha("x".into()),
            },
        ]
    }
}

#[tokio::test]
async fn e1_a_flattened_variant_that_is_not_the_defaults_is_read_again() {
    walk::<WithData>(&Memory::new(), "u", &[0, 1, 2, 0, 3, 1])
        .await
        .unwrap();
    let theirs = json!({"Zeta": [1, 2], "id": 1});
    assert_eq!(read::<WithData>(theirs.clone()).await, "0");
    let changed = after::<WithData>(theirs, 2).await.unwrap();
    assert_eq!(changed, attributes(json!({"Alpha": "x", "id": 1})));
}

/// E3, serde_dynamodb 122.
#[tokio::test]
async fn e3_an_enum_as_the_whole_state_changes_its_variant() {
    walk::<enums::External>(&Memory::new(), "u", &[0, 1, 2, 3, 0])
        .await
        .unwrap();
    let idle = json!({"Idle": {"visits": 3}});
    assert_eq!(read::<enums::External>(idle.clone()).await, "1");
    let playing = after::<enums::External>(idle, 0).await.unwrap();
    let expected = json!({"Playing": {"low": 1, "high": 9, "name": null}});
    assert_eq!(playing, attributes(expected));
}

/// E4, serde 1504, 1976 and 2341.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Moved {
    #[serde(alias = "oldCount", default)]
    count: u32,
    #[serde(flatten)]
    rest: BTreeMap<String, Json>,
}

impl Feature for Moved {
    const OTHERS: Others = Others::Never;
    fn states() -> Vec<Self> {
        let rest: BTreeMap<String, Json> = [("x".to_owned(), json!(1))].into();
        [41, 42, 0]
            .map(|count| Moved {
                count,
                rest: rest.clone(),
            })
            .into()
    }
}

#[tokio::test]
async fn e4_a_former_name_beside_a_flattened_map_is_read_and_moves() {
    let stored = json!({"oldCount": 41, "x": 1});
    assert_eq!(read::<Moved>(stored.clone()).await, "0");
    let moved = after::<Moved>(stored, 1).await.unwrap();
    assert_eq!(moved, attributes(json!({"count": 42, "x": 1})));
}

#[tokio::test]
async fn e4_a_former_name_with_the_defaults_value_moves_too() {
    let stored = json!({"oldCount": 0, "x": 1});
    assert_eq!(read::<Moved>(stored.clone()).await, "2");
    let moved = after::<Moved>(stored, 1).await.unwrap();
    assert_eq!(moved, attributes(json!({"count": 42, "x": 1})));
}

#[tokio::test]
async fn e4_a_former_name_without_anything_flattened_moves() {
    for old in [0, 41] {
        let stored = json!({"oldCount": old, "theirs": {"deep": true}});
        let moved = after::<names::Alias>(stored, 1).await.unwrap();
        let expected = json!({"count": 2, "theirs": {"deep": true}});
        assert_eq!(moved, attributes(expected));
    }
}

/// E5, serde 1183: serde buffers a tagged enum, and has no number keys then.
#[tokio::test]
async fn e5_number_keys_in_a_tagged_enum_fail_before_anything_is_saved() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Tagged {
        Scores { by_round: BTreeMap<u32, u8> },
    }
    impl Default for Tagged {
        fn default() -> Self {
            let by_round = BTreeMap::new();
            Tagged::Scores { by_round }
        }
    }
    impl Feature for Tagged {
        const OTHERS: Others = Others::Later;
        fn states() -> Vec<Self> {
            let by_round = [(1, 2)].into();
            vec![Tagged::Scores { by_round }]
        }
    }
    let stored = json!({"kind": "Scores", "by_round": {}});
    let error = after::<Tagged>(stored, 0).await.unwrap_err();
    assert!(error.contains("expected u32"), "{error}");
}

#[tokio::test]
async fn an_option_in_an_option_is_refused_by_name_and_nothing_is_saved() {
    #[derive(Debug, Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Player {
        token: Option<Option<u8>>,
        unit: Option<()>,
    }
    #[derive(Debug, Default, Serialize, Deserialize)]
    #[serde(default)]
    struct State {
        players: Vec<Player>,
    }
    async fn nest(turn: Turn) -> Result<Response> {
        let mut state = turn.persistent::<State>().await?;
        let token = Some(None);
        state.players = vec![Player::default(), Player { token, unit: None }];
        Ok(Response::new())
    }
    async fn unit(turn: Turn) -> Result<Response> {
        let mut state = turn.persistent::<State>().await?;
        let unit = Some(());
        state.players = vec![Player {
            token: Some(Some(1)),
            unit,
        }];
        Ok(Response::new())
    }
    let table = Memory::new();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_intent("Nest", nest)
        .on_intent("Unit", unit);
    let mut alexa = Conversation::with(skill.build().unwrap()).user("u");
    for (intent, place) in [
        ("Nest", "`players[1].token`"),
        ("Unit", "`players[0].unit`"),
    ] {
        let error = alexa.intent(intent, []).await.unwrap_err().to_string();
        assert!(error.contains(place) && error.contains("NULL"), "{error}");
    }
    assert_eq!(load(&table, "u").await.attributes, Attributes::new());
}

#[tokio::test]
async fn an_error_names_the_place_and_no_value() {
    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Player {
        score: u32,
    }
    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct State {
        players: Vec<Player>,
    }
    impl Feature for State {
        const OTHERS: Others = Others::First;
        fn states() -> Vec<Self> {
            vec![]
        }
    }
    for wrong in [
        json!("private"),
        json!(-5_000_017),
        json!([5_000_017]),
        json!({"private": 1}),
    ] {
        let error = read::<State>(json!({"players": [{"score": wrong}]})).await;
        assert!(error.contains("`players[0].score`"), "{error}");
        assert!(
            !error.contains("private") && !error.contains("5000017"),
            "{error}"
        );
    }
}
