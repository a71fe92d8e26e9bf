//! What a panel shows after a user said something.

use serde::Serialize;
use serde_json::Value as Json;

use super::calls::CallTrace;
use super::item_changes::ItemChange;
use super::users::{Device, Speaker, User};

/// One turn, or two concurrent ones, and what they did to the item. Times are in microseconds.
#[derive(Debug, Serialize)]
pub struct Exchange {
    /// The turns, in the order in which they were said.
    pub turns: Vec<TurnTrace>,
    /// The user's item, before all of them and after.
    pub item: Vec<ItemChange>,
    /// Where a session is open now.
    pub sessions: Vec<Speaker>,
}

/// One request to the skill, its response and the calls to DynamoDB between the two.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TurnTrace {
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
    /// When the skill was called, counted from the start of the exchange.
    pub begins: u64,
    /// How long it took to answer.
    pub took: u64,
    /// The request envelope.
    pub request: Json,
    /// The calls to DynamoDB.
    pub calls: Vec<CallTrace>,
    /// The response envelope.
    pub response: Json,
}

/// Speech as it sounds: without tags, and with the characters that markup has to escape.
pub fn without_markup(speech: &str) -> String {
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
    use super::without_markup;

    #[test]
    fn markup_does_not_sound() {
        for (speech, sound) in [
            ("milk &amp; bread", "milk & bread"),
            ("one<break time=\"1s\"/> two", "one two"),
            ("&amp;lt;", "&lt;"),
            ("a < b", "a "),
        ] {
            assert_eq!(without_markup(speech), sound);
        }
    }
}
