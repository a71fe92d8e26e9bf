//! Every error of the library is provoked, and its message is what the guide shows.

use std::collections::{BTreeMap, HashMap};

use alexa_skill::attributes::{AttributesError, Number, Value, from_attributes, to_attributes};
use alexa_skill::persistence::dynamodb::{DynamoDb, Layout};
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, PersistenceError, Place, Save};
use alexa_skill::testing::{Conversation, LocalDynamoDb};
use alexa_skill::{BoxError, Error, Response, Result, Skill, Turn};
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
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
    async fn ask(turn: Turn) -> Result {
        turn.request().reason()?;
        Ok(Response::new())
    }
    async fn count(turn: Turn) -> Result {
        turn.session::<Visits>()?;
        Ok(Response::new())
    }
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
    async fn greedy(turn: Turn) -> Result {
        let _first = turn.persistent::<Visits>().await?;
        let _second = turn.persistent::<Visits>().await?;
        Ok(Response::new())
    }
    async fn hoard(turn: Turn) -> Result {
        let mut hoard = turn.persistent::<HashMap<String, String>>().await?;
        hoard.insert("text".into(), "x".repeat(400 * 1024));
        Ok(Response::new())
    }
    async fn fail(_: Turn) -> Result {
        Err(Error::Handler("the weather service is down".into()))
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
        .build()
        .unwrap();
    let mut user = Conversation::with(skill.clone()).user(USER_ID);
    let mut messages = Messages::default();
    for intent in ["GreedyIntent", "HoardIntent", "FailIntent"] {
        add(&mut messages, user.intent(intent, []).await.unwrap_err());
    }
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

    let both_names = ["visits", "count"].map(|name| (name.to_owned(), Value::from(1)));
    let both_names = both_names.into();
    let kinds: [(&str, AttributesError); 7] = [
        ("NotAMap", to_attributes(&7).unwrap_err()),
        (
            "BadKey",
            to_attributes(&BTreeMap::from([((1, 2), 3)])).unwrap_err(),
        ),
        (
            "Twice",
            from_attributes::<Renamed>(&both_names).unwrap_err(),
        ),
        (
            "Message",
            from_attributes::<Strict>(&[].into()).unwrap_err(),
        ),
        ("NotANumber", "seven".parse::<Number>().unwrap_err().into()),
        (
            "TooManyDigits",
            "1".repeat(39).parse::<Number>().unwrap_err().into(),
        ),
        ("OutOfRange", "1e126".parse::<Number>().unwrap_err().into()),
    ];
    for (name, error) in kinds {
        messages.add(name, error);
    }
    messages.compare(file!["../snapshots/handler-errors.txt"]);
}

#[derive(Debug, serde::Deserialize)]
struct Renamed {
    #[serde(alias = "visits")]
    #[expect(dead_code, reason = "only serde asks for it")]
    count: u32,
}

#[derive(Debug, serde::Deserialize)]
struct Strict {
    #[allow(dead_code, reason = "only its absence counts")]
    count: u32,
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
        place: Place::Bucket("visit-counter".into()),
        source: "it is JSON, but an array and no object".into(),
    });
    messages.compare(file!["../snapshots/table-errors.txt"]);
}
