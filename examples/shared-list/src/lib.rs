//! A skill that keeps one list for a household, whichever device it is told on.

mod list;

// ANCHOR: state
use alexa_skill::{Error, Persistent, Response, Session, Skill, SkillBuilder, Slots};
use list::{Added, List, MAX_ITEMS, MAX_LENGTH};
use serde::{Deserialize, Serialize};

/// What the skill remembers until the session ends, beside the [`List`] that it keeps.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Reading {
    /// The number of the last item that was read, while there are more.
    after: Option<u32>,
}
// ANCHOR_END: state

// ANCHOR: skill
/// The skill's id on your machine. On Lambda, the template sets another in `SKILL_ID`.
pub const SKILL_ID: &str = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000";

/// How many items are read before the skill asks whether to go on.
const PAGE: usize = 5;

/// The skill, still without a memory.
pub fn skill() -> SkillBuilder {
    let id = std::env::var("SKILL_ID").unwrap_or(SKILL_ID.into());
    Skill::builder(id)
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
async fn welcome(list: Persistent<List>) -> Response {
    ask(match list.items.len() {
        0 => "Your list is empty.".to_owned(),
        1 => "There is 1 thing on your list.".to_owned(),
        count => format!("There are {count} things on your list."),
    })
}
// ANCHOR_END: welcome

// ANCHOR: named
/// What the user named, one thing or several: the slot of an AddIntent and a RemoveIntent.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    items: Vec<String>,
}
// ANCHOR_END: named

// ANCHOR: add
async fn add(
    Slots(named): Slots<Named>,
    mut list: Persistent<List>,
    mut reading: Session<Reading>,
) -> Response {
    reading.after = None;
    if named.items.is_empty() {
        return ask("I did not hear what to add. Say, for example: add milk.");
    }
    let (mut added, mut present, mut full, mut long) = (vec![], vec![], vec![], 0);
    for name in named.items {
        match list.add(&name) {
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
    ask(said.join(" "))
}
// ANCHOR_END: add

// ANCHOR: remove
async fn remove(
    Slots(named): Slots<Named>,
    mut list: Persistent<List>,
    mut reading: Session<Reading>,
) -> Response {
    reading.after = None;
    if named.items.is_empty() {
        return ask("I did not hear what to remove. Say, for example: remove milk.");
    }
    let (removed, unknown): (Vec<String>, Vec<String>) =
        named.items.into_iter().partition(|name| list.remove(name));
    let mut said = Vec::new();
    if !removed.is_empty() {
        said.push(format!("Removed: {}.", joined(&removed)));
    }
    if !unknown.is_empty() {
        said.push(format!("Not on the list: {}.", joined(&unknown)));
    }
    ask(said.join(" "))
}
// ANCHOR_END: remove

// ANCHOR: read
async fn read(list: Persistent<List>, mut reading: Session<Reading>) -> Response {
    reading.page(&list, 0)
}

async fn read_on(list: Persistent<List>, mut reading: Session<Reading>) -> Response {
    match reading.after {
        Some(after) => reading.page(&list, after),
        None => ask("I am not reading the list."),
    }
}

impl Reading {
    /// Reads the next items after the one numbered `after`.
    fn page(&mut self, list: &List, after: u32) -> Response {
        let mut left = list.items.iter().filter(|item| item.number > after);
        let page: Vec<_> = left.by_ref().take(PAGE).collect();
        let left = left.count();
        self.after = page.last().filter(|_| left > 0).map(|last| last.number);

        let names: Vec<String> = page.iter().map(|item| item.name.clone()).collect();
        let names = joined(&names);
        match (page.is_empty(), left) {
            (true, _) if list.items.is_empty() => ask("Your list is empty."),
            (true, _) => ask("There is nothing more on your list."),
            (false, 0) => ask(format!("{names}. That is all.")),
            (false, _) => Response::ask(format!("{names}. {left} more. Shall I go on?"))
                .reprompt("Shall I go on?"),
        }
    }
}
// ANCHOR_END: read

async fn help(mut reading: Session<Reading>) -> Response {
    reading.after = None;
    ask(
        "I keep one list for everybody at home, on every device. You can say: add milk and bread, \
         remove milk, or read the list.",
    )
}

async fn goodbye() -> &'static str {
    "See you next time."
}

async fn sorry(_: Error) -> &'static str {
    "Sorry, I cannot get at your list right now. Please try again later."
}

/// "milk, bread and eggs".
fn joined(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        [names @ .., last] => format!("{} and {last}", names.join(", ")),
    }
}

fn ask(said: impl AsRef<str>) -> Response {
    let said = said.as_ref();
    Response::ask(format!("{said} What shall I do?"))
        .reprompt("Say add or remove and what, or read the list.")
}

#[cfg(test)]
mod tests;
