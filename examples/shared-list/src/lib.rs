//! A skill that keeps one list for a household, whichever device it is told on.

mod list;

// ANCHOR: state
use alexa_skill::envelope::Slot;
use alexa_skill::{Error, Response, Result, Skill, SkillBuilder, Turn, ssml};
use list::{Added, List, MAX_ITEMS, MAX_LENGTH};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the skill remembers until the session ends, beside the [`List`] that it keeps.
#[derive(Default, Serialize, Deserialize)]
struct Reading {
    /// The number of the last item that was read, while there are more.
    after: Option<u32>,
}
// ANCHOR_END: state

// ANCHOR: skill
/// The skill's id, from the developer console.
pub const SKILL_ID: &str = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000";

/// How many items are read before the skill asks whether to go on.
const PAGE: usize = 5;

/// The skill, still without a memory.
pub fn skill() -> SkillBuilder {
    Skill::builder(SKILL_ID)
        .forget_disabled_users()
        .on_launch(welcome)
        .on_intent("AddIntent", add)
        .on_intent("RemoveIntent", remove)
        .on_intent("ReadIntent", read)
        .on_intent("AMAZON.NextIntent", read_on)
        .on_intent("AMAZON.YesIntent", read_on)
        .on_intent("AMAZON.NoIntent", goodbye)
        .on_intent("AMAZON.HelpIntent", help)
        .on_intent("AMAZON.FallbackIntent", help)
        .on_intent("AMAZON.StopIntent", goodbye)
        .on_intent("AMAZON.CancelIntent", goodbye)
        .on_intent("AMAZON.NavigateHomeIntent", goodbye)
        .fallback(help)
        .on_error(sorry)
}
// ANCHOR_END: skill

// ANCHOR: welcome
async fn welcome(turn: Turn) -> Result {
    let count = turn.persistent::<List>().await?.items.len();
    Ok(ask(match count {
        0 => "Your list is empty.".to_owned(),
        1 => "There is 1 thing on your list.".to_owned(),
        _ => format!("There are {count} things on your list."),
    }))
}
// ANCHOR_END: welcome

// ANCHOR: add
async fn add(turn: Turn) -> Result {
    turn.session::<Reading>()?.after = None;
    let names = named(&turn);
    if names.is_empty() {
        return Ok(ask(
            "I did not hear what to add. Say, for example: add milk.",
        ));
    }
    let mut list = turn.persistent::<List>().await?;
    let (mut added, mut present, mut full, mut long) = (vec![], vec![], vec![], 0);
    for name in names {
        match list.add(name) {
            Added::Now => added.push(name),
            Added::Before => present.push(name),
            Added::NotAsFull => full.push(name),
            Added::NotAsLong => long += 1,
        }
    }
    let mut said = Vec::new();
    if !added.is_empty() {
        said.push(format!("Added: {}.", joined(&added)));
    }
    if !present.is_empty() {
        said.push(format!("Already on the list: {}.", joined(&present)));
    }
    if !full.is_empty() {
        let full = joined(&full);
        said.push(format!(
            "The list is full with {MAX_ITEMS} things, so I left out: {full}."
        ));
    }
    if long > 0 {
        said.push(format!("I leave out what has over {MAX_LENGTH} letters."));
    }
    Ok(ask(said.join(" ")))
}
// ANCHOR_END: add

// ANCHOR: remove
async fn remove(turn: Turn) -> Result {
    turn.session::<Reading>()?.after = None;
    let names = named(&turn);
    if names.is_empty() {
        return Ok(ask(
            "I did not hear what to remove. Say, for example: remove milk.",
        ));
    }
    let mut list = turn.persistent::<List>().await?;
    let (removed, unknown): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|name| list.remove(name));
    let mut said = Vec::new();
    if !removed.is_empty() {
        said.push(format!("Removed: {}.", joined(&removed)));
    }
    if !unknown.is_empty() {
        said.push(format!("Not on the list: {}.", joined(&unknown)));
    }
    Ok(ask(said.join(" ")))
}
// ANCHOR_END: remove

// ANCHOR: read
async fn read(turn: Turn) -> Result {
    page(&turn, 0).await
}

async fn read_on(turn: Turn) -> Result {
    let after = turn.session::<Reading>()?.after;
    match after {
        Some(after) => page(&turn, after).await,
        None => Ok(ask("I am not reading the list.")),
    }
}

/// Reads the next items after the one numbered `after`.
async fn page(turn: &Turn, after: u32) -> Result {
    let list = turn.persistent::<List>().await?;
    let mut left = list.items.iter().filter(|item| item.number > after);
    let page: Vec<_> = left.by_ref().take(PAGE).collect();
    let left = left.count();
    turn.session::<Reading>()?.after = page.last().filter(|_| left > 0).map(|last| last.number);

    let names: Vec<&str> = page.iter().map(|item| item.name.as_str()).collect();
    let names = joined(&names);
    Ok(match (page.is_empty(), left) {
        (true, _) if list.items.is_empty() => ask("Your list is empty."),
        (true, _) => ask("There is nothing more on your list."),
        (false, 0) => ask(format!("{names}. That is all.")),
        (false, _) => Response::new()
            .speak(format!("{names}. {left} more. Shall I go on?"))
            .reprompt("Shall I go on?"),
    })
}
// ANCHOR_END: read

async fn help(turn: Turn) -> Result {
    turn.session::<Reading>()?.after = None;
    Ok(ask(
        "I keep one list for everybody at home, on every device. You can say: add milk and bread, \
         remove milk, or read the list.",
    ))
}

async fn goodbye(_: Turn) -> Result {
    Ok(Response::new().speak("See you next time.").end_session())
}

async fn sorry(_: Turn, error: Arc<Error>) -> Result {
    eprintln!("{}: {error}", error.name());
    Ok(
        Response::new()
            .speak("Sorry, I cannot get at your list right now. Please try again later."),
    )
}

// ANCHOR: named
/// What the user named, one thing or several, without what is empty.
fn named(turn: &Turn) -> Vec<&str> {
    let intent = turn.request().intent().ok();
    let slot = intent.and_then(|intent| intent.slots.get("items"));
    let names = slot.map(Slot::values).unwrap_or_default();
    names
        .into_iter()
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect()
}
// ANCHOR_END: named

// ANCHOR: joined
/// "milk, bread and eggs", ready to be spoken.
fn joined(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| ssml::escape(name)).collect();
    match names.as_slice() {
        [] => String::new(),
        [name] => name.clone(),
        [names @ .., last] => format!("{} and {last}", names.join(", ")),
    }
}
// ANCHOR_END: joined

fn ask(said: impl AsRef<str>) -> Response {
    let said = said.as_ref();
    Response::new()
        .speak(format!("{said} What shall I do?"))
        .reprompt("Say add or remove and what, or read the list.")
}
