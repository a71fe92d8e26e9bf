//! A handler says what it needs: the arguments that it may ask for.

use std::sync::Mutex;

use alexa_skill::attributes::{Attributes, Value};
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, Save};
use alexa_skill::{
    BuildError, Error, FromTurn, Kept, Locale, Persistent, Provided, Requirements, Response,
    Result, Session, Skill, Turn,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use simulator::Conversation;

use crate::turns::{named, write_behind_its_back};
use crate::{Counted, Runs, SKILL_ID, Visits, launch, welcome};

/// What was made, in its order.
#[derive(Default)]
struct Made(Mutex<String>);

impl Made {
    fn names(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

/// An argument that notes when it is made.
struct Noted<const NAME: char>;

impl<const NAME: char> FromTurn for Noted<NAME> {
    async fn from_turn(turn: &Turn) -> Result<Self> {
        if turn.kept::<Made>().is_none() {
            turn.keep(Made::default());
        }
        turn.kept::<Made>().unwrap().0.lock().unwrap().push(NAME);
        Ok(Noted)
    }
}

/// An argument that cannot be made.
#[derive(Debug)]
struct Never;

impl FromTurn for Never {
    async fn from_turn(_: &Turn) -> Result<Never> {
        Err(Error::Handler("never".into()))
    }
}

/// A table in which the count of `u` is a text.
async fn unreadable() -> Counted {
    let table = Counted::default();
    let save = Save {
        key: &Key::from("u"),
        read: &Item::default(),
        attributes: &Attributes::from([("count".into(), Value::from("many"))]),
        request_id: "another",
    };
    table.memory.save(save).await.unwrap();
    table
}

#[tokio::test]
async fn arguments_are_made_from_left_to_right() {
    async fn order(
        _: Noted<'c'>,
        _: Noted<'a'>,
        _: Result<Noted<'d'>>,
        _: Noted<'b'>,
        made: Kept<Made>,
    ) -> String {
        made.names()
    }
    let answer = launch(Skill::builder(SKILL_ID).on_launch(order)).await;
    assert_eq!(answer.unwrap().speech(), "cadb");
}

#[tokio::test]
async fn an_argument_that_cannot_be_made_fails_the_turn_before_those_to_its_right_are_made() {
    async fn handler(_: Never, _: Persistent<Visits>) {}
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(handler);
    let error = launch(skill).await.unwrap_err();
    assert_eq!(error.to_string(), "the handler failed: never");
    assert_eq!(table.loads_and_saves(), (0, 0));
}

#[tokio::test]
async fn a_handler_may_ask_for_eight_things() {
    #[expect(clippy::too_many_arguments, reason = "eight is what this is about")]
    async fn eight(
        turn: Turn,
        locale: Locale,
        visits: Persistent<Visits>,
        session: Option<Session<Visits>>,
        runs: Provided<Runs>,
        _: Noted<'a'>,
        made: Kept<Made>,
        never: Result<Never>,
    ) -> String {
        let request = &turn.request().request_type;
        let (visits, session) = (visits.count, session.is_some());
        let (runs, made) = (runs.count(), made.names());
        let never = never.is_err();
        format!(
            "{request} {} {visits} {session} {runs} {made} {never}",
            &*locale
        )
    }
    let skill = Skill::builder(SKILL_ID)
        .persistence(Counted::default())
        .provide(Runs::default())
        .on_launch(eight);
    let answer = launch(skill).await.unwrap();
    assert_eq!(answer.speech(), "LaunchRequest en-US 0 true 0 a true");
}

#[tokio::test]
async fn a_table_is_read_because_the_signature_asks_for_it() {
    async fn asks(_: Persistent<Visits>) {}
    async fn asks_for_a_result(_: Result<Persistent<Visits>>) {}
    async fn asks_for_other_things(_: Turn, _: Session<Visits>, _: Locale) {}
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(asks)
        .on_intent("Result", asks_for_a_result)
        .on_intent("Other", asks_for_other_things);
    let mut user = Conversation::with(skill.build().unwrap());
    user.intent("Other", []).await.unwrap();
    assert_eq!(table.loads_and_saves(), (0, 0));
    user.launch().await.unwrap();
    assert_eq!(table.loads_and_saves(), (1, 0));
    user.intent("Result", []).await.unwrap();
    assert_eq!(table.loads_and_saves(), (2, 0));
}

#[tokio::test]
async fn a_result_as_an_argument_never_fails_the_turn() {
    async fn look(visits: Result<Persistent<Visits>>) -> String {
        match visits {
            Ok(visits) => format!("visit {}", visits.count),
            Err(error) => format!("no visits: {}", error.name()),
        }
    }
    let skill = || Skill::builder(SKILL_ID).on_launch(look);
    let answer = launch(skill().persistence(Counted::default())).await;
    assert_eq!(answer.unwrap().speech(), "visit 0");
    let answer = launch(skill().persistence(unreadable().await)).await;
    assert_eq!(answer.unwrap().speech(), "no visits: State");
    let answer = launch(skill()).await;
    assert_eq!(answer.unwrap().speech(), "no visits: NoPersistence");
}

#[tokio::test]
async fn what_a_handler_changed_behind_a_result_is_saved() {
    async fn count(visits: Result<Persistent<Visits>>) -> Result<()> {
        visits?.count += 1;
        Ok(())
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(count);
    launch(skill).await.unwrap();
    let attributes = table.load(&Key::from("u")).await.unwrap().attributes;
    assert_eq!(attributes["count"], Value::from(1));
}

#[tokio::test]
async fn a_session_that_may_be_absent_is_none_only_outside_of_one() {
    async fn may(session: Option<Session<Visits>>) -> String {
        format!("{session:?}")
    }
    async fn must(_: Session<Visits>) {}
    let skill = Skill::builder(SKILL_ID)
        .on_launch(may)
        .on_request_type("AlexaSkillEvent.SkillEnabled", may)
        .on_request_type("AlexaSkillEvent.SkillPermissionAccepted", must);
    let skill = skill.build().unwrap();
    let mut user = Conversation::with(skill.clone());
    let answer = user.launch().await.unwrap();
    assert_eq!(answer.speech(), "Some(Visits { count: 0 })");

    let mut outside = async |request: &str| {
        let mut envelope = user.envelope(json!({"type": request}));
        envelope.as_object_mut().unwrap().remove("session");
        skill.answer_json(envelope.to_string().as_bytes()).await
    };
    let answer = outside("AlexaSkillEvent.SkillEnabled").await.unwrap();
    assert!(String::from_utf8(answer).unwrap().contains("None"));
    let error = outside("AlexaSkillEvent.SkillPermissionAccepted").await;
    assert_eq!(error.unwrap_err().name(), "NoSession");

    // One that is there and does not fit is not passed over.
    let mut envelope = user.envelope(json!({"type": "LaunchRequest"}));
    envelope["session"]["attributes"] = json!({"count": "many"});
    let answer = skill.answer_json(envelope.to_string().as_bytes()).await;
    assert_eq!(answer.unwrap_err().name(), "State");
}

#[tokio::test]
async fn on_a_conflict_all_arguments_are_made_anew() {
    async fn meddling(
        mut session: Session<Visits>,
        _: Noted<'a'>,
        made: Kept<Made>,
        mut visits: Persistent<Visits>,
        table: Provided<Counted>,
        runs: Provided<Runs>,
    ) -> String {
        session.count += 1;
        visits.count += 1;
        if runs.another() == 1 {
            write_behind_its_back(&table, 10).await;
        }
        let made = made.names();
        format!("visit {}, turn {}, {made}", visits.count, session.count)
    }
    let (table, runs) = (Counted::default(), Runs::default());
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .provide(table)
        .provide(runs.clone())
        .on_launch(meddling);
    // Neither the session nor what was kept is that of the run which was in vain.
    assert_eq!(launch(skill).await.unwrap().speech(), "visit 11, turn 1, a");
    assert_eq!(runs.count(), 2);
}

#[tokio::test]
async fn a_locale_is_that_of_the_request_and_empty_where_nobody_speaks() {
    async fn locale(locale: Locale) -> String {
        format!("{:?} {:?}", &*locale, locale.language())
    }
    let skill = Skill::builder(SKILL_ID).fallback(locale).build().unwrap();
    let mut user = Conversation::with(skill.clone()).locale("fr-CA");
    let answer = user.launch().await.unwrap();
    assert_eq!(answer.speech(), r#""fr-CA" "fr""#);
    let unspoken = json!({"type": "AlexaSkillEvent.SkillEnabled", "locale": null});
    assert_eq!(user.send(unspoken).await.unwrap().speech(), r#""" """#);
}

#[tokio::test]
async fn what_the_skill_was_given_is_there_for_every_user_and_turn() {
    async fn count(runs: Provided<Runs>) -> String {
        runs.another().to_string()
    }
    let runs = Runs::default();
    let skill = Skill::builder(SKILL_ID)
        .provide(runs.clone())
        .on_launch(count);
    let skill = skill.build().unwrap();
    for expected in ["1", "2"] {
        let answer = Conversation::with(skill.clone()).launch().await.unwrap();
        assert_eq!(answer.speech(), expected);
    }
    assert_eq!(runs.count(), 2);
}

#[test]
fn a_skill_that_was_not_given_what_a_handler_asks_for_cannot_be_built() {
    async fn handler(_: Turn, _: Result<Provided<Runs>>) {}
    async fn before(_: Provided<Runs>) {}
    async fn after(response: Response, _: Provided<Runs>) -> Response {
        response
    }
    async fn sorry(_: Error, _: Provided<Runs>) {}
    for skill in [
        Skill::builder(SKILL_ID).on_launch(handler),
        Skill::builder(SKILL_ID).fallback(handler),
        Skill::builder(SKILL_ID).before(before),
        Skill::builder(SKILL_ID).after(after),
        Skill::builder(SKILL_ID).on_error(sorry),
    ] {
        let error = skill.build().unwrap_err();
        let BuildError::NotProvided { type_name } = error else {
            panic!("{error}")
        };
        assert_eq!(type_name, "suite::Runs");
    }
    let given = Skill::builder(SKILL_ID).on_launch(handler);
    given.provide(Runs::default()).build().unwrap();
}

#[tokio::test]
async fn what_nobody_kept_fails_the_turn_by_name() {
    async fn handler(_: Kept<Made>) {}
    let answer = launch(Skill::builder(SKILL_ID).on_launch(handler)).await;
    assert_eq!(named(answer), "NotKept");
}

/// The arguments of several handlers as one of their own.
struct Player {
    visits: Persistent<Visits>,
    runs: Provided<Runs>,
}

impl FromTurn for Player {
    fn requires(requirements: &mut Requirements) {
        Persistent::<Visits>::requires(requirements);
        Provided::<Runs>::requires(requirements);
    }

    async fn from_turn(turn: &Turn) -> Result<Player> {
        Ok(Player {
            visits: Persistent::from_turn(turn).await?,
            runs: Provided::from_turn(turn).await?,
        })
    }
}

#[tokio::test]
async fn an_argument_of_the_skills_own_may_be_made_of_others() {
    async fn play(mut player: Player) -> String {
        player.visits.count += player.runs.another();
        format!("visit {}", player.visits.count)
    }
    let table = Counted::default();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .provide(Runs::default())
        .on_launch(play);
    assert_eq!(launch(skill).await.unwrap().speech(), "visit 1");
    assert_eq!(table.loads_and_saves(), (1, 1));
}

#[tokio::test]
async fn a_state_inside_of_another_argument_counts_as_an_open_one() {
    async fn play(_: Player, _: Persistent<Visits>) {}
    let skill = Skill::builder(SKILL_ID)
        .persistence(Counted::default())
        .provide(Runs::default())
        .on_launch(play);
    assert_eq!(named(launch(skill).await), "StateOpen");
}

#[test]
fn an_argument_of_the_skills_own_passes_on_what_it_requires() {
    async fn play(_: Player) {}
    let skill = Skill::builder(SKILL_ID)
        .persistence(Counted::default())
        .on_launch(play);
    let error = skill.build().unwrap_err();
    assert!(matches!(error, BuildError::NotProvided { .. }), "{error}");
}

#[test]
fn every_state_that_is_asked_for_must_be_able_to_grow() {
    #[derive(Default, Serialize, Deserialize)]
    struct Rigid {
        games: u32,
    }
    struct Own;
    impl FromTurn for Own {
        fn requires(requirements: &mut Requirements) {
            Session::<Rigid>::requires(requirements);
        }
        async fn from_turn(_: &Turn) -> Result<Own> {
            Ok(Own)
        }
    }
    async fn asks(_: Persistent<Rigid>) {}
    async fn asks_for_a_result(_: Result<Persistent<Rigid>>) {}
    async fn asks_for_a_session(_: Session<Rigid>) {}
    async fn asks_for_a_session_perhaps(_: Option<Session<Rigid>>) {}
    async fn asks_for_its_own(_: Own) {}
    async fn after(response: Response, _: Persistent<Rigid>) -> Response {
        response
    }
    async fn sorry(_: Error, _: Persistent<Rigid>) {}
    let skill = || Skill::builder(SKILL_ID);
    for (place, skill) in [
        ("a handler", skill().on_launch(asks)),
        ("a result", skill().on_intent("Any", asks_for_a_result)),
        ("a session", skill().on_session_ended(asks_for_a_session)),
        (
            "an option",
            skill().on_request_type("Any", asks_for_a_session_perhaps),
        ),
        ("its own", skill().on_when(|_| true, asks_for_its_own)),
        ("a fallback", skill().fallback(asks)),
        ("before", skill().before(asks)),
        ("after", skill().after(after)),
        ("an error handler", skill().on_error(sorry)),
        (
            "one of some errors",
            skill().on_error_when(|_, _| true, sorry),
        ),
    ] {
        let Err(BuildError::CannotGrow { type_name, field }) = skill.build() else {
            panic!("{place} can ask for it");
        };
        assert!(type_name.ends_with("::Rigid"), "{type_name}");
        assert_eq!(field, "games");
    }
}

#[test]
fn a_state_that_is_no_struct_and_no_map_cannot_be_built() {
    async fn number(_: Persistent<u32>) {}
    async fn session(_: Option<Session<String>>) {}
    for skill in [
        Skill::builder(SKILL_ID).on_launch(number),
        Skill::builder(SKILL_ID).on_launch(session),
    ] {
        let error = skill.build().unwrap_err();
        assert!(matches!(error, BuildError::State { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_closure_is_a_handler_too() {
    let greeting = "hello";
    let skill = Skill::builder(SKILL_ID)
        .persistence(Counted::default())
        .on_launch(move |visits: Persistent<Visits>| async move {
            format!("{greeting}, {}", welcome(visits).await)
        });
    assert_eq!(launch(skill).await.unwrap().speech(), "hello, visit 1");
}
