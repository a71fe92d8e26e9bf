//! A state is what serde makes of it: each of serde's features, through whole turns.
//!
//! A state is set, read in a new turn, changed and taken back, and what other programs put on the
//! item stays.

mod cases;
mod generated;
mod states;

use alexa_skill::persistence::dynamodb::DynamoDb;
use std::fmt::Debug;

use alexa_skill::attributes::{Attributes, to_attributes};
use alexa_skill::persistence::memory::Memory;
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, Save};
use alexa_skill::{Response, Result, Skill, Turn};
use local_dynamodb::LocalDynamoDb;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use simulator::Conversation;

use crate::SKILL_ID;

/// A type that uses a feature of serde.
trait Feature: Serialize + DeserializeOwned + Default + Debug + PartialEq + Send + 'static {
    /// Which attributes of other programs the type bears on its item.
    const OTHERS: Others;

    /// States that differ from the default and from each other.
    fn states() -> Vec<Self>;
}

#[derive(Clone, Copy, PartialEq)]
enum Others {
    /// They may be there before the skill is.
    First,
    /// The type does not read an item without attributes of its own.
    Later,
    /// The type reads them as its own, or refuses them.
    Never,
}

/// The type's states, and the default after them.
fn all<T: Feature>() -> Vec<T> {
    let mut states = T::states();
    states.push(T::default());
    states
}

async fn put<T: Feature>(turn: Turn) -> Result<Response> {
    let index: usize = turn.slot("state").unwrap().parse().unwrap();
    let mut state = turn.persistent::<T>().await?;
    *state = all().swap_remove(index);
    Ok(Response::new())
}

async fn get<T: Feature>(turn: Turn) -> Result<Response> {
    let state = turn.persistent::<T>().await?;
    let index = all::<T>().iter().position(|one| *one == *state);
    let said = index.map_or(format!("another: {:?}", *state), |index| index.to_string());
    Ok(Response::new().speak(said))
}

fn others() -> Attributes {
    to_attributes(&json!({"theirs": {"deep": [1, null, "x"]}, "zz other": "kept"})).unwrap()
}

async fn load(table: &impl PersistenceAdapter, user: &str) -> Item {
    table.load(&Key::from(user)).await.unwrap()
}

/// Puts attributes on the user's item, beside what is there.
async fn add(table: &impl PersistenceAdapter, user: &str, attributes: Attributes) {
    let read = load(table, user).await;
    let mut all = read.attributes.clone();
    all.extend(attributes);
    let key = Key::from(user);
    let save = Save {
        key: &key,
        read: &read,
        attributes: &all,
        request_id: "another program",
    };
    table.save(save).await.unwrap();
}

fn talk<T: Feature>(table: &(impl PersistenceAdapter + Clone), user: &str) -> Conversation {
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_intent("Put", put::<T>)
        .on_intent("Get", get::<T>);
    Conversation::with(skill.build().unwrap()).user(user)
}

/// Goes from state to state in `order`, and reports the first step that fails.
async fn walk<T: Feature>(
    table: &(impl PersistenceAdapter + Clone),
    user: &str,
    order: &[usize],
) -> Result<(), String> {
    let mut alexa = talk::<T>(table, user);
    if T::OTHERS == Others::First {
        add(table, user, others()).await;
    }
    for (step, state) in order.iter().enumerate() {
        let shown = || format!("step {step}, to {:?}", all::<T>()[*state]);
        let failed = |error| format!("{}: {error}", shown());
        let slot = [("state", &*state.to_string())];
        alexa.intent("Put", slot).await.map_err(failed)?;
        if step == 0 && T::OTHERS == Others::Later {
            add(table, user, others()).await;
        }
        let answer = alexa.intent("Get", []).await.map_err(failed)?;
        if answer.speech() != state.to_string() {
            return Err(format!("{}: read {}", shown(), answer.speech()));
        }
        let kept = load(table, user).await.attributes;
        let expected = others();
        let is_kept = |(name, value)| kept.get(name) == Some(value);
        if T::OTHERS != Others::Never && !expected.iter().all(is_kept) {
            return Err(format!("{}: lost others' attributes: {kept:?}", shown()));
        }
    }
    Ok(())
}

/// An order in which each state follows each other one.
fn each_after_each(states: usize) -> Vec<usize> {
    let pairs = (0..states).flat_map(|one| (0..states).map(move |other| [one, other]));
    pairs
        .filter(|[one, other]| one != other)
        .flatten()
        .collect()
}

macro_rules! walk_all {
    ($table:expr, $order:expr; $($module:ident: $($type:ident)*;)*) => {{
        let mut failed = Vec::new();
        $($({
            let name = concat!(stringify!($module), "::", stringify!($type));
            let order = $order(all::<states::$module::$type>().len());
            let walked = walk::<states::$module::$type>($table, name, &order).await;
            failed.extend(walked.err().map(|error| format!("{name}: {error}")));
        })*)*
        failed
    }};
    ($table:expr, $order:expr) => {
        walk_all! { $table, $order;
            names: Rename RenameAll Alias Skip SkipIf Deny;
            defaults: OfFields OfContainer OfFunction;
            flat: OfStruct OfMap OfOption OfExternal OfInternal OfAdjacent OfUntagged;
            enums: External Internal Adjacent Untagged Inside;
            shapes: Newtype Inner Transparent Map Pairs;
            conversions: FromInto Checked Remote With Nested;
            values: Keys Bytes Sets Wide Various Floats;
        }
    };
}

#[tokio::test]
async fn every_feature_of_serde_keeps_a_state_in_memory() {
    let failed = walk_all!(&Memory::new(), each_after_each);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[tokio::test]
async fn every_feature_of_serde_keeps_a_state_in_dynamodb() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let failed = walk_all!(&table, |states| (0..states).collect::<Vec<_>>());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// What a user's item holds after the skill's `intent`, if it answers.
async fn after<T: Feature>(stored: Json, state: usize) -> Result<Attributes, String> {
    let table = Memory::new();
    add(&table, "u", to_attributes(&stored).unwrap()).await;
    let mut alexa = talk::<T>(&table, "u");
    let slot = [("state", &*state.to_string())];
    let answer = alexa.intent("Put", slot).await;
    answer.map_err(|error| error.to_string())?;
    Ok(load(&table, "u").await.attributes)
}

/// Which state a skill reads from `stored`.
async fn read<T: Feature>(stored: Json) -> String {
    let table = Memory::new();
    add(&table, "u", to_attributes(&stored).unwrap()).await;
    match talk::<T>(&table, "u").intent("Get", []).await {
        Ok(answer) => answer.speech().to_owned(),
        Err(error) => error.to_string(),
    }
}
