use alexa_skill::{Skill, SkillBuilder};

async fn before() -> String {
    "Hello.".into()
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").before(before)
}
