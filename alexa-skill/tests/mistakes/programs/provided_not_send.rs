use alexa_skill::{Skill, SkillBuilder};


pub fn skill() -> SkillBuilder {
    Skill::builder("amzn1.ask.skill.example").provide(std::rc::Rc::new("Ann"))
}
