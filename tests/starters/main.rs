//! The starters keep what they promise: models, manifests, templates and policies agree with the code.

mod files;
mod models;
mod permissions;
mod templates;
mod tools;

use std::path::{Path, PathBuf};

use alexa_skill::persistence::memory::Memory;
use alexa_skill::{Skill, SkillBuilder};

/// A skill that a reader copies.
#[derive(Clone, Copy)]
pub(crate) struct Starter {
    pub(crate) name: &'static str,
    pub(crate) skill: fn() -> SkillBuilder,
    pub(crate) skill_id: &'static str,
}

pub(crate) const STARTERS: [Starter; 4] = [
    Starter {
        name: "facts",
        skill: facts::skill,
        skill_id: facts::SKILL_ID,
    },
    Starter {
        name: "high-low",
        skill: high_low::skill,
        skill_id: high_low::SKILL_ID,
    },
    Starter {
        name: "shared-list",
        skill: shared_list::skill,
        skill_id: shared_list::SKILL_ID,
    },
    Starter {
        name: "visit-counter",
        skill: visit_counter::skill,
        skill_id: visit_counter::SKILL_ID,
    },
];

/// What a skill says here when none of its handlers answers.
pub const UNHANDLED: &str = "nobody handles this";

impl Starter {
    pub(crate) fn folder(&self) -> PathBuf {
        repository().join("examples").join(self.name)
    }

    /// The skill, which tells when its fallback answered.
    pub(crate) fn build(&self) -> Skill {
        let skill = (self.skill)().fallback(async || UNHANDLED);
        skill.persistence(Memory::new()).build().unwrap()
    }
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
    assert_eq!(names, STARTERS.map(|starter| starter.name));
}
