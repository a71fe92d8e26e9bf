//! Attributes in an S3 bucket, against an S3 in the process.

#[path = "../support/echo.rs"]
mod echo;
mod endpoint;

use std::sync::{Arc, Mutex};

use alexa_skill::attributes::{Value, to_attributes};
use alexa_skill::persistence::s3::S3;
use alexa_skill::persistence::{
    Item, Key, PersistenceAdapter, PersistenceError, Revision, Save, Version,
};
use alexa_skill::{Persistent, Response, Result, Skill};
use endpoint::{BUCKET, Endpoint, Fault};
use hyper::Method;
use serde::{Deserialize, Serialize};
use simulator::Conversation;
use snapbox::{Assert, file};

const SKILL_ID: &str = "amzn1.ask.skill.test";

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn welcome(mut visits: Persistent<Visits>) -> String {
    visits.count += 1;
    format!("visit {}", visits.count)
}

fn bucket(endpoint: &Endpoint) -> S3 {
    S3::new(endpoint.client(), BUCKET)
}

fn counter(bucket: &S3) -> Conversation {
    let skill = Skill::builder(SKILL_ID)
        .persistence(bucket.clone())
        .on_launch(welcome)
        .attempts(100);
    Conversation::with(skill.build().unwrap()).user("u")
}

async fn load(bucket: &S3) -> Item {
    bucket.load(&Key::from("u")).await.unwrap()
}

async fn save(
    bucket: &S3,
    read: &Item,
    count: u32,
    request_id: &str,
) -> Result<Version, PersistenceError> {
    let key = Key::from("u");
    let attributes = to_attributes(&Visits { count }).unwrap();
    let save = Save {
        key: &key,
        read,
        attributes: &attributes,
        request_id,
    };
    bucket.save(save).await
}

async fn is_conflict(bucket: &S3, read: &Item) {
    let error = save(bucket, read, 100, "late").await.unwrap_err();
    assert!(
        matches!(error, PersistenceError::Conflict { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn an_object_holds_the_attributes_as_json_and_who_wrote_as_metadata() {
    let endpoint = Endpoint::start().await;
    let mut user = counter(&bucket(&endpoint));
    user.launch().await.unwrap();
    assert_eq!(user.launch().await.unwrap().speech(), "visit 2");
    let object = endpoint.object("u").unwrap();
    let text = String::from_utf8(object.body).unwrap();
    assert_eq!(text.trim_end(), r#"{"count":2}"#);
    let metadata = |name| object.metadata[name].to_str().unwrap();
    assert_eq!(metadata("x-amz-meta-version"), "2");
    assert!(metadata("x-amz-meta-request-id").starts_with("amzn1.echo-api.request."));
    assert_eq!(metadata("x-amz-meta-earlier-requests").len(), 16);
}

/// What the book shows; `SNAPSHOTS=overwrite` writes it anew.
#[tokio::test]
async fn two_visits_leave_one_object() {
    const USER: &str = "amzn1.ask.account.AEXAMPLEUSER";
    let endpoint = Endpoint::start().await;
    let mut user = counter(&bucket(&endpoint)).user(USER);
    user.launch().await.unwrap();
    user.launch().await.unwrap();
    let mut object = endpoint.object(USER).unwrap();
    // These two differ from run to run.
    for (name, example) in [
        ("x-amz-meta-request-id", "amzn1.echo-api.request.EXAMPLE"),
        ("x-amz-meta-earlier-requests", "4558414d504c4521"),
    ] {
        let old = object.metadata.insert(name, example.parse().unwrap());
        assert!(old.is_some(), "{name}");
    }
    let mut lines: Vec<String> = object
        .metadata
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    lines.sort();
    let text = String::from_utf8(object.body).unwrap();
    let shown = format!(
        "/{BUCKET}/{USER}\n{}\n\n{}\n",
        lines.join("\n"),
        text.trim_end()
    );
    let compare = Assert::new().action_env("SNAPSHOTS");
    compare.eq(shown, file!["snapshots/object.txt"]);
}

#[tokio::test]
async fn an_object_of_another_sdk_is_taken_over_and_an_empty_one_is_empty() {
    let endpoint = Endpoint::start().await;
    let bucket = bucket(&endpoint);
    endpoint.put("u", r#"{"count":7,"theirs":[null,""]}"#);
    assert_eq!(counter(&bucket).launch().await.unwrap().speech(), "visit 8");
    let theirs = load(&bucket).await.attributes["theirs"].clone();
    assert_eq!(theirs, Value::List(vec![Value::Null, Value::from("")]));
    endpoint.put("u", "");
    assert_eq!(counter(&bucket).launch().await.unwrap().speech(), "visit 1");
}

#[tokio::test]
async fn a_prefix_stands_in_front_of_the_key_with_one_slash() {
    let endpoint = Endpoint::start().await;
    for prefix in ["skill", "skill/"] {
        counter(&bucket(&endpoint).prefix(prefix))
            .launch()
            .await
            .unwrap();
    }
    let object = endpoint.object("skill/u").unwrap();
    assert_eq!(object.metadata["x-amz-meta-version"], "2");
}

#[tokio::test]
async fn what_is_no_json_object_is_named_and_never_overwritten() {
    let endpoint = Endpoint::start().await;
    let bucket = bucket(&endpoint);
    for body in ["{\"count\":", "[1]", "null", "visits"] {
        endpoint.put("u", body);
        let error = counter(&bucket).launch().await.unwrap_err();
        assert!(error.to_string().contains("bucket `memories`"), "{error}");
        let error = bucket.load(&Key::from("u")).await.unwrap_err();
        assert!(
            matches!(error, PersistenceError::NoAttributes { .. }),
            "{error}"
        );
        assert_eq!(endpoint.object("u").unwrap().body, body.as_bytes());
    }
}

#[tokio::test]
async fn metadata_that_others_put_there_survives() {
    let endpoint = Endpoint::start().await;
    let bucket = bucket(&endpoint);
    let put = endpoint.client().put_object().bucket(BUCKET).key("u");
    let put = put
        .metadata("owner", "somebody")
        .body(b"{}".to_vec().into());
    put.send().await.unwrap();
    counter(&bucket).launch().await.unwrap();
    let object = endpoint.object("u").unwrap();
    assert_eq!(object.metadata["x-amz-meta-owner"], "somebody");
}

// ANCHOR: conflict
#[tokio::test]
async fn a_save_on_what_somebody_changed_is_a_conflict_for_every_revision() {
    let endpoint = Endpoint::start().await;
    let bucket = bucket(&endpoint);
    let absent = load(&bucket).await;
    endpoint.put("u", r#"{"count":1}"#);
    is_conflict(&bucket, &absent).await;

    let unversioned = load(&bucket).await;
    assert!(matches!(unversioned.revision, Revision::Unversioned { .. }));
    endpoint.put("u", r#"{"count":2}"#);
    is_conflict(&bucket, &unversioned).await;

    save(&bucket, &load(&bucket).await, 3, "first")
        .await
        .unwrap();
    let first = load(&bucket).await;
    save(&bucket, &first, 4, "second").await.unwrap();
    is_conflict(&bucket, &first).await;

    bucket.delete(&Key::from("u")).await.unwrap();
    is_conflict(&bucket, &first).await;
    assert_eq!(load(&bucket).await, Item::default());
}
// ANCHOR_END: conflict

#[tokio::test]
async fn an_object_that_was_changed_and_changed_back_is_not_taken_for_the_old_one() {
    let endpoint = Endpoint::start().await;
    let bucket = bucket(&endpoint);
    save(&bucket, &Item::default(), 1, "first").await.unwrap();
    let first = load(&bucket).await;
    save(&bucket, &first, 2, "second").await.unwrap();
    save(&bucket, &load(&bucket).await, 1, "third")
        .await
        .unwrap();
    is_conflict(&bucket, &first).await;
}

#[tokio::test]
async fn a_handler_may_save_twice_in_one_turn() {
    async fn twice(mut visits: Persistent<Visits>) -> Result<()> {
        for _ in 0..2 {
            visits.count += 1;
            Persistent::save(&mut visits).await?;
        }
        Ok(())
    }
    let endpoint = Endpoint::start().await;
    let bucket = bucket(&endpoint);
    let skill = Skill::builder(SKILL_ID)
        .persistence(bucket.clone())
        .on_launch(twice)
        .attempts(1);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    user.launch().await.unwrap();
    assert_eq!(load(&bucket).await.attributes["count"], Value::from(2));
}

/// Loses the answers of the first `count` writes.
fn losing(count: u32, then: Option<&'static str>) -> impl FnMut(&Method) -> Fault + Send {
    let mut left = count;
    move |method| match method {
        &Method::PUT if left > 0 => {
            left -= 1;
            Fault::LoseAnswer(then)
        }
        _ => Fault::None,
    }
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_counts_once() {
    // The SDK tries three times. With all three answers lost, only a look at the object can tell.
    for lost in [1, 2, 3] {
        let endpoint = Endpoint::with(losing(lost, None)).await;
        let bucket = bucket(&endpoint);
        let mut user = counter(&bucket);
        assert_eq!(user.launch().await.unwrap().speech(), "visit 1");
        assert_eq!(user.launch().await.unwrap().speech(), "visit 2");
        let object = endpoint.object("u").unwrap();
        assert_eq!(object.metadata["x-amz-meta-version"], "2", "{lost} lost");
    }
}

#[tokio::test]
async fn a_save_that_nobody_can_account_for_is_uncertain_and_not_repeated() {
    let endpoint = Endpoint::with(losing(1, Some(r#"{"count":50}"#))).await;
    let bucket = bucket(&endpoint);
    let error = save(&bucket, &Item::default(), 1, "r").await.unwrap_err();
    assert!(
        matches!(error, PersistenceError::Uncertain { .. }),
        "{error}"
    );
    assert_eq!(load(&bucket).await.attributes["count"], Value::from(50));
}

#[tokio::test]
async fn a_request_id_that_is_not_ascii_is_recognised_all_the_same() {
    let endpoint = Endpoint::with(losing(1, None)).await;
    let bucket = bucket(&endpoint);
    save(&bucket, &Item::default(), 1, "naïve\nrequest")
        .await
        .unwrap();
    save(&bucket, &load(&bucket).await, 2, "next")
        .await
        .unwrap();
}

#[tokio::test]
async fn each_refusal_has_a_name() {
    for (status, code, name) in [
        (403, "AccessDenied", "AccessDenied"),
        (403, "InvalidAccessKeyId", "BadCredentials"),
        (404, "NoSuchBucket", "NoBucket"),
        (503, "SlowDown", "Throttled"),
        (409, "ConditionalRequestConflict", "Conflict"),
        (400, "EntityTooLarge", "Other"),
    ] {
        let refuse = move |method: &Method| match method {
            &Method::PUT => Fault::Refuse(status, code),
            _ => Fault::None,
        };
        let endpoint = Endpoint::with(refuse).await;
        let error = save(&bucket(&endpoint), &Item::default(), 1, "r").await;
        let error = error.unwrap_err();
        assert_eq!(error.name(), name, "{error}");
    }
    let endpoint = Endpoint::with(|_| Fault::Refuse(403, "AccessDenied")).await;
    let error = bucket(&endpoint).load(&Key::from("u")).await.unwrap_err();
    assert!(error.to_string().contains("s3:ListBucket"), "{error}");
}

#[tokio::test]
async fn a_bucket_that_is_missing_is_named() {
    let endpoint = Endpoint::start().await;
    let bucket = S3::new(endpoint.client(), "no-such-bucket");
    let error = counter(&bucket).launch().await.unwrap_err().to_string();
    assert!(
        error.contains("no-such-bucket") && error.contains("us-east-1"),
        "{error}"
    );
}

#[tokio::test]
async fn an_endpoint_that_nobody_listens_on_is_named() {
    let client = Endpoint::start().await.client();
    let bucket = S3::new(client, BUCKET);
    let error = bucket.load(&Key::from("u")).await.unwrap_err();
    assert_eq!(error.name(), "Unreachable", "{error}");
    assert!(error.to_string().starts_with("S3 does not answer"));
}

#[tokio::test]
async fn eight_instances_that_write_at_once_count_every_visit() {
    let endpoint = Endpoint::start().await;
    let bucket = bucket(&endpoint);
    let turns = (0..8).map(|_| {
        let mut user = counter(&bucket);
        tokio::spawn(async move {
            for _ in 0..5 {
                user.launch().await.unwrap();
            }
        })
    });
    for turn in turns.collect::<Vec<_>>() {
        turn.await.unwrap();
    }
    assert_eq!(load(&bucket).await.attributes["count"], Value::from(40));
}

async fn visit(visits: Persistent<Visits>) -> Response {
    Response::ask(welcome(visits).await)
}

#[tokio::test]
async fn a_session_that_carries_the_item_carries_its_etag() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let noted = calls.clone();
    let endpoint = Endpoint::with(move |method| {
        noted.lock().unwrap().push(method.clone());
        Fault::None
    });
    let endpoint = endpoint.await;
    let bucket = bucket(&endpoint);
    let skill = Skill::builder(SKILL_ID).persistence(bucket.clone());
    let skill = skill.fallback(visit).carry_in_session().build().unwrap();
    let mut user = Conversation::with(skill).user("u");
    for visits in 1..=3 {
        let answer = user.intent("Add", []).await.unwrap();
        assert_eq!(answer.speech(), format!("visit {visits}"));
    }
    let taken = || std::mem::take(&mut *calls.lock().unwrap());
    assert_eq!(
        taken(),
        [Method::GET, Method::PUT, Method::PUT, Method::PUT]
    );
    let read = load(&bucket).await;
    save(&bucket, &read, 10, "another").await.unwrap();
    taken();
    assert_eq!(user.intent("Add", []).await.unwrap().speech(), "visit 11");
    assert_eq!(taken(), [Method::PUT, Method::GET, Method::PUT]);
    bucket.delete(&Key::from("u")).await.unwrap();
    assert_eq!(user.intent("Add", []).await.unwrap().speech(), "visit 1");
}

/// What a bucket answers, the errors of all calls show nothing of what was sent or is there.
#[tokio::test]
async fn an_error_shows_no_id_no_token_and_no_object() {
    use alexa_skill::attributes::Attributes;
    use aws_sdk_s3::config::{BehaviorVersion, Config, Credentials, Region};
    use echo::{Answer, Echo, NUMBER, TOKEN, USER, WORD, all_of, assert_silent};

    fn refusal(code: &str, message: &str) -> String {
        format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>")
    }
    let answers: [(&str, Answer); 8] = [
        ("400", |sent| (400, sent.into())),
        ("500", |sent| (500, sent.into())),
        ("200", |sent| (200, sent.into())),
        ("200, JSON", |_| (200, format!("{{\"name\":\"{WORD}"))),
        ("XML", |sent| (400, refusal(sent, sent))),
        ("AccessDenied", |_| {
            let resource = format!("arn:aws:s3:::memories/{USER}");
            (
                403,
                refusal("AccessDenied", &format!("may not do it on {resource}")),
            )
        }),
        ("SignatureDoesNotMatch", |_| {
            let message = format!("It should have been 'PUT\n{USER}\n{TOKEN}'");
            (403, refusal("SignatureDoesNotMatch", &message))
        }),
        ("SlowDown", |sent| (503, refusal("SlowDown", sent))),
    ];
    let mut names = Vec::new();
    for (case, answer) in answers {
        let echo = Echo::start(answer).await;
        for url in [format!("http://{}", echo.address), echo.address.to_string()] {
            let token = Some(TOKEN.into());
            let config = Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new("us-east-1"))
                .credentials_provider(Credentials::new("id", TOKEN, token, None, "test"))
                .retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled())
                .force_path_style(true)
                .endpoint_url(url);
            let bucket = S3::new(aws_sdk_s3::Client::from_conf(config.build()), BUCKET);
            assert_silent(case, &format!("{bucket:?} {bucket:#?}"));
            let nested = Value::List(vec![WORD.into(), NUMBER.into()]);
            let attributes =
                Attributes::from([("name".into(), WORD.into()), ("nested".into(), nested)]);
            let (key, read) = (Key::from(USER), Item::default());
            let save = Save {
                key: &key,
                read: &read,
                attributes: &attributes,
                request_id: "r",
            };
            let answers = [
                bucket.load(&key).await.err(),
                bucket.save(save).await.err(),
                bucket.delete(&key).await.err(),
            ];
            for error in answers.into_iter().flatten() {
                println!("{case}: {error}");
                assert_silent(case, &all_of(&error));
                names.push(error.name());
            }
        }
    }
    for name in [
        "AccessDenied",
        "BadCredentials",
        "NoAttributes",
        "Other",
        "Throttled",
    ] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
}
