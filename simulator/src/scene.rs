//! What the panel is shown: a starter, and what happened when a reader said something.

use serde::Serialize;
use serde_json::Value as Json;

use crate::difference::Line;
use crate::model::{Model, Slot};
use crate::phrases;
use crate::stage::{Device, User};
use crate::starters::Starter;
use crate::wire::Call;

/// One turn, or two at once, and what they did to the item. Times are in microseconds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scene {
    /// What was asked of the skill, in the order in which it was said.
    pub turns: Vec<Turn>,
    /// The user's item, before all of it and after.
    pub item: Vec<Line>,
    /// Where a session is open now.
    pub sessions: Vec<Session>,
}

/// One request to the skill and its answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Turn {
    /// Who spoke.
    pub user: User,
    /// On which device.
    pub device: Device,
    /// The words; none when an intent was picked, or a session ended.
    pub said: Option<String>,
    /// The intent, or the type of the request where it has none.
    pub understood: String,
    /// What Alexa says, as it sounds: without markup.
    pub speech: String,
    /// What Alexa says when the user stays silent; empty when the skill does not ask again.
    pub reprompt: String,
    /// Whether a session began with the turn.
    pub opens_session: bool,
    /// Whether the session is over after it.
    pub ends_session: bool,
    /// When the skill was called, counted from the start of the scene.
    pub begins: u64,
    /// How long it took to answer.
    pub took: u64,
    /// The request envelope.
    pub request: Json,
    /// The calls to DynamoDB.
    pub calls: Vec<Call>,
    /// The response envelope.
    pub response: Json,
}

/// An open session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Session {
    /// Whose.
    pub user: User,
    /// On which device.
    pub device: Device,
}

/// What can be said to a starter.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// Its name.
    pub starter: &'static str,
    /// Its table.
    pub table: &'static str,
    /// What it understands in each locale.
    pub locales: Vec<Locale>,
    /// Where a session is open now.
    pub sessions: Vec<Session>,
}

/// What a starter understands in a locale.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Locale {
    /// The locale, such as `en-US`.
    pub locale: &'static str,
    /// What opens it.
    pub open: String,
    /// Words to it that need no session.
    pub ask: Option<&'static str>,
    /// What two devices say at once.
    pub at_once: [String; 2],
    /// What it understands.
    pub intents: Vec<Intent>,
}

/// Something to say.
#[derive(Debug, Serialize)]
pub struct Intent {
    /// The intent's name.
    pub name: String,
    /// What its slots take, and what may fill them.
    pub slots: Vec<Fillable>,
    /// Ways to say it, with the slots filled.
    pub examples: Vec<String>,
}

/// A slot and an example of what fills it.
#[derive(Debug, Serialize)]
pub struct Fillable {
    /// The slot.
    #[serde(flatten)]
    pub slot: Slot,
    /// What may fill it.
    pub example: String,
}

impl About {
    /// Describes a starter.
    pub fn new(starter: &Starter, sessions: Vec<Session>) -> About {
        let models = starter.locales().filter_map(|locale| starter.model(locale));
        About {
            starter: starter.name,
            table: starter.table,
            locales: models.map(|model| Locale::of(starter, &model)).collect(),
            sessions,
        }
    }
}

impl Locale {
    fn of(starter: &Starter, model: &Model) -> Locale {
        let intents = model.intents.iter().map(|intent| Intent {
            name: intent.name.clone(),
            slots: fillable(model, &intent.slots),
            examples: model
                .samples(intent)
                .map(|sample| model.example(intent, sample))
                .collect(),
        });
        Locale {
            locale: model.locale,
            open: open(model),
            ask: starter.ask(model),
            at_once: match model.language() {
                "en" => starter.at_once.map(str::to_owned),
                _ => [open(model), open(model)],
            },
            intents: intents.collect(),
        }
    }
}

fn fillable(model: &Model, slots: &[Slot]) -> Vec<Fillable> {
    let fillable = slots.iter().map(|slot| Fillable {
        slot: slot.clone(),
        example: model.filler(slot),
    });
    fillable.collect()
}

/// What opens the skill.
pub fn open(model: &Model) -> String {
    let open = phrases::open(model.language()).first().unwrap_or(&"open");
    format!("{open} {}", model.invocation_name)
}

/// Speech as it sounds: without tags, and with the characters that markup has to escape.
pub fn sounds(speech: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for character in speech.chars() {
        match character {
            '<' => inside = true,
            '>' if inside => inside = false,
            character if !inside => text.push(character),
            _ => {}
        }
    }
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    for (entity, character) in entities {
        text = text.replace(entity, character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::sounds;

    #[test]
    fn markup_does_not_sound() {
        for (speech, heard) in [
            ("milk &amp; bread", "milk & bread"),
            ("one<break time=\"1s\"/> two", "one two"),
            ("&amp;lt;", "&lt;"),
            ("a < b", "a "),
        ] {
            assert_eq!(sounds(speech), heard);
        }
    }
}
