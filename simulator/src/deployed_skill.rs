//! What the simulator takes of a skill: all that it takes to deploy it.

use alexa_skill::SkillBuilder;

/// A skill with its table, the policy of its function's role, and its skill package.
#[derive(Debug, Clone, Copy)]
pub struct DeployedSkill {
    /// A name that an address can hold, such as `visit-counter`.
    pub name: &'static str,
    /// The skill without persistence.
    pub skill: fn() -> SkillBuilder,
    /// The skill's id, which its requests have to name.
    pub skill_id: &'static str,
    /// The name of its table.
    pub table: &'static str,
    /// What the role of its function may do, in JSON.
    pub policy: &'static str,
    /// What its skill package says in each locale, the locale to begin with first.
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
