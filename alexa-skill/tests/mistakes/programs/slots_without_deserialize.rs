use alexa_skill::{Skill, SkillBuilder, Slots};

struct Guess {
    number: u32,
}

async fn guess(Slots(guess): Slots<Guess>) -> String {
    format!("You said {}.", guess.number)
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_intent("GuessIntent", guess)
}
