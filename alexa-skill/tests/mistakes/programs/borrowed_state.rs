use alexa_skill::{Skill, SkillBuilder};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn welcome(visits: &mut Visits) -> String {
    visits.count += 1;
    format!("This is visit {}.", visits.count)
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_launch(welcome)
}
