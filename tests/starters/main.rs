//! The starters keep what they promise: models, manifests, templates and policies agree with the code.

mod another;
mod files;
mod models;
mod permissions;
mod templates;
mod tools;

use std::path::Path;

use alexa_skill::Skill;
use alexa_skill::persistence::memory::Memory;
use starters::Starter;

/// What a skill says here when none of its handlers answers.
pub const UNHANDLED: &str = "nobody handles this";

/// The skill, which tells when its fallback answered.
pub(crate) fn build(starter: &Starter) -> Skill {
    let skill = (starter.skill)().fallback(async || UNHANDLED);
    skill.persistence(Memory::new()).build().unwrap()
}

pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_example_with_a_template_is_checked() {
    let mut names: Vec<String> = std::fs::read_dir(repository().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("template.yaml").exists())
        .map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    let checked: Vec<&str> = starters::ALL.iter().map(|starter| starter.name).collect();
    assert_eq!(names, checked);
}
