use alexa_skill::{Session, Skill, SkillBuilder};

#[derive(Default)]
struct Dialogue {
    question: String,
}

async fn welcome(mut dialogue: Session<Dialogue>) -> &'static str {
    dialogue.question = "Shall I?".into();
    "Shall I?"
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_launch(welcome)
}
