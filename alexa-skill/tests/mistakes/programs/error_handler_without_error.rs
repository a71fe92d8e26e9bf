use alexa_skill::{Locale, Skill, SkillBuilder};

async fn sorry(locale: Locale) -> &'static str {
    match locale.language() {
        "fr" => "Désolé.",
        _ => "Sorry.",
    }
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_error(sorry)
}
