use alexa_skill::{Locale, Skill, SkillBuilder};

async fn after(_: Locale) -> &'static str {
    "Hello."
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").after(after)
}
