//! The starters, found by what is in their folders and compiled without Lambda.
//!
//! A folder in `examples/` with a `template.yaml` is a starter: it can be deployed. The build script
//! finds them all, and makes
//!
//! - a module for each, from the very `src/lib.rs` that its Lambda function is built from, called as
//!   the folder with `_` for `-`: `visit_counter`,
//! - [`ALL`], with what `template.yaml`, `policy.json` and `skill-package/` say.
//!
//! So whoever takes the starters from here, such as the simulator on the server and in the browser
//! or a test, takes in a new one without being told. The starters' own packages bring Lambda and
//! Tokio along, which no browser has.

use alexa_skill::SkillBuilder;

include!(concat!(env!("OUT_DIR"), "/starters.rs"));

/// A skill that a reader copies.
#[derive(Debug, Clone, Copy)]
pub struct Starter {
    /// The name of its folder in `examples/`, of its package and of its page in the book.
    pub name: &'static str,
    /// The skill without persistence, as its `main` gets it.
    pub skill: fn() -> SkillBuilder,
    /// The skill's id, with which its requests have to come.
    pub skill_id: &'static str,
    /// The name of its table, from `template.yaml`.
    pub table: &'static str,
    /// What its function's role may do, in JSON: `policy.json`.
    pub policy: &'static str,
    /// What `skill-package/` says in each locale: `en-US` first, the others by name.
    pub localizations: &'static [Localization],
}

/// What a skill package says in one locale.
#[derive(Debug, Clone, Copy)]
pub struct Localization {
    /// The locale, such as `en-US`.
    pub locale: &'static str,
    /// The interaction model, in JSON.
    pub interaction_model: &'static str,
    /// Up to three sentences that the skill's page in the store proposes, such as "Alexa, open visit
    /// counter".
    pub example_phrases: &'static [&'static str],
}

impl Starter {
    /// The starter of this name.
    pub fn named(name: &str) -> Option<&'static Starter> {
        ALL.iter().find(|starter| starter.name == name)
    }
}
