//! A skill that counts your visits.

// ANCHOR: state
use alexa_skill::{Error, Persistent, Response, Skill, SkillBuilder};
use serde::{Deserialize, Serialize};

/// What the skill remembers of a user.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}
// ANCHOR_END: state

// ANCHOR: skill
/// The skill's id on your machine. On Lambda, the template sets another in `SKILL_ID`.
pub const SKILL_ID: &str = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000";

/// The skill, still without a memory.
pub fn skill() -> SkillBuilder {
    let id = std::env::var("SKILL_ID").unwrap_or(SKILL_ID.into());
    Skill::builder(id)
        .on_launch(welcome)
        .on_intent("VisitsIntent", visits)
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
async fn welcome(mut visits: Persistent<Visits>) -> String {
    visits.count += 1;
    match visits.count {
        1 => "Welcome! This is your first visit.".into(),
        count => format!("Welcome back! This is visit {count}."),
    }
}
// ANCHOR_END: welcome

// ANCHOR: visits
async fn visits(visits: Persistent<Visits>) -> String {
    match visits.count {
        1 => "You have been here once.".into(),
        count => format!("You have been here {count} times."),
    }
}
// ANCHOR_END: visits

// ANCHOR: help
async fn help() -> Response {
    Response::ask("I count your visits. Ask me how often you have been here.")
        .reprompt("Ask me how often you have been here, or say stop.")
}

async fn goodbye() -> &'static str {
    "See you next time."
}
// ANCHOR_END: help

// ANCHOR: sorry
async fn sorry(_: Error) -> &'static str {
    "Sorry, I cannot remember your visits right now. Please try again later."
}
// ANCHOR_END: sorry

#[cfg(test)]
mod tests;
