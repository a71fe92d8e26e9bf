use alexa_skill::{Error, Persistent, Result, Skill, SkillBuilder};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn sorry(
    _: Error,
    visits: Persistent<Visits>,
    score: Result<Persistent<Visits>>,
) -> &'static str {
    drop((visits, score));
    "Sorry."
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_error(sorry)
}
