//! A skill that counts your visits.

// ANCHOR: state
use alexa_skill::{Error, Response, Result, Skill, SkillBuilder, Turn};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the skill remembers of a user.
#[derive(Default, Serialize, Deserialize)]
struct Visits {
    count: u32,
}
// ANCHOR_END: state

// ANCHOR: skill
/// The skill's id, from the developer console.
pub const SKILL_ID: &str = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000";

/// The skill, still without a memory.
pub fn skill() -> SkillBuilder {
    Skill::builder(SKILL_ID)
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
async fn welcome(turn: Turn) -> Result {
    let mut visits = turn.persistent::<Visits>().await?;
    visits.count += 1;
    Ok(match visits.count {
        1 => Response::new().speak("Welcome! This is your first visit."),
        count => Response::new().speak(format!("Welcome back! This is visit {count}.")),
    })
}
// ANCHOR_END: welcome

// ANCHOR: visits
async fn visits(turn: Turn) -> Result {
    let visits = turn.persistent::<Visits>().await?;
    Ok(Response::new().speak(match visits.count {
        1 => "You have been here once.".to_owned(),
        count => format!("You have been here {count} times."),
    }))
}
// ANCHOR_END: visits

async fn help(_: Turn) -> Result {
    Ok(Response::new()
        .speak("I count your visits. Ask me how often you have been here.")
        .reprompt("Ask me how often you have been here, or say stop."))
}

async fn goodbye(_: Turn) -> Result {
    Ok(Response::new().speak("See you next time.").end_session())
}

// ANCHOR: sorry
async fn sorry(_: Turn, error: Arc<Error>) -> Result {
    eprintln!("{}: {error}", error.name());
    Ok(Response::new()
        .speak("Sorry, I cannot remember your visits right now. Please try again later."))
}
// ANCHOR_END: sorry
