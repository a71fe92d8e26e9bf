//! From the words of a user to the request that Alexa sends.
//!
//! Only what the interaction model lists is understood, and a few words of Alexa's own. Alexa
//! herself understands more ways to say the same, and finds out by other means than comparing words.

use serde_json::{Map, Value as Json, json};

use super::model::{Intent, Model, NUMBER, Slot};
use super::{numbers, phrases};

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
    let slots: Map<String, Json> = slots
        .map(|(slot, filled)| {
            let empty = json!({"name": slot.name, "confirmationStatus": "NONE"});
            (slot.name.clone(), filled.unwrap_or(empty))
        })
        .collect();
    let mut request = json!({
        "type": "IntentRequest",
        "intent": {"name": intent.name, "confirmationStatus": "NONE"},
    });
    if !slots.is_empty() {
        request["intent"]["slots"] = Json::Object(slots);
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::starters::{STARTERS, Starter};

    fn model(starter: &str, locale: &str) -> Model {
        let starter = Starter::named(starter).unwrap();
        starter.model(locale).unwrap()
    }

    fn intent_of(understood: &Understood) -> &str {
        let name = understood.request["intent"]["name"].as_str();
        name.or(understood.request["type"].as_str()).unwrap()
    }

    #[track_caller]
    fn heard(starter: &str, said: &str) -> (String, Json) {
        let understood = understand(&model(starter, "en-US"), said, true).unwrap();
        let slots = understood.request["intent"]["slots"].clone();
        (intent_of(&understood).to_owned(), slots)
    }

    /// What a slot holds, in the envelope's two ways to say so.
    fn values(slot: &Json) -> Vec<&str> {
        match slot["slotValue"]["values"].as_array() {
            Some(values) => values
                .iter()
                .map(|value| value["value"].as_str().unwrap())
                .collect(),
            None => slot["value"].as_str().into_iter().collect(),
        }
    }

    #[test]
    fn every_sample_of_every_model_is_understood_as_its_intent() {
        for starter in STARTERS {
            for locale in starter.locales() {
                let model = starter.model(locale).expect("a model that can be read");
                for intent in &model.intents {
                    for sample in model.samples(intent) {
                        let said = model.example(intent, sample);
                        let understood = understand(&model, &said, true).unwrap();
                        assert_eq!(intent_of(&understood), intent.name, "{said} in {locale}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_skill_is_opened_by_its_name_in_every_language() {
        for (starter, locale, said) in [
            ("visit-counter", "en-US", "Alexa, open Visit Counter!"),
            ("visit-counter", "en-US", "open visit counter"),
            ("facts", "fr-FR", "ouvre anecdotes dynamo"),
            ("facts", "es-ES", "abre datos dynamo"),
        ] {
            let model = model(starter, locale);
            let understood = understand(&model, said, false);
            let understood =
                understood.unwrap_or_else(|| panic!("{said}: {}", model.invocation_name));
            assert_eq!(intent_of(&understood), "LaunchRequest", "{said}");
            assert!(understood.names_the_skill);
        }
    }

    #[test]
    fn without_a_session_only_words_that_name_the_skill_reach_it() {
        let model = model("visit-counter", "en-US");
        assert_eq!(
            understand(&model, "how often have I been here", false),
            None
        );
        assert_eq!(understand(&model, "open shared list", false), None);
        let asked = understand(
            &model,
            "ask visit counter how often I have been here",
            false,
        )
        .unwrap();
        assert_eq!(intent_of(&asked), "VisitsIntent");
        assert!(asked.names_the_skill);
        let asked = understand(&model, "ask visit counter for the moon", false).unwrap();
        assert_eq!(intent_of(&asked), "AMAZON.FallbackIntent");
    }

    #[test]
    fn what_the_panel_proposes_without_a_session_reaches_an_intent_of_the_skill() {
        for starter in STARTERS {
            for locale in starter.locales() {
                let model = starter.model(locale).unwrap();
                let ask = starter.ask(&model).expect("words for every language");
                let understood = understand(&model, ask, false).expect(ask);
                assert!(!intent_of(&understood).starts_with("AMAZON."), "{ask}");
            }
        }
    }

    #[test]
    fn the_sample_that_shares_most_words_wins() {
        let (intent, slots) = heard("shared-list", "remove milk from the list");
        assert_eq!(
            (intent.as_str(), values(&slots["items"])),
            ("RemoveIntent", vec!["milk"])
        );
        let (intent, _) = heard("shared-list", "read the list");
        assert_eq!(intent, "ReadIntent");
    }

    #[test]
    fn a_number_is_heard_in_words_and_anything_else_is_not() {
        let (intent, slots) = heard("high-low", "Is it forty-two?");
        assert_eq!(
            (intent.as_str(), values(&slots["number"])),
            ("GuessIntent", vec!["42"])
        );
        assert_eq!(heard("high-low", "is it milk").0, "AMAZON.FallbackIntent");
        assert_eq!(heard("high-low", "what's my score").0, "ScoreIntent");
    }

    #[test]
    fn several_things_are_divided_by_commas_and_and() {
        let (intent, slots) = heard("shared-list", "Add milk, olive oil and figs.");
        assert_eq!(intent, "AddIntent");
        assert_eq!(values(&slots["items"]), ["milk", "olive oil", "figs"]);
        let codes: Vec<&Json> = slots["items"]["slotValue"]["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(|value| &value["resolutions"]["resolutionsPerAuthority"][0]["status"]["code"])
            .collect();
        assert_eq!(
            codes,
            [
                "ER_SUCCESS_MATCH",
                "ER_SUCCESS_MATCH",
                "ER_SUCCESS_NO_MATCH"
            ]
        );
    }

    #[test]
    fn a_sample_without_its_slot_leaves_it_empty() {
        let (intent, slots) = heard("shared-list", "add");
        assert_eq!(intent, "AddIntent");
        assert_eq!(
            slots["items"],
            json!({"name": "items", "confirmationStatus": "NONE"})
        );
    }

    #[test]
    fn synonyms_mean_the_value_that_they_stand_for() {
        let json = r#"{"interactionModel": {"languageModel": {
            "invocationName": "drinks",
            "intents": [{"name": "Order", "slots": [{"name": "drink", "type": "Drink"}], "samples": ["a {drink} please"]}],
            "types": [{"name": "Drink", "values": [{"id": "C", "name": {"value": "coffee", "synonyms": ["cup of joe"]}}]}]
        }}}"#;
        let model = Model::parse("en-US", json).unwrap();
        let understood = understand(&model, "a cup of Joe, please", true).unwrap();
        let slot = &understood.request["intent"]["slots"]["drink"];
        assert_eq!(slot["value"], "cup of joe");
        let value = &slot["resolutions"]["resolutionsPerAuthority"][0]["values"][0]["value"];
        assert_eq!(*value, json!({"name": "coffee", "id": "C"}));
    }

    #[test]
    fn an_intent_that_is_picked_takes_words_for_its_slots() {
        let model = model("high-low", "en-US");
        let guess = model.intent("GuessIntent").unwrap();
        for (words, value) in [("seven", "7"), ("7", "7"), ("milk", "?")] {
            let request = chosen(&model, guess, &[("number".into(), words.into())]);
            assert_eq!(
                request["intent"]["slots"]["number"]["value"], value,
                "{words}"
            );
        }
        let request = chosen(&model, guess, &[("moon".into(), "7".into())]);
        assert_eq!(request["intent"]["slots"]["number"]["value"], Json::Null);
    }

    #[test]
    fn whatever_is_said_is_answered() {
        for said in [
            "", " ", ",", ", , ,", "'s", "{number}", "\u{202e}", "and", "add ,", "🥛", "alexa", "İ",
        ] {
            for starter in STARTERS {
                for locale in starter.locales() {
                    let model = starter.model(locale).unwrap();
                    assert_eq!(understand(&model, said, false), None);
                    assert!(understand(&model, said, true).is_some());
                }
            }
        }
    }
}
