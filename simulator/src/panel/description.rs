//! What can be said to a skill, for a panel to propose.

use serde::Serialize;

use super::users::Speaker;
use crate::deployed_skill::DeployedSkill;
use crate::interaction_model::{IntentDefinition, InteractionModel, SlotDefinition};

/// What can be said to a skill.
#[derive(Debug, Serialize)]
pub struct SkillDescription {
    /// Its name.
    #[serde(rename = "starter")]
    pub skill: &'static str,
    /// Its table.
    pub table: &'static str,
    /// What it understands in each locale.
    pub locales: Vec<LocaleDescription>,
    /// Where a session is open now.
    pub sessions: Vec<Speaker>,
}

/// What a skill understands in a locale.
#[derive(Debug, Serialize)]
pub struct LocaleDescription {
    /// The locale, such as `en-US`.
    pub locale: &'static str,
    /// What opens the skill.
    #[serde(rename = "open")]
    pub opening: String,
    /// An example phrase that reaches an intent without a session, where the skill has one.
    pub ask: Option<&'static str>,
    /// What it understands.
    pub intents: Vec<IntentDescription>,
}

/// An intent and how to say it.
#[derive(Debug, Serialize)]
pub struct IntentDescription {
    /// The intent's name.
    pub name: String,
    /// Its slots.
    pub slots: Vec<SlotDescription>,
    /// Ways to say it, with the slots filled.
    pub examples: Vec<String>,
}

/// A slot and an example of what fills it.
#[derive(Debug, Serialize)]
pub struct SlotDescription {
    /// The slot.
    #[serde(flatten)]
    pub slot: SlotDefinition,
    /// What may fill it.
    pub example: String,
}

impl SkillDescription {
    /// Describes a skill with its interaction models, one for each localization.
    pub fn new(
        skill: &DeployedSkill,
        models: &[InteractionModel],
        sessions: Vec<Speaker>,
    ) -> SkillDescription {
        let locales = skill.localizations.iter().zip(models);
        SkillDescription {
            skill: skill.name,
            table: skill.table,
            locales: locales
                .map(|(localization, model)| {
                    LocaleDescription::new(model, localization.example_phrases)
                })
                .collect(),
            sessions,
        }
    }
}

impl LocaleDescription {
    fn new(model: &InteractionModel, example_phrases: &[&'static str]) -> LocaleDescription {
        let opening = model.opening();
        let phrases = example_phrases.iter();
        let mut phrases = phrases.map(|phrase| phrase.strip_prefix("Alexa, ").unwrap_or(phrase));
        LocaleDescription {
            locale: model.locale,
            ask: phrases.find(|phrase| *phrase != opening),
            opening,
            intents: model
                .intents
                .iter()
                .map(|intent| IntentDescription::new(model, intent))
                .collect(),
        }
    }
}

impl IntentDescription {
    fn new(model: &InteractionModel, intent: &IntentDefinition) -> IntentDescription {
        let slots = intent.slots.iter().map(|slot| SlotDescription {
            slot: slot.clone(),
            example: model.example_value(slot),
        });
        let samples = model.samples(intent);
        IntentDescription {
            name: intent.name.clone(),
            slots: slots.collect(),
            examples: samples
                .map(|sample| model.example(intent, sample))
                .collect(),
        }
    }
}
