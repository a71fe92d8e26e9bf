//! A bucket that the ASK SDK and this library share, on an S3 that knows conditional writes.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use alexa_skill::attributes::{Attributes, Value, to_attributes};
use alexa_skill::persistence::s3::S3;
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, Save};
use alexa_skill::{Persistent, Skill};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Config, Credentials, Region};
use serde::{Deserialize, Serialize};
use serde_json::json;
use simulator::Conversation;

use crate::peers::{self, Peer, Place, SKILL_ID, USER};

const BUCKET: &str = "memories";

/// moto, which ends with its standard input.
struct Moto {
    process: Child,
    url: String,
}

impl Moto {
    async fn start() -> Moto {
        let mut command = Command::new(peers::python());
        command.arg(peers::folder("python/s3_endpoint.py"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("python; .ci/run shows its packages");
        let mut port = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut port).unwrap();
        let url = format!("http://127.0.0.1:{}", port.trim());
        let moto = Moto { process, url };
        let create = moto.client().create_bucket().bucket(BUCKET);
        create.send().await.unwrap();
        moto
    }

    fn client(&self) -> Client {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "test"))
            .force_path_style(true)
            .endpoint_url(&self.url);
        Client::from_conf(config.build())
    }

    fn bucket(&self) -> S3 {
        S3::new(self.client(), BUCKET)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn welcome(mut visits: Persistent<Visits>) -> String {
    visits.count += 1;
    format!("visit {}", visits.count)
}

fn counter(bucket: S3) -> Conversation {
    let skill = Skill::builder(SKILL_ID)
        .persistence(bucket)
        .on_launch(welcome);
    Conversation::with(skill.build().unwrap()).user(USER)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Python and the packages of tests/interop/python, which .ci/run installs"]
async fn of_many_writes_on_one_revision_one_wins() {
    let moto = Moto::start().await;
    let bucket = moto.bucket();
    let key = Key::from(USER);
    for round in 0..5 {
        let read = bucket.load(&key).await.unwrap();
        let writes = (0..20).map(|writer| {
            let (bucket, read, key) = (moto.bucket(), read.clone(), key.clone());
            tokio::spawn(async move {
                let attributes = to_attributes(&Visits { count: writer }).unwrap();
                let request_id = format!("round {round} writer {writer}");
                let save = Save {
                    key: &key,
                    read: &read,
                    attributes: &attributes,
                    request_id: &request_id,
                };
                bucket.save(save).await.map(|_| writer)
            })
        });
        let mut winners = Vec::new();
        for write in writes.collect::<Vec<_>>() {
            match write.await.unwrap() {
                Ok(writer) => winners.push(writer),
                Err(error) => assert_eq!(error.name(), "Conflict", "{error}"),
            }
        }
        assert_eq!(winners.len(), 1, "round {round}");
        let kept = bucket.load(&key).await.unwrap().attributes["count"].clone();
        assert_eq!(kept, Value::from(i64::from(winners[0])));
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Python and the packages of tests/interop/python, which .ci/run installs"]
async fn eight_instances_that_write_at_once_count_every_visit() {
    let moto = Moto::start().await;
    let turns = (0..8).map(|_| {
        let mut user = counter(moto.bucket());
        tokio::spawn(async move {
            let mut answered = 0;
            for _ in 0..10 {
                answered += i64::from(user.launch().await.is_ok());
            }
            answered
        })
    });
    let mut answered = 0;
    for turn in turns.collect::<Vec<_>>() {
        answered += turn.await.unwrap();
    }
    let item = moto.bucket().load(&Key::from(USER)).await.unwrap();
    assert_eq!(item.attributes["count"], Value::from(answered));
    assert!(answered > 70, "{answered} of 80");
}

#[tokio::test]
#[ignore = "needs Node.js and Python, with the packages that .ci/run installs"]
async fn a_user_of_nodes_s3_adapter_goes_there_and_back() {
    let moto = Moto::start().await;
    let environment = [
        ("AWS_ENDPOINT_URL_S3", moto.url.as_str()),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("PATH_PREFIX", "skill/"),
    ];
    let place = Place {
        name: BUCKET,
        environment: &environment,
    };
    let bucket = moto.bucket().prefix("skill/");
    let key = Key::from(USER);
    assert_eq!(Peer::NodeS3.reads(&place), Attributes::new());

    let state = json!({
        "count": 1, "name": "", "none": null, "half": 0.5, "large": 1e100, "text": "é😀\n\"",
        "nested": {"list": [1, [], {"deeper": [false, ""]}], "empty": {}},
    });
    let state = to_attributes(&state).unwrap();
    Peer::NodeS3.writes(&place, &state);
    assert_eq!(bucket.load(&key).await.unwrap().attributes, state);

    let mut user = counter(bucket.clone());
    assert_eq!(user.launch().await.unwrap().speech(), "visit 2");
    let visited = bucket.load(&key).await.unwrap();
    assert_eq!(visited.attributes["nested"], state["nested"]);
    assert_eq!(Peer::NodeS3.reads(&place), visited.attributes);

    // Node.js rounds what it cannot hold; ours keeps it until Node.js writes.
    let odd = to_attributes(&json!({"count": 3, "odd": 9007199254740993u64})).unwrap();
    write(&bucket, &visited, &odd).await;
    assert_eq!(bucket.load(&key).await.unwrap().attributes, odd);
    let rounded = to_attributes(&json!({"count": 3, "odd": 9007199254740992u64})).unwrap();
    assert_eq!(Peer::NodeS3.reads(&place), rounded);
    Peer::NodeS3.writes(&place, &rounded);
    assert_eq!(user.launch().await.unwrap().speech(), "visit 4");
}

async fn write(bucket: &S3, read: &Item, attributes: &Attributes) {
    let key = Key::from(USER);
    let save = Save {
        key: &key,
        read,
        attributes,
        request_id: "ours",
    };
    bucket.save(save).await.unwrap();
}
