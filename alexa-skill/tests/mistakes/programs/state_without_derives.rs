use alexa_skill::{Persistent, Skill, SkillBuilder};

struct Visits {
    count: u32,
}

async fn welcome(mut visits: Persistent<Visits>) -> String {
    visits.count += 1;
    format!("This is visit {}.", visits.count)
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_launch(welcome)
}
