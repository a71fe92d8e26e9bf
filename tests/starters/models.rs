//! What Alexa understands is what the skill answers.

use std::collections::BTreeSet;

use simulator::Conversation;

use crate::files::{Files, Intent, LanguageModel};
use crate::{UNHANDLED, build};

#[test]
fn every_intent_of_a_model_has_a_handler_and_every_handler_an_intent() {
    for starter in starters::ALL {
        let skill = build(starter);
        let handled: BTreeSet<&str> = skill.intents().collect();
        for (locale, model) in starter.models() {
            let understood: BTreeSet<&str> =
                model.intents.iter().map(|intent| &*intent.name).collect();
            assert_eq!(handled, understood, "{} in {locale}", starter.name);
        }
    }
}

#[tokio::test]
async fn no_intent_of_a_model_is_left_to_the_fallback() {
    for starter in starters::ALL {
        for (locale, model) in starter.models() {
            for intent in model.intents {
                let mut user = Conversation::with(build(starter)).locale(&locale);
                let answer = user.intent(&intent.name, []).await.unwrap();
                let name = format!("{} of {} in {locale}", intent.name, starter.name);
                assert_ne!(answer.speech(), UNHANDLED, "{name}");
                assert_ne!(answer.speech(), "", "{name}");
            }
        }
    }
}

#[tokio::test]
async fn an_intent_of_no_model_is_left_to_the_fallback() {
    for starter in starters::ALL {
        let mut user = Conversation::with(build(starter));
        let answer = user.intent("MadeUpIntent", []).await.unwrap();
        assert_eq!(answer.speech(), UNHANDLED, "{}", starter.name);
    }
}

#[test]
fn every_locale_of_a_manifest_has_a_model() {
    for starter in starters::ALL {
        let manifest = starter.manifest();
        let listed = manifest["publishingInformation"]["locales"].as_object();
        let listed: BTreeSet<&String> = listed.unwrap().keys().collect();
        let models = starter.models();
        assert_eq!(listed, models.keys().collect(), "{}", starter.name);
    }
}

#[test]
fn facts_are_told_in_all_locales_of_their_languages() {
    let facts = starters::ALL.iter().find(|starter| starter.name == "facts");
    let locales: Vec<String> = facts.unwrap().models().into_keys().collect();
    let all = [
        "en-AU", "en-CA", "en-GB", "en-IN", "en-US", "es-ES", "es-MX", "es-US", "fr-CA", "fr-FR",
    ];
    assert_eq!(locales, all);
}

#[test]
fn example_phrases_are_understood() {
    for starter in starters::ALL {
        let models = starter.models();
        let manifest = starter.manifest();
        let locales = &manifest["publishingInformation"]["locales"];
        for (locale, text) in locales.as_object().unwrap() {
            let model = &models[locale];
            let phrases = text["examplePhrases"].as_array().unwrap();
            assert!((1..=3).contains(&phrases.len()));
            for phrase in phrases.iter().map(|phrase| phrase.as_str().unwrap()) {
                let name = &model.invocation_name;
                let opened = phrase.starts_with("Alexa, ") && phrase.ends_with(name);
                let asked = || samples(model).any(|sample| asks(phrase, name, sample));
                assert!(opened || asked(), "{} in {locale}: {phrase}", starter.name);
            }
        }
    }
}

/// Whether a phrase, without the words that join the two, is the skill's name and a sample.
fn asks(phrase: &str, name: &str, sample: &str) -> bool {
    let rest = phrase.replacen(name, "", 1);
    rest != phrase && rest.contains(sample)
}

fn samples(model: &LanguageModel) -> impl Iterator<Item = &str> {
    let intents = model.intents.iter();
    intents.flat_map(|intent| intent.samples.iter().map(String::as_str))
}

#[test]
fn models_keep_alexas_rules() {
    for starter in starters::ALL {
        for (locale, model) in starter.models() {
            let at = format!("{} in {locale}", starter.name);
            let words = model.invocation_name.split(' ').count();
            assert!(words >= 2, "{at}: an invocation name of one word");
            let lower = model.invocation_name.to_lowercase();
            assert_eq!(model.invocation_name, lower, "{at}");

            let all: Vec<String> = samples(&model).map(str::to_lowercase).collect();
            let different: BTreeSet<&String> = all.iter().collect();
            assert_eq!(all.len(), different.len(), "{at}: a sample stands twice");
            for intent in &model.intents {
                keeps_rules(intent, &model, &format!("{at}: {}", intent.name));
            }
        }
    }
}

fn keeps_rules(intent: &Intent, model: &LanguageModel, at: &str) {
    let built_in = intent.name.starts_with("AMAZON.");
    let name_of_own = |c: char| c.is_ascii_alphabetic() || c == '_';
    assert!(built_in || intent.name.chars().all(name_of_own), "{at}");
    assert!(
        built_in || !intent.samples.is_empty(),
        "{at} has no samples"
    );

    for slot in &intent.slots {
        let built_in = slot.r#type.starts_with("AMAZON.");
        let declared = model.types.iter().any(|known| known.name == slot.r#type);
        assert!(built_in || declared, "{at}: no type {}", slot.r#type);
        let used = format!("{{{}}}", slot.name);
        let mut samples = intent.samples.iter();
        assert!(samples.any(|sample| sample.contains(&used)), "{at}: {used}");
        assert!(
            slot.multiple_values
                .as_ref()
                .is_none_or(|list| list.enabled)
        );
    }
    for sample in &intent.samples {
        let mut words = sample.clone();
        for slot in &intent.slots {
            words = words.replace(&format!("{{{}}}", slot.name), "");
        }
        // "Create the Interaction Model": numbers are spelt out, and punctuation has no place.
        let spoken = |c: char| c.is_alphabetic() || " .'-".contains(c);
        assert!(words.chars().all(spoken), "{at}: {sample}");
    }
}
