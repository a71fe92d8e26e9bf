//! From the words of a user to the request that Alexa sends.
//!
//! Only what the interaction model lists is understood, and a few words of Alexa's own. Alexa
//! herself understands more ways to say the same, and finds out by other means than comparing words.

use serde_json::{Map, Value as Json, json};

use crate::model::{Intent, Model, NUMBER, Slot};
use crate::{numbers, phrases};

/// What was said, as the skill will be told.
#[derive(Debug, PartialEq)]
pub struct Understood {
    /// The request, still without its id, time and locale.
    pub request: Json,
    /// Whether the words named the skill, so that a new session begins.
    pub names_the_skill: bool,
}

/// Understands what was said to a device, whether or not a session is open there.
///
/// `None` when the words name no intent and no session is open: they are then not for this skill.
pub fn understand(model: &Model, said: &str, in_session: bool) -> Option<Understood> {
    let words = words(said, model.language());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let words = match words.as_slice() {
        ["alexa", ",", rest @ ..] | ["alexa", rest @ ..] => rest,
        all => all,
    };
    let name = split(&model.invocation_name);
    let to_the_skill = |request| Understood {
        request,
        names_the_skill: true,
    };
    for open in phrases::open(model.language()) {
        if after(words, &[split(open), name.clone()].concat()).is_some_and(<[_]>::is_empty) {
            return Some(to_the_skill(json!({"type": "LaunchRequest"})));
        }
    }
    for (ask, links) in phrases::ask(model.language()) {
        let Some(rest) = after(words, &[split(ask), name.clone()].concat()) else {
            continue;
        };
        let rests = links.iter().filter_map(|link| after(rest, &split(link)));
        let request = rests.chain([rest]).find_map(|rest| intent(model, rest));
        return Some(to_the_skill(request.unwrap_or_else(fallback)));
    }
    in_session.then(|| Understood {
        request: intent(model, words).unwrap_or_else(fallback),
        names_the_skill: false,
    })
}

/// The request for an intent that was chosen by its name, with words for its slots.
pub fn chosen(model: &Model, intent: &Intent, slots: &[(String, String)]) -> Json {
    let heard = intent.slots.iter().map(|slot| {
        let words = slots.iter().find(|(name, _)| *name == slot.name);
        let words = words.map(|(_, said)| self::words(said, model.language()));
        let words = words.unwrap_or_default();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        // A skill has to bear a number slot that holds no number.
        let filled = filled(model, slot, &words);
        (
            slot,
            filled.or_else(|| (!words.is_empty()).then(|| plain(slot, "?"))),
        )
    });
    request(intent, heard)
}

/// Words in lower case; a comma is a word of its own, as it divides what a list holds.
fn words(said: &str, language: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in said.to_lowercase().replace('’', "'").split_whitespace() {
        let bare = word.trim_matches(|c: char| c.is_ascii_punctuation() || "¿¡…“”«»".contains(c));
        let spoken_out = [("'s", "is"), ("'ve", "have"), ("'m", "am")];
        let short = spoken_out.iter().find_map(|(end, whole)| {
            let start = bare.strip_suffix(end).filter(|_| language == "en")?;
            ["what", "it", "i"]
                .contains(&start)
                .then_some((start, *whole))
        });
        match short {
            Some((start, whole)) => words.extend([start.to_owned(), whole.to_owned()]),
            None if bare.is_empty() => {}
            None => words.push(bare.to_owned()),
        }
        if word.ends_with(',') {
            words.push(",".to_owned());
        }
    }
    words
}

fn split(phrase: &str) -> Vec<String> {
    phrase.split(' ').map(str::to_lowercase).collect()
}

fn after<'a, 'b>(words: &'a [&'b str], start: &[String]) -> Option<&'a [&'b str]> {
    let (head, rest) = words.split_at_checked(start.len())?;
    head.iter().eq(start.iter()).then_some(rest)
}

fn fallback() -> Json {
    let intent = json!({"name": "AMAZON.FallbackIntent", "confirmationStatus": "NONE"});
    json!({"type": "IntentRequest", "intent": intent})
}

/// The intent whose sample shares the most words with what was said.
fn intent(model: &Model, words: &[&str]) -> Option<Json> {
    let mut best: Option<(usize, &Intent, Vec<Heard>)> = None;
    for intent in &model.intents {
        for sample in model.samples(intent) {
            let parts: Vec<Part> = sample
                .split(' ')
                .map(|word| Part::of(intent, word))
                .collect();
            let literal = parts
                .iter()
                .filter(|part| matches!(part, Part::Word(_)))
                .count();
            let more = best.as_ref().is_none_or(|(most, ..)| literal > *most);
            if more && let Some(heard) = matched(model, &parts, words) {
                best = Some((literal, intent, heard));
            }
        }
    }
    let (_, intent, heard) = best?;
    let slots = intent.slots.iter().map(|slot| {
        let filled = heard.iter().find(|(name, _)| *name == slot.name);
        (slot, filled.map(|(_, filled)| filled.clone()))
    });
    Some(request(intent, slots))
}

enum Part<'a> {
    Word(String),
    Slot(&'a Slot),
}

impl<'a> Part<'a> {
    fn of(intent: &'a Intent, word: &str) -> Part<'a> {
        let name = word
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        let slot = name.and_then(|name| intent.slots.iter().find(|slot| slot.name == name));
        slot.map_or_else(|| Part::Word(word.to_lowercase()), Part::Slot)
    }
}

/// A slot's name, and what fills it.
type Heard = (String, Json);

fn matched(model: &Model, parts: &[Part], words: &[&str]) -> Option<Vec<Heard>> {
    match parts {
        [] => words.is_empty().then(Vec::new),
        [Part::Word(literal), rest @ ..] => {
            let (word, words) = words.split_first()?;
            if *word == "," {
                return matched(model, parts, words);
            }
            (word == literal).then(|| matched(model, rest, words))?
        }
        [Part::Slot(slot), rest @ ..] => (1..=words.len()).find_map(|end| {
            let filled = filled(model, slot, &words[..end])?;
            let mut heard = matched(model, rest, &words[end..])?;
            heard.push((slot.name.clone(), filled));
            Some(heard)
        }),
    }
}

/// What Alexa sends for a slot that these words fill; `None` where they cannot fill it.
fn filled(model: &Model, slot: &Slot, words: &[&str]) -> Option<Json> {
    if slot.kind == NUMBER {
        return Some(plain(slot, &numbers::digits(words)?));
    }
    let mut values: Vec<String> = words
        .split(|word| [",", "and"].contains(word) && slot.multiple_values)
        .map(|value| {
            value
                .iter()
                .filter(|word| **word != ",")
                .copied()
                .collect::<Vec<_>>()
                .join(" ")
        })
        .filter(|value| !value.is_empty())
        .collect();
    match values.len() {
        0 => None,
        1 => Some(resolved(model, slot, &values.remove(0))),
        _ => {
            let values: Vec<Json> = values
                .iter()
                .map(|value| simple(model, slot, value))
                .collect();
            let list = json!({"type": "List", "values": values});
            Some(json!({
                "name": slot.name, "confirmationStatus": "NONE", "source": "USER", "slotValue": list,
            }))
        }
    }
}

fn plain(slot: &Slot, value: &str) -> Json {
    let simple = json!({"type": "Simple", "value": value});
    json!({
        "name": slot.name, "value": value, "confirmationStatus": "NONE", "source": "USER",
        "slotValue": simple,
    })
}

fn resolved(model: &Model, slot: &Slot, value: &str) -> Json {
    let mut filled = plain(slot, value);
    if let Some(resolutions) = resolutions(model, slot, value) {
        filled["resolutions"] = resolutions.clone();
        filled["slotValue"]["resolutions"] = resolutions;
    }
    filled
}

fn simple(model: &Model, slot: &Slot, value: &str) -> Json {
    let mut simple = json!({"type": "Simple", "value": value});
    if let Some(resolutions) = resolutions(model, slot, value) {
        simple["resolutions"] = resolutions;
    }
    simple
}

/// A type of the model's own says which of its values was meant; others are passed on as heard.
fn resolutions(model: &Model, slot: &Slot, value: &str) -> Option<Json> {
    if !model.defines(&slot.kind) {
        return None;
    }
    let mut authority = json!({
        "authority": format!("amzn1.er-authority.echo-sdk.example.{}", slot.kind),
        "status": {"code": "ER_SUCCESS_NO_MATCH"},
    });
    if let Some(meant) = model.resolve(&slot.kind, value) {
        authority["status"]["code"] = "ER_SUCCESS_MATCH".into();
        let mut value = json!({"name": meant.name});
        if let Some(id) = meant.id {
            value["id"] = id.into();
        }
        authority["values"] = json!([{"value": value}]);
    }
    Some(json!({"resolutionsPerAuthority": [authority]}))
}

fn request<'a>(intent: &Intent, slots: impl Iterator<Item = (&'a Slot, Option<Json>)>) -> Json {
    let mut filled = Map::new();
    for (slot, value) in slots {
        let empty = json!({"name": slot.name, "confirmationStatus": "NONE"});
        filled.insert(slot.name.clone(), value.unwrap_or(empty));
    }
    let mut request = json!({
        "type": "IntentRequest",
        "intent": {"name": intent.name, "confirmationStatus": "NONE"},
    });
    if !filled.is_empty() {
        request["intent"]["slots"] = Json::Object(filled);
    }
    request
}

#[cfg(test)]
mod tests;
