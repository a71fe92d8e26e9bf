use alexa_skill::{Error, Skill, SkillBuilder};

async fn sorry(error: &Error) -> String {
    format!("Sorry: {error}")
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_error(sorry)
}
