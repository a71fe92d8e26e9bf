//! What a handler may answer, and what of it goes to Alexa.

use alexa_skill::{BoxError, Error, Response, Result, Skill, Ssml};
use serde_json::{Value as Json, json};
use simulator::Answer;

use crate::turns::named;
use crate::{SKILL_ID, launch};

/// What Alexa gets for an answer of a handler, without the envelope.
macro_rules! response {
    ($answer:expr) => {{
        let skill = Skill::builder(SKILL_ID).on_launch(async || $answer);
        launch(skill)
            .await
            .map(|answer| answer.json()["response"].clone())
    }};
}

fn told(ssml: &str) -> Json {
    json!({"outputSpeech": {"type": "SSML", "ssml": ssml}, "shouldEndSession": true})
}

#[tokio::test]
async fn a_string_is_said_and_ends_the_session() {
    let expected = told("<speak>Bye.</speak>");
    assert_eq!(response!("Bye.").unwrap(), expected);
    assert_eq!(response!(String::from("Bye.")).unwrap(), expected);
    assert_eq!(response!(Response::tell("Bye.")).unwrap(), expected);
    assert_eq!(response!(Ssml::new("Bye.")).unwrap(), expected);
}

#[tokio::test]
async fn a_question_keeps_the_session_open() {
    let mut expected = told("<speak>Well?</speak>");
    expected["shouldEndSession"] = false.into();
    assert_eq!(response!(Response::ask("Well?")).unwrap(), expected);
}

#[tokio::test]
async fn nothing_is_an_answer_that_says_nothing() {
    assert_eq!(response!(()).unwrap(), json!({}));
    assert_eq!(response!(Response::new()).unwrap(), json!({}));
}

#[tokio::test]
async fn a_result_is_its_answer_or_its_error() {
    let expected = told("<speak>Bye.</speak>");
    assert_eq!(response!(Ok::<_, Error>("Bye.")).unwrap(), expected);
    assert_eq!(response!(Ok::<_, BoxError>("Bye.")).unwrap(), expected);
    let nested = response!(Ok::<_, BoxError>(Ok::<_, Error>("Bye.")));
    assert_eq!(nested.unwrap(), expected);
    let failed = response!("seven".parse::<u32>().map(drop));
    assert_eq!(named(failed), "Handler");
}

#[tokio::test]
async fn an_error_of_the_library_stays_what_it_is_behind_a_boxed_one() {
    async fn handler() -> Result<(), BoxError> {
        Err(Error::NoSession)?;
        Ok(())
    }
    let answer = launch(Skill::builder(SKILL_ID).on_launch(handler)).await;
    assert_eq!(named(answer), "NoSession");
}

#[tokio::test]
async fn a_string_is_plain_text_whose_markup_is_escaped_and_no_more() {
    const TEXT: &str = "Tom & Jerry's \"<5>\" &amp; é 😀";
    let escaped = "Tom &amp; Jerry's \"&lt;5&gt;\" &amp;amp; é 😀";
    let expected = told(&format!("<speak>{escaped}</speak>"));
    assert_eq!(response!(TEXT).unwrap(), expected);
    assert_eq!(response!(TEXT.to_owned()).unwrap(), expected);
    let answer = response!(Response::new().speak(TEXT).reprompt(TEXT)).unwrap();
    let said = |place: &str| answer.pointer(place).unwrap().as_str().unwrap().to_owned();
    let expected = format!("<speak>{escaped}</speak>");
    assert_eq!(said("/outputSpeech/ssml"), expected);
    assert_eq!(said("/reprompt/outputSpeech/ssml"), expected);
}

#[tokio::test]
async fn markup_has_a_type_and_goes_through_as_it_is() {
    const MARKUP: &str = "One <break time=\"1s\"/> two &amp; <sub alias='three'>3</sub>";
    let expected = told(&format!("<speak>{MARKUP}</speak>"));
    assert_eq!(response!(Ssml::new(MARKUP)).unwrap(), expected);
    let answer = response!(Response::ask(Ssml::new(MARKUP)).reprompt(Ssml::new(MARKUP)));
    let answer = answer.unwrap();
    let ssml = format!("<speak>{MARKUP}</speak>");
    assert_eq!(answer["outputSpeech"]["ssml"], ssml);
    assert_eq!(answer["reprompt"]["outputSpeech"]["ssml"], ssml);
}

#[tokio::test]
async fn an_answer_to_alexa_names_version_and_library() {
    let answer: Answer = launch(Skill::builder(SKILL_ID).on_launch(async || "hello"))
        .await
        .unwrap();
    assert_eq!(answer.json()["version"], "1.0");
    let agent = answer.json()["userAgent"].as_str().unwrap();
    assert!(agent.starts_with("alexa-skill/"), "{agent}");
}
