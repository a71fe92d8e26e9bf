use alexa_skill::{Persistent, Skill, SkillBuilder};

async fn welcome(name: Persistent<&'static str>) -> String {
    format!("Hello, {}.", *name)
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_launch(welcome)
}
