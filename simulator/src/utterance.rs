//! From the words of a user to the request that Alexa sends.
//!
//! Only what the interaction model lists is understood, and a few words of Alexa's own. Alexa
//! herself understands more ways to say the same, and finds out by other means than comparing words.

use serde_json::{Map, Value as Json, json};

use crate::interaction_model::{IntentDefinition, InteractionModel, NUMBER, SlotDefinition};
use crate::{phrases, spoken_numbers};

/// What Alexa makes of an utterance.
#[derive(Debug, PartialEq)]
pub struct Interpretation {
    /// The request to the skill, still without its id, time and locale.
    pub request: Json,
    /// Whether the words named the skill, so that a new session begins.
    pub names_the_skill: bool,
}

/// Interprets what was said to a device, where a session with the skill may be open.
///
/// `None` when no session is open and the words do not name the skill: then they are not for it.
pub fn interpret(model: &InteractionModel, said: &str, in_session: bool) -> Option<Interpretation> {
    let words = words(said, model.language());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let words = match words.as_slice() {
        ["alexa", ",", rest @ ..] | ["alexa", rest @ ..] => rest,
        all => all,
    };
    let name = split(&model.invocation_name);
    let to_the_skill = |request| Interpretation {
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
    in_session.then(|| Interpretation {
        request: intent(model, words).unwrap_or_else(fallback),
        names_the_skill: false,
    })
}

/// The request for an intent that was chosen by its name, with the words for its slots by their
/// names.
pub fn intent_request(
    model: &InteractionModel,
    intent: &IntentDefinition,
    slots: &[(String, String)],
) -> Json {
    let filled_slots = intent.slots.iter().map(|slot| {
        let words = slots.iter().find(|(name, _)| *name == slot.name);
        let words = words.map(|(_, said)| self::words(said, model.language()));
        let words = words.unwrap_or_default();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        // Alexa sends "?" for a number that she did not understand, so a skill has to bear it.
        let filled = filled(model, slot, &words);
        (
            slot,
            filled.or_else(|| (!words.is_empty()).then(|| plain(slot, "?"))),
        )
    });
    request_for(intent, filled_slots)
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
fn intent(model: &InteractionModel, words: &[&str]) -> Option<Json> {
    let mut best: Option<(usize, &IntentDefinition, Vec<FilledSlot>)> = None;
    for intent in &model.intents {
        for sample in model.samples(intent) {
            let parts: Vec<SamplePart> = sample
                .split(' ')
                .map(|word| SamplePart::of(intent, word))
                .collect();
            let literal = parts
                .iter()
                .filter(|part| matches!(part, SamplePart::Word(_)))
                .count();
            let more = best.as_ref().is_none_or(|(most, ..)| literal > *most);
            if more && let Some(slots) = matched(model, &parts, words) {
                best = Some((literal, intent, slots));
            }
        }
    }
    let (_, intent, filled_slots) = best?;
    let slots = intent.slots.iter().map(|slot| {
        let filled = filled_slots.iter().find(|(name, _)| *name == slot.name);
        (slot, filled.map(|(_, filled)| filled.clone()))
    });
    Some(request_for(intent, slots))
}

/// A word of a sample.
enum SamplePart<'a> {
    Word(String),
    Slot(&'a SlotDefinition),
}

impl<'a> SamplePart<'a> {
    fn of(intent: &'a IntentDefinition, word: &str) -> SamplePart<'a> {
        let name = word
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        let slot = name.and_then(|name| intent.slots.iter().find(|slot| slot.name == name));
        slot.map_or_else(|| SamplePart::Word(word.to_lowercase()), SamplePart::Slot)
    }
}

/// A slot's name, and what fills it.
type FilledSlot = (String, Json);

fn matched(
    model: &InteractionModel,
    parts: &[SamplePart],
    words: &[&str],
) -> Option<Vec<FilledSlot>> {
    match parts {
        [] => words.is_empty().then(Vec::new),
        [SamplePart::Word(literal), rest @ ..] => {
            let (word, words) = words.split_first()?;
            if *word == "," {
                return matched(model, parts, words);
            }
            (word == literal).then(|| matched(model, rest, words))?
        }
        [SamplePart::Slot(slot), rest @ ..] => (1..=words.len()).find_map(|end| {
            let filled = filled(model, slot, &words[..end])?;
            let mut slots = matched(model, rest, &words[end..])?;
            slots.push((slot.name.clone(), filled));
            Some(slots)
        }),
    }
}

/// What Alexa sends for a slot that these words fill; `None` where they cannot fill it.
fn filled(model: &InteractionModel, slot: &SlotDefinition, words: &[&str]) -> Option<Json> {
    if slot.slot_type == NUMBER {
        return Some(plain(slot, &spoken_numbers::digits(words)?));
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

fn plain(slot: &SlotDefinition, value: &str) -> Json {
    let simple = json!({"type": "Simple", "value": value});
    json!({
        "name": slot.name, "value": value, "confirmationStatus": "NONE", "source": "USER",
        "slotValue": simple,
    })
}

fn resolved(model: &InteractionModel, slot: &SlotDefinition, value: &str) -> Json {
    let mut filled = plain(slot, value);
    if let Some(resolutions) = resolutions(model, slot, value) {
        filled["resolutions"] = resolutions.clone();
        filled["slotValue"]["resolutions"] = resolutions;
    }
    filled
}

fn simple(model: &InteractionModel, slot: &SlotDefinition, value: &str) -> Json {
    let mut simple = json!({"type": "Simple", "value": value});
    if let Some(resolutions) = resolutions(model, slot, value) {
        simple["resolutions"] = resolutions;
    }
    simple
}

/// A type of the model's own says which of its values was meant; others are passed on as heard.
fn resolutions(model: &InteractionModel, slot: &SlotDefinition, value: &str) -> Option<Json> {
    if !model.defines(&slot.slot_type) {
        return None;
    }
    let mut authority = json!({
        "authority": format!("amzn1.er-authority.echo-sdk.example.{}", slot.slot_type),
        "status": {"code": "ER_SUCCESS_NO_MATCH"},
    });
    if let Some(meant) = model.resolve(&slot.slot_type, value) {
        authority["status"]["code"] = "ER_SUCCESS_MATCH".into();
        let mut value = json!({"name": meant.name});
        if let Some(id) = meant.id {
            value["id"] = id.into();
        }
        authority["values"] = json!([{"value": value}]);
    }
    Some(json!({"resolutionsPerAuthority": [authority]}))
}

fn request_for<'a>(
    intent: &IntentDefinition,
    slots: impl Iterator<Item = (&'a SlotDefinition, Option<Json>)>,
) -> Json {
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
