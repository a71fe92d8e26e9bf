//! Any state of a type that combines many features comes back, turn after turn.

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;
use std::time::Duration;

use alexa_skill::attributes::Number;
use alexa_skill::persistence::memory::Memory;
use alexa_skill::{Response, Result, Skill, Turn};
use proptest::collection::{btree_map, hash_set, vec};
use proptest::option;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use simulator::Conversation;

use super::{add, load, others};
use crate::SKILL_ID;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct State {
    #[serde(rename = "n", alias = "oldCount")]
    count: u32,
    best_score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    moves: Vec<Move>,
    by_round: BTreeMap<u32, Game>,
    by_name: BTreeMap<String, (i8, char)>,
    heard: HashSet<u64>,
    wide: i128,
    played: Duration,
    games: Vec<Game>,
    #[serde(flatten)]
    bounds: Bounds,
    #[serde(flatten)]
    mode: Mode,
    #[serde(flatten)]
    last: Option<Last>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Move {
    Pass,
    To(u8),
    Swap(u8, u8),
    Say { words: Vec<String> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Game {
    Idle,
    Playing { low: u8, high: u8 },
    Won(Bounds),
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Bounds {
    lowest: i32,
    highest: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Mode {
    Easy { hints: u8 },
    Hard(Vec<u8>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Last {
    last_word: String,
    last_color: Option<bool>,
}

/// Differs from what serde would make of each field.
impl Default for State {
    fn default() -> Self {
        State {
            count: 7,
            best_score: Some(0.5),
            name: None,
            moves: vec![],
            by_round: [(1, Game::Idle)].into(),
            by_name: [("stranger".to_owned(), (1, 'x'))].into(),
            heard: HashSet::from([1]),
            wide: -1,
            played: Duration::from_secs(1),
            games: vec![Game::Idle],
            bounds: Bounds::default(),
            mode: Mode::Easy { hints: 3 },
            last: None,
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    ".{0,6}"
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        Just(Move::Pass),
        any::<u8>().prop_map(Move::To),
        any::<(u8, u8)>().prop_map(|(one, other)| Move::Swap(one, other)),
        vec(text(), 0..3).prop_map(|words| Move::Say { words }),
    ]
}

fn bounds() -> impl Strategy<Value = Bounds> {
    any::<(i32, u64)>().prop_map(|(lowest, highest)| Bounds { lowest, highest })
}

fn game() -> impl Strategy<Value = Game> {
    prop_oneof![
        Just(Game::Idle),
        any::<(u8, u8)>().prop_map(|(low, high)| Game::Playing { low, high }),
        bounds().prop_map(Game::Won),
    ]
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![
        any::<u8>().prop_map(|hints| Mode::Easy { hints }),
        vec(any::<u8>(), 0..4).prop_map(Mode::Hard),
    ]
}

fn last() -> impl Strategy<Value = Last> {
    let last = (text(), any::<Option<bool>>());
    last.prop_map(|(last_word, last_color)| Last {
        last_word,
        last_color,
    })
}

fn state() -> impl Strategy<Value = State> {
    let in_range = |float: &f64| Number::try_from(*float).is_ok();
    let float = any::<f64>().prop_filter("DynamoDB's range", in_range);
    let plain = (
        any::<u32>(),
        option::of(float),
        option::of(text()),
        -(10i128.pow(38) - 1)..10i128.pow(38),
        any::<(u32, u32)>(),
    );
    let lists = (
        vec(moves(), 0..4),
        btree_map(any::<u32>(), game(), 0..3),
        btree_map(text(), any::<(i8, char)>(), 0..3),
        hash_set(any::<u64>(), 0..9),
        vec(game(), 0..4),
    );
    let flat = (bounds(), mode(), option::of(last()));
    (plain, lists, flat).prop_map(|(plain, lists, flat)| {
        let (count, best_score, name, wide, (seconds, nanos)) = plain;
        let (moves, by_round, by_name, heard, games) = lists;
        let (bounds, mode, last) = flat;
        State {
            count,
            best_score,
            name,
            moves,
            by_round,
            by_name,
            heard,
            wide,
            played: Duration::new(seconds.into(), nanos % 1_000_000_000),
            games,
            bounds,
            mode,
            last,
        }
    })
}

/// The state that the next turn puts, or that the last one got: JSON would round its floats.
static STATE: Mutex<Option<State>> = Mutex::new(None);

async fn put(turn: Turn) -> Result<Response> {
    let mut state = turn.persistent::<State>().await?;
    *state = STATE.lock().unwrap().take().unwrap();
    Ok(Response::new())
}

async fn get(turn: Turn) -> Result<Response> {
    let state = turn.persistent::<State>().await?;
    *STATE.lock().unwrap() = Some(state.clone());
    Ok(Response::new())
}

#[test]
fn any_state_comes_back_in_any_order_of_states() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let table = Memory::new();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_intent("Put", put)
        .on_intent("Get", get)
        .build()
        .unwrap();
    let config = ProptestConfig {
        cases: 48,
        failure_persistence: None,
        rng_seed: prop::test_runner::RngSeed::Fixed(20_261_128),
        ..ProptestConfig::default()
    };
    let users = std::cell::Cell::new(0);
    proptest!(config, |(states in vec(state(), 1..5))| {
        users.set(users.get() + 1);
        let user = format!("user {}", users.get());
        let mut alexa = Conversation::with(skill.clone()).user(&user);
        for (index, expected) in states.iter().chain([&State::default()]).enumerate() {
            *STATE.lock().unwrap() = Some(expected.clone());
            let put = runtime.block_on(alexa.intent("Put", []));
            prop_assert!(put.is_ok(), "{}", put.unwrap_err());
            if index == 0 {
                runtime.block_on(add(&table, &user, others()));
            }
            runtime.block_on(alexa.intent("Get", [])).unwrap();
            let read = STATE.lock().unwrap().take();
            prop_assert_eq!(read.as_ref(), Some(expected));
            let kept = runtime.block_on(load(&table, &user)).attributes;
            prop_assert!(others().iter().all(|(name, value)| kept.get(name) == Some(value)));
        }
    });
}
