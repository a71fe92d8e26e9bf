use super::*;

fn model(starter: &str, locale: &str) -> InteractionModel {
    let starter = starters::named(starter).unwrap();
    let mut localizations = starter.localizations.iter();
    let localization = localizations.find(|known| known.locale == locale).unwrap();
    InteractionModel::parse(localization.locale, localization.interaction_model).unwrap()
}

/// The models of all starters in all locales, each with the phrases that its store page proposes.
fn models() -> impl Iterator<Item = (InteractionModel, &'static [&'static str])> {
    let localizations = starters::ALL
        .iter()
        .flat_map(|starter| starter.localizations);
    localizations.map(|localization| {
        let json = localization.interaction_model;
        let model = InteractionModel::parse(localization.locale, json).unwrap();
        (model, localization.example_phrases)
    })
}

fn intent_of(interpretation: &Interpretation) -> &str {
    let name = interpretation.request["intent"]["name"].as_str();
    name.or(interpretation.request["type"].as_str()).unwrap()
}

#[track_caller]
fn interpreted(starter: &str, said: &str) -> (String, Json) {
    let interpretation = interpret(&model(starter, "en-US"), said, true).unwrap();
    let slots = interpretation.request["intent"]["slots"].clone();
    (intent_of(&interpretation).to_owned(), slots)
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
    for (model, _) in models() {
        for intent in &model.intents {
            for sample in model.samples(intent) {
                let said = model.example(intent, sample);
                let interpretation = interpret(&model, &said, true).unwrap();
                let locale = model.locale;
                assert_eq!(
                    intent_of(&interpretation),
                    intent.name,
                    "{said} in {locale}"
                );
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
        let interpretation = interpret(&model, said, false);
        let interpretation =
            interpretation.unwrap_or_else(|| panic!("{said}: {}", model.invocation_name));
        assert_eq!(intent_of(&interpretation), "LaunchRequest", "{said}");
        assert!(interpretation.names_the_skill);
    }
}

#[test]
fn without_a_session_only_words_that_name_the_skill_reach_it() {
    let model = model("visit-counter", "en-US");
    assert_eq!(interpret(&model, "how often have I been here", false), None);
    assert_eq!(interpret(&model, "open shared list", false), None);
    let asked = interpret(
        &model,
        "ask visit counter how often I have been here",
        false,
    )
    .unwrap();
    assert_eq!(intent_of(&asked), "VisitsIntent");
    assert!(asked.names_the_skill);
    let asked = interpret(&model, "ask visit counter for the moon", false).unwrap();
    assert_eq!(intent_of(&asked), "AMAZON.FallbackIntent");
}

#[test]
fn every_example_phrase_opens_the_skill_or_reaches_an_intent_of_its_own() {
    for (model, phrases) in models() {
        for phrase in phrases {
            let interpretation = interpret(&model, phrase, false).expect(phrase);
            assert!(
                !intent_of(&interpretation).starts_with("AMAZON."),
                "{phrase}"
            );
        }
    }
}

#[test]
fn the_sample_that_shares_most_words_wins() {
    let (intent, slots) = interpreted("shared-list", "remove milk from the list");
    assert_eq!(
        (intent.as_str(), values(&slots["items"])),
        ("RemoveIntent", vec!["milk"])
    );
    let (intent, _) = interpreted("shared-list", "read the list");
    assert_eq!(intent, "ReadIntent");
}

#[test]
fn a_number_is_heard_in_words_and_anything_else_is_not() {
    let (intent, slots) = interpreted("high-low", "Is it forty-two?");
    assert_eq!(
        (intent.as_str(), values(&slots["number"])),
        ("GuessIntent", vec!["42"])
    );
    assert_eq!(
        interpreted("high-low", "is it milk").0,
        "AMAZON.FallbackIntent"
    );
    assert_eq!(interpreted("high-low", "what's my score").0, "ScoreIntent");
}

#[test]
fn several_things_are_divided_by_commas_and_and() {
    let (intent, slots) = interpreted("shared-list", "Add milk, olive oil and figs.");
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
    let (intent, slots) = interpreted("shared-list", "add");
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
    let model = InteractionModel::parse("en-US", json).unwrap();
    let interpretation = interpret(&model, "a cup of Joe, please", true).unwrap();
    let slot = &interpretation.request["intent"]["slots"]["drink"];
    assert_eq!(slot["value"], "cup of joe");
    let value = &slot["resolutions"]["resolutionsPerAuthority"][0]["values"][0]["value"];
    assert_eq!(*value, json!({"name": "coffee", "id": "C"}));
}

#[test]
fn an_intent_that_is_picked_takes_words_for_its_slots() {
    let model = model("high-low", "en-US");
    let guess = model.intent("GuessIntent").unwrap();
    for (words, value) in [("seven", "7"), ("7", "7"), ("milk", "?")] {
        let request = intent_request(&model, guess, &[("number".into(), words.into())]);
        assert_eq!(
            request["intent"]["slots"]["number"]["value"], value,
            "{words}"
        );
    }
    let request = intent_request(&model, guess, &[("moon".into(), "7".into())]);
    assert_eq!(request["intent"]["slots"]["number"]["value"], Json::Null);
}

#[test]
fn whatever_is_said_is_answered() {
    for said in [
        "", " ", ",", ", , ,", "'s", "{number}", "\u{202e}", "and", "add ,", "🥛", "alexa", "İ",
    ] {
        for (model, _) in models() {
            assert_eq!(interpret(&model, said, false), None);
            assert!(interpret(&model, said, true).is_some());
        }
    }
}
