//! A skill that tells facts about DynamoDB: a few a day, none twice until all were heard.

mod collection;
mod language;

// ANCHOR: state
use alexa_skill::{Error, FromTurn, Persistent, Response, Result, Skill, SkillBuilder, Turn};
use collection::{FACTS, Fact};
use language::Language;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the skill remembers of a listener.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Listener {
    /// The ids of the facts heard in each language since all of them were heard last.
    heard: BTreeMap<Language, BTreeSet<String>>,
    /// The day of the last fact, such as `2026-03-14`.
    day: String,
    heard_that_day: u32,
}
// ANCHOR_END: state

// ANCHOR: skill
/// The skill's id on your machine. On Lambda, the template sets another in `SKILL_ID`.
pub const SKILL_ID: &str = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000";

/// How many facts a listener hears a day, in all languages together.
pub const DAILY_LIMIT: u32 = 5;

/// The skill, still without a memory.
pub fn skill() -> SkillBuilder {
    let id = std::env::var("SKILL_ID").unwrap_or(SKILL_ID.into());
    Skill::builder(id)
        .on_launch(fact)
        .on_intent("FactIntent", fact)
        .on_intent("AMAZON.YesIntent", fact)
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

// ANCHOR: fact
async fn fact(
    Date(date): Date,
    language: Language,
    mut listener: Persistent<Listener>,
) -> Response {
    listener.begin_day(date.as_deref());
    if listener.heard_that_day >= DAILY_LIMIT {
        return Response::tell(language.come_back_tomorrow(DAILY_LIMIT));
    }
    let Some(fact) = listener.next_fact(language) else {
        return Response::tell(language.no_facts());
    };
    let text = fact.text(language);
    if listener.heard_that_day == DAILY_LIMIT {
        return Response::tell(format!("{text} {}", language.last_of_the_day()));
    }
    let another = language.another();
    Response::ask(format!("{text} {another}")).reprompt(another)
}
// ANCHOR_END: fact

// ANCHOR: day
impl Listener {
    /// Counts from nothing on a new day. A request without a date, or one that comes late, counts
    /// for the day that is remembered, so neither lifts the limit.
    fn begin_day(&mut self, date: Option<&str>) {
        // ISO dates sort as text.
        if let Some(date) = date.filter(|date| *date > self.day.as_str()) {
            self.day = date.to_owned();
            self.heard_that_day = 0;
        }
    }
    // ANCHOR_END: day

    // ANCHOR: next
    /// The first fact that was not heard in `language`; the first of all once every one was.
    fn next_fact(&mut self, language: Language) -> Option<&'static Fact> {
        let heard = self.heard.entry(language).or_default();
        if FACTS.iter().all(|fact| heard.contains(fact.id)) {
            heard.clear();
        }
        let fact = FACTS.iter().find(|fact| !heard.contains(fact.id))?;
        heard.insert(fact.id.to_owned());
        self.heard_that_day += 1;
        Some(fact)
    }
    // ANCHOR_END: next
}

// ANCHOR: date
/// The date of a request, such as `2026-03-14`.
struct Date(Option<String>);

impl FromTurn for Date {
    async fn from_turn(turn: &Turn) -> Result<Date> {
        Ok(Date(date(&turn.request().timestamp).map(str::to_owned)))
    }
}

/// The date in a timestamp such as `2026-03-14T15:09:26Z`, which is UTC.
fn date(timestamp: &str) -> Option<&str> {
    let (date, _) = timestamp.split_once('T')?;
    let digits_and_dashes = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    (date.len() == 10 && date.bytes().enumerate().all(digits_and_dashes)).then_some(date)
}
// ANCHOR_END: date

async fn help(language: Language) -> Response {
    let question = language.shall_i();
    Response::ask(format!("{} {question}", language.help(DAILY_LIMIT))).reprompt(question)
}

async fn goodbye(language: Language) -> &'static str {
    language.goodbye()
}

async fn sorry(_: Error, language: Language) -> &'static str {
    language.sorry()
}

#[cfg(test)]
mod tests;
