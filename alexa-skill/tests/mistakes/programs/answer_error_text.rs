use alexa_skill::{Persistent, Skill, SkillBuilder};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn welcome(visits: Persistent<Visits>) -> Result<String, u32> {
    Err(visits.count)
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_launch(welcome)
}
