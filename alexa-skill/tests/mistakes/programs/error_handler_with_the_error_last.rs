use alexa_skill::{Error, Locale, Skill, SkillBuilder};

async fn sorry(locale: Locale, error: Error) -> String {
    format!("{}: {error}", &*locale)
}

pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").on_error(sorry)
}
