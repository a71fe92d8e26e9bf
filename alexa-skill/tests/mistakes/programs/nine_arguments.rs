use alexa_skill::{Locale, Skill, SkillBuilder, Turn};

#[rustfmt::skip]
async fn welcome(_: Turn, _: Turn, _: Turn, _: Turn, _: Turn, _: Turn, _: Turn, _: Turn, _: Locale) {}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_launch(welcome)
}
