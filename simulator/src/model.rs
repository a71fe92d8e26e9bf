//! An interaction model: what a user can say, and which intent it means.

use serde::{Deserialize, Serialize};

use crate::phrases;

/// The slot type of whole numbers.
pub const NUMBER: &str = "AMAZON.NUMBER";

/// The interaction model of one locale.
#[derive(Debug)]
pub struct Model {
    /// The locale, such as `en-US`.
    pub locale: &'static str,
    /// The name that a user opens the skill by.
    pub invocation_name: String,
    /// What the skill understands.
    pub intents: Vec<Intent>,
    types: Vec<Type>,
}

/// Something that a user may want.
#[derive(Debug, Clone, Deserialize)]
pub struct Intent {
    /// Its name, such as `AMAZON.HelpIntent`.
    pub name: String,
    /// What the words leave open.
    #[serde(default)]
    pub slots: Vec<Slot>,
    /// Ways to say it, with slots in braces. An intent of Alexa's own has more than are here.
    #[serde(default)]
    samples: Vec<String>,
}

/// A part of an intent that the user's words fill.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Slot {
    /// Its name in the samples.
    pub name: String,
    /// Its type: one of Alexa's own, such as `AMAZON.NUMBER`, or one of the model's.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it takes several values.
    #[serde(default, rename(serialize = "several"), deserialize_with = "enabled")]
    pub multiple_values: bool,
}

#[derive(Debug, Deserialize)]
struct Type {
    name: String,
    values: Vec<Value>,
}

#[derive(Debug, Deserialize)]
struct Value {
    #[serde(default)]
    id: Option<String>,
    name: Name,
}

#[derive(Debug, Deserialize)]
struct Name {
    value: String,
    #[serde(default)]
    synonyms: Vec<String>,
}

/// A value of the model's own type.
#[derive(Debug, PartialEq)]
pub struct Resolved<'a> {
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

impl Model {
    /// Reads the model of a locale.
    ///
    /// # Errors
    ///
    /// When the text is no interaction model.
    pub fn parse(locale: &'static str, json: &str) -> serde_json::Result<Model> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct File {
            interaction_model: InteractionModel,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct InteractionModel {
            language_model: LanguageModel,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct LanguageModel {
            invocation_name: String,
            intents: Vec<Intent>,
            #[serde(default)]
            types: Vec<Type>,
        }
        let file: File = serde_json::from_slice(json.as_bytes())?;
        let model = file.interaction_model.language_model;
        Ok(Model {
            locale,
            invocation_name: model.invocation_name,
            intents: model.intents,
            types: model.types,
        })
    }

    /// The intent of this name.
    pub fn intent(&self, name: &str) -> Option<&Intent> {
        self.intents.iter().find(|intent| intent.name == name)
    }

    /// All that means the intent: its samples, and what Alexa knows for an intent of its own.
    pub fn samples<'a>(&self, intent: &'a Intent) -> impl Iterator<Item = &'a str> {
        let own = phrases::of(&intent.name, self.language()).iter().copied();
        intent.samples.iter().map(String::as_str).chain(own)
    }

    /// The language of the locale: `en`, `fr` or `es`.
    pub fn language(&self) -> &'static str {
        self.locale.split('-').next().unwrap_or(self.locale)
    }

    /// The value of the model's own type that is meant, by its name or a synonym.
    pub fn resolve(&self, kind: &str, said: &str) -> Option<Resolved<'_>> {
        let values = &self.types.iter().find(|known| known.name == kind)?.values;
        let value = values.iter().find(|value| {
            let mut names = value.name.synonyms.iter().chain([&value.name.value]);
            names.any(|name| name.to_lowercase() == said)
        })?;
        Some(Resolved {
            name: &value.name.value,
            id: value.id.as_deref(),
        })
    }

    /// Whether the type is one that this model defines.
    pub fn defines(&self, kind: &str) -> bool {
        self.types.iter().any(|known| known.name == kind)
    }

    /// A sample as someone says it, its slots filled with values of their types.
    pub fn example(&self, intent: &Intent, sample: &str) -> String {
        intent.slots.iter().fold(sample.to_owned(), |text, slot| {
            text.replace(&format!("{{{}}}", slot.name), &self.filler(slot))
        })
    }

    /// What may fill a slot.
    pub fn filler(&self, slot: &Slot) -> String {
        if slot.kind == NUMBER {
            return "50".into();
        }
        let of_type = self.types.iter().find(|known| known.name == slot.kind);
        let values = of_type.map(|known| known.values.as_slice());
        let how_many = if slot.multiple_values { 2 } else { 1 };
        let names = values.unwrap_or_default().iter().take(how_many);
        let names: Vec<&str> = names.map(|value| value.name.value.as_str()).collect();
        names.join(" and ")
    }
}
