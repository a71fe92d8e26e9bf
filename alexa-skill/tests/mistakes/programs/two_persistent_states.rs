use alexa_skill::{Persistent, Skill, SkillBuilder};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn welcome(mut visits: Persistent<Visits>, score: Persistent<Visits>) -> String {
    visits.count += 1;
    format!("Visit {}, score {}.", visits.count, score.count)
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_launch(welcome)
}
