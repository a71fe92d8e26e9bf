use alexa_skill::{Error, Persistent, Skill, SkillBuilder};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn welcome(visits: Persistent<Visits>) -> Result<Option<String>, Error> {
    Ok((visits.count > 0).then(|| "Welcome back!".into()))
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_launch(welcome)
}
