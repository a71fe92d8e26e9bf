use alexa_skill::{Skill, SkillBuilder};

struct Weather;

async fn welcome(_: Weather) -> &'static str {
    "It is raining."
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").provide(Weather).on_launch(welcome)
}
