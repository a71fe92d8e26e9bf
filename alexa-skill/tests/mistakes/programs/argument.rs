use alexa_skill::{Skill, SkillBuilder};

async fn guess(number: u32) -> String {
    format!("You said {number}.")
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_intent("GuessIntent", guess)
}
