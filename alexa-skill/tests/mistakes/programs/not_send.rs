use alexa_skill::{Persistent, Skill, SkillBuilder};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn welcome(mut visits: Persistent<Visits>) -> alexa_skill::Result<String> {
    let name = std::rc::Rc::new("Ann");
    visits.count += 1;
    Persistent::save(&mut visits).await?;
    Ok(format!("Hello, {name}."))
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_launch(welcome)
}
