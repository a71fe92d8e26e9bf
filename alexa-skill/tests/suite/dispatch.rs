//! Which handler answers.

use alexa_skill::{BoxError, Error, Response, Result, Session, Skill, Turn};
use serde_json::json;
use simulator::Conversation;

use crate::turns::named;
use crate::{SKILL_ID, Visits};

#[tokio::test]
async fn a_handler_is_found_by_intent_name_and_the_fallback_takes_the_rest() {
    async fn bye() -> &'static str {
        "bye"
    }
    async fn what(turn: Turn) -> String {
        format!("what is {}?", turn.request().request_type)
    }
    let skill = Skill::builder(SKILL_ID).on_intent("AMAZON.StopIntent", bye);
    let mut strict = Conversation::with(skill.build().unwrap());
    assert_eq!(
        strict
            .intent("AMAZON.StopIntent", [])
            .await
            .unwrap()
            .speech(),
        "bye"
    );
    let error = strict.intent("Unheard", []).await.unwrap_err();
    assert!(
        error.to_string().contains("IntentRequest `Unheard`"),
        "{error}"
    );
    assert_eq!(named::<()>(Err(error)), "NoHandler");
    assert_eq!(
        strict.end_session("USER_INITIATED").await.unwrap().speech(),
        ""
    );

    let skill = Skill::builder(SKILL_ID)
        .on_intent("AMAZON.StopIntent", bye)
        .fallback(what);
    let mut open = Conversation::with(skill.build().unwrap());
    assert_eq!(
        open.launch().await.unwrap().speech(),
        "what is LaunchRequest?"
    );
    let unknown = json!({"type": "Alexa.Unheard.Of", "novelty": [1]});
    assert_eq!(
        open.send(unknown).await.unwrap().speech(),
        "what is Alexa.Unheard.Of?"
    );
}

#[tokio::test]
async fn after_a_failure_only_the_first_matching_error_handler_runs() {
    async fn fail(mut session: Session<Visits>) -> Result<(), BoxError> {
        session.count = 5;
        Err("oh".into())
    }
    async fn never(_: Response) -> Result<(), BoxError> {
        Err("a response interceptor ran after a failure".into())
    }
    let says = |text: &'static str| move |_: Error| async move { text };
    let skill = Skill::builder(SKILL_ID)
        .on_launch(fail)
        .after(never)
        .on_error_when(|_, error| error.name() == "Conflict", says("conflict"))
        .on_error_when(|turn, _| turn.is_new_session(), says("first"))
        .on_error(says("any"));
    let answer = Conversation::with(skill.build().unwrap())
        .launch()
        .await
        .unwrap();
    assert_eq!(answer.speech(), "first");
    assert!(answer.session_attributes().unwrap().is_empty());
}

#[tokio::test]
async fn the_first_handler_that_matches_answers() {
    let says = |text: &'static str| move || async move { Response::ask(text) };
    let skill = Skill::builder(SKILL_ID)
        .on_when(|turn| turn.slot("Number") == Some("7"), says("seven"))
        .on_intent("Guess", says("guess"))
        .on_request_type("AudioPlayer.PlaybackStopped", says("stopped"));
    let mut user = Conversation::with(skill.build().unwrap());
    assert_eq!(
        user.intent("Guess", [("Number", "7")])
            .await
            .unwrap()
            .speech(),
        "seven"
    );
    assert_eq!(
        user.intent("Guess", [("Number", "8")])
            .await
            .unwrap()
            .speech(),
        "guess"
    );
    let stopped = json!({"type": "AudioPlayer.PlaybackStopped", "token": "t"});
    assert_eq!(user.send(stopped).await.unwrap().speech(), "stopped");
}
