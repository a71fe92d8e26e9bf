//! An interaction model: what a user can say, and which intent it means.

use serde::{Deserialize, Serialize};

use crate::phrases;

/// The slot type of whole numbers.
pub const NUMBER: &str = "AMAZON.NUMBER";

/// The interaction model of one locale.
#[derive(Debug)]
pub struct InteractionModel {
    /// The locale, such as `en-US`.
    pub locale: &'static str,
    /// The name that a user opens the skill by.
    pub invocation_name: String,
    /// What the skill understands.
    pub intents: Vec<IntentDefinition>,
    types: Vec<SlotType>,
}

/// An intent as the model defines it.
#[derive(Debug, Clone, Deserialize)]
pub struct IntentDefinition {
    /// Its name, such as `AMAZON.HelpIntent`.
    pub name: String,
    /// The parts of its samples that the user's words fill.
    #[serde(default)]
    pub slots: Vec<SlotDefinition>,
    /// Ways to say it, with slots in braces. An intent of Alexa's own has more than are here.
    #[serde(default)]
    samples: Vec<String>,
}

/// A slot of an intent, as the model defines it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SlotDefinition {
    /// Its name in the samples.
    pub name: String,
    /// Its type: one of Alexa's own, such as `AMAZON.NUMBER`, or one of the model's.
    #[serde(rename = "type")]
    pub slot_type: String,
    /// Whether it takes several values.
    #[serde(default, rename(serialize = "several"), deserialize_with = "enabled")]
    pub multiple_values: bool,
}

#[derive(Debug, Deserialize)]
struct SlotType {
    name: String,
    values: Vec<SlotTypeValue>,
}

#[derive(Debug, Deserialize)]
struct SlotTypeValue {
    #[serde(default)]
    id: Option<String>,
    name: ValueName,
}

#[derive(Debug, Deserialize)]
struct ValueName {
    value: String,
    #[serde(default)]
    synonyms: Vec<String>,
}

/// The value of a slot type that was meant.
#[derive(Debug, PartialEq)]
pub struct ResolvedValue<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its id, where the model gives one.
    pub id: Option<&'a str>,
}

fn enabled<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    struct Switch {
        enabled: bool,
    }
    Ok(Switch::deserialize(deserializer)?.enabled)
}

impl InteractionModel {
    /// Reads the model of a locale.
    ///
    /// # Errors
    ///
    /// When the text is no interaction model.
    pub fn parse(locale: &'static str, json: &str) -> serde_json::Result<InteractionModel> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct File {
            interaction_model: Models,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Models {
            language_model: LanguageModel,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct LanguageModel {
            invocation_name: String,
            intents: Vec<IntentDefinition>,
            #[serde(default)]
            types: Vec<SlotType>,
        }
        let file: File = serde_json::from_slice(json.as_bytes())?;
        let model = file.interaction_model.language_model;
        Ok(InteractionModel {
            locale,
            invocation_name: model.invocation_name,
            intents: model.intents,
            types: model.types,
        })
    }

    /// The intent of this name.
    pub fn intent(&self, name: &str) -> Option<&IntentDefinition> {
        self.intents.iter().find(|intent| intent.name == name)
    }

    /// All that means the intent: its samples, and what Alexa knows for an intent of its own.
    pub fn samples<'a>(&self, intent: &'a IntentDefinition) -> impl Iterator<Item = &'a str> {
        let own = phrases::of(&intent.name, self.language()).iter().copied();
        intent.samples.iter().map(String::as_str).chain(own)
    }

    /// The language of the locale: `en`, `fr` or `es`.
    pub fn language(&self) -> &'static str {
        self.locale.split('-').next().unwrap_or(self.locale)
    }

    /// The value of the model's own type that is meant, by its name or a synonym.
    pub fn resolve(&self, slot_type: &str, said: &str) -> Option<ResolvedValue<'_>> {
        let values = &self
            .types
            .iter()
            .find(|known| known.name == slot_type)?
            .values;
        let value = values.iter().find(|value| {
            let mut names = value.name.synonyms.iter().chain([&value.name.value]);
            names.any(|name| name.to_lowercase() == said)
        })?;
        Some(ResolvedValue {
            name: &value.name.value,
            id: value.id.as_deref(),
        })
    }

    /// Whether the type is one that this model defines.
    pub fn defines(&self, slot_type: &str) -> bool {
        self.types.iter().any(|known| known.name == slot_type)
    }

    /// What opens the skill, such as "open visit counter".
    pub fn opening(&self) -> String {
        let open = phrases::open(self.language()).first().unwrap_or(&"open");
        format!("{open} {}", self.invocation_name)
    }

    /// A sample as someone says it, its slots filled with values of their types.
    pub fn example(&self, intent: &IntentDefinition, sample: &str) -> String {
        intent.slots.iter().fold(sample.to_owned(), |text, slot| {
            text.replace(&format!("{{{}}}", slot.name), &self.example_value(slot))
        })
    }

    /// Words that fill a slot, from the values of its type; empty for a type of Alexa's own other than
    /// numbers.
    pub fn example_value(&self, slot: &SlotDefinition) -> String {
        if slot.slot_type == NUMBER {
            return "50".into();
        }
        let of_type = self.types.iter().find(|known| known.name == slot.slot_type);
        let values = of_type.map(|known| known.values.as_slice());
        let how_many = if slot.multiple_values { 2 } else { 1 };
        let names = values.unwrap_or_default().iter().take(how_many);
        let names: Vec<&str> = names.map(|value| value.name.value.as_str()).collect();
        names.join(" and ")
    }
}
