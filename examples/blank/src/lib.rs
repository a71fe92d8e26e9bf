//! A skill to begin with: it asks for your favorite color, and remembers it.

// ANCHOR: state
use alexa_skill::{Error, Persistent, Response, Skill, SkillBuilder, Slots};
use serde::{Deserialize, Serialize};

/// What the skill remembers of a user.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Favorite {
    color: Option<String>,
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
        .on_intent("ColorIntent", remember)
        .on_intent("AMAZON.HelpIntent", help)
        .on_intent("AMAZON.FallbackIntent", help)
        .on_intent("AMAZON.StopIntent", goodbye)
        .on_intent("AMAZON.CancelIntent", goodbye)
        .on_intent("AMAZON.NavigateHomeIntent", goodbye)
        .fallback(help)
        .on_error(sorry)
}
// ANCHOR_END: skill

// ANCHOR: handlers
async fn welcome(favorite: Persistent<Favorite>) -> Response {
    match &favorite.color {
        Some(color) => Response::tell(format!("Welcome back! Your favorite color is {color}.")),
        None => Response::ask("Welcome! What is your favorite color?").reprompt(QUESTION),
    }
}

/// The slots of a ColorIntent.
#[derive(Deserialize)]
struct Named {
    color: Option<String>,
}

async fn remember(Slots(named): Slots<Named>, mut favorite: Persistent<Favorite>) -> Response {
    let Some(color) = named.color else {
        return Response::ask("I did not hear a color. What is it?").reprompt(QUESTION);
    };
    let answer = Response::tell(format!("I will remember {color}."));
    favorite.color = Some(color);
    answer
}

async fn help() -> Response {
    Response::ask("I remember your favorite color. Which one is it?").reprompt(QUESTION)
}

async fn goodbye() -> &'static str {
    "See you next time."
}

async fn sorry(_: Error) -> &'static str {
    "Sorry, I cannot remember anything right now. Please try again later."
}

const QUESTION: &str = "Tell me your favorite color, or say stop.";
// ANCHOR_END: handlers

#[cfg(test)]
mod tests;
