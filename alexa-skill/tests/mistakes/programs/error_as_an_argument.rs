use alexa_skill::{Error, Skill, SkillBuilder};

async fn welcome(error: Error) -> String {
    format!("Sorry: {error}")
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_launch(welcome)
}
