//! Every error of the library is provoked, and its message is what the guide shows.

use std::collections::HashMap;

use alexa_skill::attributes::to_attributes;
use alexa_skill::persistence::dynamodb::{DynamoDb, Layout};
use alexa_skill::persistence::{Item, Key, Location, PersistenceAdapter, PersistenceError, Save};
use alexa_skill::{
    BoxError, Error, FromTurn, Kept, Persistent, Provided, Result, Session, Skill, Slots, Turn,
};
use aws_sdk_dynamodb::types::AttributeValue;
use local_dynamodb::LocalDynamoDb;
use serde_json::json;
use simulator::Conversation;
use snapbox::file;

use crate::faults;
use crate::messages::Messages;
use crate::proxy::{Fault, Proxy};
use crate::{Visits, welcome};

const SKILL_ID: &str = "amzn1.ask.skill.mine";
const USER_ID: &str = "amzn1.ask.account.AEXAMPLEUSER";
const TABLE: &str = "VisitCounter";

fn add(messages: &mut Messages, error: BoxError) {
    let error = error.downcast::<Error>().unwrap();
    messages.add(error.name(), error);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_named() {
    async fn ask(turn: Turn) -> Result<()> {
        turn.request().reason()?;
        Ok(())
    }
    async fn count(_: Session<Visits>) {}
    let skill = Skill::builder(SKILL_ID)
        .on_launch(welcome)
        .on_intent("ReasonIntent", ask)
        .on_request_type("AlexaSkillEvent.SkillEnabled", count)
        .build()
        .unwrap();
    let mut messages = Messages::default();
    for body in ["Alexa, open visit counter", r#"{"request": {}}"#] {
        let error = skill.answer_json(body.as_bytes()).await.unwrap_err();
        add(&mut messages, error.into());
    }
    let mut stranger = Conversation::over(skill.clone(), "amzn1.ask.skill.another");
    add(&mut messages, stranger.launch().await.unwrap_err());

    let mut user = Conversation::with(skill.clone()).user(USER_ID);
    let answer = user.intent("SingIntent", []).await;
    add(&mut messages, answer.unwrap_err());
    let answer = user.intent("ReasonIntent", []).await;
    add(&mut messages, answer.unwrap_err());
    add(&mut messages, user.launch().await.unwrap_err());
    let event = json!({"type": "AlexaSkillEvent.SkillEnabled", "requestId": "r", "timestamp": "2026-11-22T12:00:00Z"});
    let mut event = user.envelope(event);
    event.as_object_mut().unwrap().remove("session");
    let error = skill.answer_json(event.to_string().as_bytes()).await;
    add(&mut messages, error.unwrap_err().into());
    messages.compare(file!["../snapshots/request-errors.txt"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_handler_is_named() {
    async fn greedy(_first: Persistent<Visits>, turn: Turn) -> Result<()> {
        let _second = turn.persistent::<Visits>().await?;
        Ok(())
    }
    async fn hoard(mut hoard: Persistent<HashMap<String, String>>) {
        hoard.insert("text".into(), "x".repeat(400 * 1024));
    }
    async fn disagree(mut state: Persistent<misfits::Disagreeing>) {
        state.count += 1;
    }
    async fn fail() -> Result<(), BoxError> {
        Err("the weather service is down".into())
    }
    async fn guess(_: Slots<Guess>) {}
    async fn ask_what_nobody_kept(_: Kept<Guess>) {}
    async fn ask_what_nobody_gave(turn: Turn) -> Result<()> {
        Provided::<Guess>::from_turn(&turn).await.map(drop)
    }
    async fn panic() {
        panic!("this handler panics, as the test wants it to");
    }
    async fn read_after_a_failure(_: Error, visits: Result<Persistent<Visits>>) -> Result<()> {
        visits.map(drop)
    }
    async fn change_after_a_failure(_: Error, mut visits: Persistent<Visits>) {
        visits.count += 1;
    }
    let local = LocalDynamoDb::embedded().unwrap();
    let table = DynamoDb::new(local.client(), TABLE);
    table.ensure_table().await.unwrap();
    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(welcome)
        .on_intent("GreedyIntent", greedy)
        .on_intent("HoardIntent", hoard)
        .on_intent("FailIntent", fail)
        .on_intent("DisagreeIntent", disagree)
        .on_intent("GuessIntent", guess)
        .on_intent("KeptIntent", ask_what_nobody_kept)
        .on_intent("ProvidedIntent", ask_what_nobody_gave)
        .on_intent("PanicIntent", panic)
        .build()
        .unwrap();
    let mut user = Conversation::with(skill.clone()).user(USER_ID);
    let mut messages = Messages::default();
    for intent in [
        "GreedyIntent",
        "HoardIntent",
        "FailIntent",
        "KeptIntent",
        "ProvidedIntent",
        "PanicIntent",
    ] {
        add(&mut messages, user.intent(intent, []).await.unwrap_err());
    }
    let answer = user.intent("GuessIntent", [("number", "a few")]).await;
    add(&mut messages, answer.unwrap_err());

    let forgiving = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_intent("GreedyIntent", greedy)
        .on_error(change_after_a_failure)
        .build()
        .unwrap();
    let mut forgiven = Conversation::with(forgiving).user(USER_ID);
    let answer = forgiven.intent("GreedyIntent", []).await;
    add(&mut messages, answer.unwrap_err());
    let curious = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(fail)
        .on_error(read_after_a_failure)
        .build()
        .unwrap();
    let mut early = Conversation::with(curious).user(USER_ID);
    add(&mut messages, early.launch().await.unwrap_err());

    let mut nobody = user.envelope(
        json!({"type": "LaunchRequest", "requestId": "r", "timestamp": "2026-11-22T12:00:00Z"}),
    );
    for place in ["/session", "/context/System"] {
        let holder = nobody.pointer_mut(place).unwrap().as_object_mut();
        holder.unwrap().remove("user");
    }
    let error = skill.answer_json(nobody.to_string().as_bytes()).await;
    add(&mut messages, error.unwrap_err().into());

    for (attribute, value) in [
        (
            "mapAttr",
            AttributeValue::M([("count".into(), AttributeValue::S("two".into()))].into()),
        ),
        ("mapAttr", AttributeValue::S("two".into())),
    ] {
        let put = local.client().put_item().table_name(TABLE);
        let put = put.item("userId", AttributeValue::S(USER_ID.into()));
        put.item(attribute, value).send().await.unwrap();
        add(&mut messages, user.launch().await.unwrap_err());
    }

    for (name, error) in misfits::all() {
        messages.add(name, error);
    }
    let mut other = Conversation::with(skill.clone()).user("another");
    let disagreed = other.intent("DisagreeIntent", []).await.unwrap_err();
    let Ok(Error::State { source, .. }) = disagreed.downcast().map(|error: Box<Error>| *error)
    else {
        panic!("the type reads another name than it writes");
    };
    messages.add("ReadsDifferently", source);
    messages.compare(file!["../snapshots/handler-errors.txt"]);
}

#[test]
fn what_is_wrong_with_a_skill_is_named_when_it_is_built() {
    async fn play(_: Persistent<Player>) {}
    async fn count(_: Persistent<u32>) {}
    async fn call(_: Provided<Player>) {}

    let mut messages = Messages::default();
    let skill = || Skill::builder(SKILL_ID);
    for (name, skill) in [
        ("CannotGrow", skill().on_launch(play)),
        ("State", skill().on_launch(count)),
        ("NotProvided", skill().on_launch(call)),
    ] {
        let error = skill.build().unwrap_err();
        let variant = format!("{error:?}");
        assert!(variant.starts_with(name), "{variant}");
        messages.add(name, error);
    }
    messages.compare(file!["../snapshots/build-errors.txt"]);
}

/// A state as a beginner writes it.
#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Player {
    games: u32,
}

#[derive(Debug, serde::Deserialize)]
struct Guess {
    #[expect(dead_code, reason = "only serde asks for it")]
    number: u32,
}

/// Each way in which attributes and Rust types can disagree.
mod misfits {
    use std::collections::BTreeMap;

    use alexa_skill::attributes::{
        AttributesError, Number, NumberError, Set, from_attributes, to_attributes,
    };
    use serde::{Deserialize, Serialize};
    use serde_json::{Value as Json, json};

    #[derive(Debug, Default, Serialize, Deserialize)]
    pub struct Disagreeing {
        #[serde(default, rename(serialize = "written", deserialize = "read"))]
        pub count: u32,
    }

    #[derive(Debug, Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Game {
        players: Vec<Player>,
        color: Option<Color>,
        moves: BTreeMap<String, (u8, u8)>,
    }

    #[derive(Debug, Serialize, Deserialize)]
    struct Player {
        #[serde(alias = "points")]
        score: u8,
        #[serde(default)]
        token: Option<Option<u8>>,
        #[serde(default)]
        address: Option<std::net::IpAddr>,
    }

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Color {
        White,
        Black,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only serde asks for it")]
    struct Strict {
        count: u32,
    }

    #[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
    #[serde(untagged)]
    enum Element {
        Number(u32),
        Text(String),
        Flags(Vec<bool>),
        Spelled(#[serde(serialize_with = "as_text")] u32),
    }

    fn as_text<S: serde::Serializer>(number: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    fn read(stored: Json) -> AttributesError {
        from_attributes::<Game>(&to_attributes(&stored).unwrap()).unwrap_err()
    }

    fn set<const N: usize>(elements: [Element; N]) -> AttributesError {
        let set: Set<Element> = elements.into_iter().collect();
        to_attributes(&BTreeMap::from([("facts", set)])).unwrap_err()
    }

    fn number(text: &str) -> AttributesError {
        let error: NumberError = text.parse::<Number>().unwrap_err();
        error.into()
    }

    pub fn all() -> Vec<(&'static str, AttributesError)> {
        let text = |text: &str| Element::Text(text.into());
        let strict = to_attributes(&json!({"count": 1, "total": 2})).unwrap();
        let nothing = Player {
            score: 1,
            token: Some(None),
            address: None,
        };
        let nothing = BTreeMap::from([("players", [nothing])]);
        let mean = BTreeMap::from([("means", [0.5, f64::NAN])]);
        vec![
            ("NotAMap", to_attributes(&7).unwrap_err()),
            (
                "BadKey",
                to_attributes(&BTreeMap::from([((1, 2), 3)])).unwrap_err(),
            ),
            (
                "Twice",
                read(json!({"players": [{"score": 1, "points": 2}]})),
            ),
            (
                "Message",
                read(json!({"players": [{"score": 1, "address": "home"}]})),
            ),
            ("MissingField", read(json!({"players": [{}]}))),
            (
                "UnknownField",
                from_attributes::<Strict>(&strict).unwrap_err(),
            ),
            (
                "TypeMismatch",
                read(json!({"players": [{"score": "nine"}]})),
            ),
            ("InvalidValue", read(json!({"players": [{"score": 300}]}))),
            (
                "InvalidLength",
                read(json!({"moves": {"first": [1, 2, 3]}})),
            ),
            ("UnknownVariant", read(json!({"color": "green"}))),
            ("SomeOfNull", to_attributes(&nothing).unwrap_err()),
            ("SetElement", set([Element::Flags(vec![true])])),
            ("MixedSet", set([Element::Number(1), text("one")])),
            ("SetDuplicate", set([text("1"), Element::Spelled(1)])),
            ("NotANumber", to_attributes(&mean).unwrap_err()),
            ("TooManyDigits", number(&"1".repeat(39))),
            ("OutOfRange", number("1e126")),
        ]
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_table_is_named() {
    let local = LocalDynamoDb::embedded().unwrap();
    let key = Key::from(USER_ID);
    let table = DynamoDb::new(local.client(), TABLE);
    let mut messages = Messages::default();
    let mut add = |error: PersistenceError| messages.add(error.name(), error);

    add(table.load(&key).await.unwrap_err());
    let other_key = Layout::Named {
        partition_key: "UserId".into(),
        attributes: "mapAttr".into(),
    };
    let other = DynamoDb::new(local.client(), "Capitals").layout(other_key);
    other.ensure_table().await.unwrap();
    let error = DynamoDb::new(local.client(), "Capitals").load(&key).await;
    add(error.unwrap_err());

    table.ensure_table().await.unwrap();
    for (code, message) in [
        (
            "AccessDeniedException",
            "User: arn:aws:sts::111122223333:assumed-role/visit-counter/visit-counter is not \
             authorized to perform: dynamodb:GetItem on resource: \
             arn:aws:dynamodb:us-east-1:111122223333:table/VisitCounter",
        ),
        (
            "ExpiredTokenException",
            "The security token included in the request is expired",
        ),
        (
            "ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for the table was exceeded.",
        ),
        (
            "ItemCollectionSizeLimitExceededException",
            "Collection size exceeded.",
        ),
    ] {
        let proxy = Proxy::start(&local, Box::new(move |_| Fault::Refuse(code, message))).await;
        let refused = DynamoDb::new(proxy.client(&local), TABLE);
        add(refused.load(&key).await.unwrap_err());
    }
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let config = local.client().config().to_builder();
    let config = config.endpoint_url(format!("http://{address}")).build();
    let unreachable = DynamoDb::new(aws_sdk_dynamodb::Client::from_conf(config), TABLE);
    add(unreachable.load(&key).await.unwrap_err());

    let attributes = to_attributes(&Visits { count: 1 }).unwrap();
    let read = Item::default();
    let save = |request_id| Save {
        key: &key,
        read: &read,
        attributes: &attributes,
        request_id,
    };
    table.save(save("first")).await.unwrap();
    add(table.save(save("second")).await.unwrap_err());
    add(faults::uncertain(&local, &key).await);

    // The environment of a test is everybody's, and the S3 adapter has tests of its own: these are
    // provoked in src/persistence/aws/environment.rs and tests/s3.
    add(PersistenceError::NoRegion);
    let missing = "AWS_ACCESS_KEY_ID";
    add(PersistenceError::NoCredentials { missing });
    add(PersistenceError::BadEndpoint {
        variable: "AWS_ENDPOINT_URL_DYNAMODB",
        reason: "it has no scheme",
    });
    let variable = "AWS_ACCESS_KEY_ID";
    add(PersistenceError::BadVariable { variable });
    add(PersistenceError::NoBucket {
        bucket: "visit-counter".into(),
        region: "us-east-1".into(),
    });
    add(PersistenceError::NoAttributes {
        key: key.clone(),
        location: Location::Bucket("visit-counter".into()),
        source: "it is JSON, but an array and no object".into(),
    });
    messages.compare(file!["../snapshots/table-errors.txt"]);
}
