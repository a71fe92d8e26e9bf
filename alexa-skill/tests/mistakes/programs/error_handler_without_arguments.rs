use alexa_skill::{Skill, SkillBuilder};

async fn sorry() -> &'static str {
    "Sorry."
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_error(sorry)
}
