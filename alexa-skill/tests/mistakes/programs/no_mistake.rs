use std::sync::Arc;

use alexa_skill::{Error, Locale, Persistent, Provided, Response, Session, Skill, SkillBuilder, Slots};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

#[derive(Deserialize)]
struct Guess {
    number: Option<u32>,
}

async fn before(locale: Locale) -> Result<(), Error> {
    locale.is_empty();
    Ok(())
}

async fn guess(
    Slots(guess): Slots<Guess>,
    mut visits: Persistent<Visits>,
    _: Session<Visits>,
    given: Provided<String>,
    shared: Provided<Arc<u32>>,
) -> String {
    visits.count += guess.number.unwrap_or(**shared);
    given.to_string()
}

async fn after(response: Response, _: Locale) -> Response {
    response
}

async fn sorry(_: Error, _: Locale) -> &'static str {
    "Sorry."
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").provide(String::new())
        .provide(Arc::new(7))
        .before(before)
        .on_intent("GuessIntent", guess)
        .after(after)
        .on_error(sorry)
}
