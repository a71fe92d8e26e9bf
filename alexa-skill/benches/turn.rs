//! What a turn costs beside the two calls that it makes.
//!
//! `cargo bench -p alexa-skill --bench turn [-- ROUNDS]` measures, round by round and in an
//! order that changes, on one endpoint and one thread:
//!
//! - `turn`: a launch request in JSON through a skill that loads, counts and saves;
//! - `carried`: the same within a session that carries what the skill remembers, so only saves;
//! - `memory`: the same on a table in memory, so what this library takes by itself;
//! - `same`: `GetItem` and `PutItem` by the AWS SDK, with the item and the condition of a turn;
//! - `sdk`: the two calls with the attributes alone and no condition, as the ASK SDKs make them;
//! - `http`: those by a bare HTTP client on one connection, signed once for all.
//!
//! The book shows what
//! `cargo bench -q -p alexa-skill --bench turn > alexa-skill/benches/results/turn.txt` wrote.
//!
//! The endpoint is the embedded one, or the one that `AWS_ENDPOINT_URL_DYNAMODB` names.

use std::collections::HashMap;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use alexa_skill::persistence::PersistenceAdapter;
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::memory::Memory;
use alexa_skill::testing::{Conversation, LocalDynamoDb};
use alexa_skill::{BoxError, Response, Result, Skill, Turn};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::primitives::{Blob, DateTime, DateTimeFormat};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tokio::net::TcpStream;

const SKILL_ID: &str = "amzn1.ask.skill.bench";
const ROUNDS: usize = 2000;
const WARM_UP: usize = 200;
const NAMES: [&str; 6] = ["turn", "carried", "memory", "same", "sdk", "http"];

#[derive(Default, Serialize, Deserialize)]
struct Visits {
    count: u32,
}

async fn welcome(turn: Turn) -> Result {
    let mut visits = turn.persistent::<Visits>().await?;
    visits.count += 1;
    Ok(Response::new().speak(format!("This is visit {}.", visits.count)))
}

fn skill(table: impl PersistenceAdapter) -> Result<Skill, BoxError> {
    let skill = Skill::builder(SKILL_ID).persistence(table);
    Ok(skill.on_launch(welcome).build()?)
}

async fn stay(turn: Turn) -> Result {
    welcome(turn).await.map(Response::keep_session_open)
}

/// Turns of one session that does not end.
struct Session {
    skill: Skill,
    user: Conversation,
    attributes: Json,
}

impl Session {
    fn new(table: impl PersistenceAdapter) -> Result<Session, BoxError> {
        let skill = Skill::builder(SKILL_ID).persistence(table).on_launch(stay);
        let skill = skill.carry_in_session().build()?;
        Ok(Session {
            user: Conversation::with(skill.clone()).user("carried"),
            skill,
            attributes: json!({}),
        })
    }

    fn request(&mut self) -> Result<Vec<u8>, BoxError> {
        let mut envelope = self.user.envelope(json!({"type": "LaunchRequest"}));
        envelope["session"]["new"] = false.into();
        envelope["session"]["attributes"] = self.attributes.take();
        Ok(serde_json::to_vec(&envelope)?)
    }

    fn keep(&mut self, answer: &[u8]) -> Result<(), BoxError> {
        let mut answer: Json = serde_json::from_slice(answer)?;
        self.attributes = answer["sessionAttributes"].take();
        Ok(())
    }
}

/// The SDK's two calls, as a handler without this library would make them.
struct Sdk {
    client: Client,
    table: String,
}

impl Sdk {
    async fn turn(&self) -> Result<(), BoxError> {
        let user = AttributeValue::S("sdk".into());
        let get = self.client.get_item().table_name(&self.table);
        let get = get.key("userId", user.clone()).consistent_read(true);
        let item = get.send().await?.item.unwrap_or_default();
        let attributes = item.get("mapAttr").and_then(|map| map.as_m().ok());
        let count = attributes.and_then(|attributes| attributes["count"].as_n().ok());
        let count = count.map_or(Ok(0), |count| count.parse::<u32>())? + 1;
        let count = AttributeValue::N(count.to_string());
        let attributes = HashMap::from([("count".to_owned(), count)]);
        let put = self.client.put_item().table_name(&self.table);
        let put = put.item("userId", user);
        put.item("mapAttr", AttributeValue::M(attributes))
            .send()
            .await?;
        Ok(())
    }
}

/// The SDK's two calls as a turn makes them: a version, who wrote, who wrote before, a condition.
struct Same {
    client: Client,
    table: String,
    round: usize,
}

impl Same {
    async fn turn(&mut self) -> Result<(), BoxError> {
        let user = AttributeValue::S("same".into());
        let get = self.client.get_item().table_name(&self.table);
        let get = get.key("userId", user.clone()).consistent_read(true);
        let mut item = get.send().await?.item.unwrap_or_default();
        let read = item.clone();
        self.round += 1;
        let round = AttributeValue::N(self.round.to_string());
        let attributes = HashMap::from([("count".to_owned(), round.clone())]);
        let request_id = format!("amzn1.echo-api.request.{:032}", self.round);
        let earlier = vec![0; 8 * self.round.saturating_sub(1).min(32)];
        item.insert("userId".into(), user);
        item.insert("mapAttr".into(), AttributeValue::M(attributes));
        item.insert("version".into(), round);
        item.insert("requestId".into(), AttributeValue::S(request_id));
        item.insert(
            "earlierRequests".into(),
            AttributeValue::B(Blob::new(earlier)),
        );
        let put = self.client.put_item().table_name(&self.table);
        let put = put
            .set_item(Some(item))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let put = match (read.get("version"), read.get("requestId")) {
            (Some(version), Some(request)) => put
                .condition_expression("#version = :version AND #request = :request")
                .expression_attribute_names("#version", "version")
                .expression_attribute_names("#request", "requestId")
                .expression_attribute_values(":version", version.clone())
                .expression_attribute_values(":request", request.clone()),
            _ => put.condition_expression("attribute_not_exists(userId)"),
        };
        put.send().await?;
        Ok(())
    }
}

/// The two calls without a condition, with nothing around them but HTTP.
struct Http {
    connection: SendRequest<Full<Bytes>>,
    host: String,
    table: String,
}

impl Http {
    async fn connect(endpoint_url: &str, table: String) -> Result<Http, BoxError> {
        let host = endpoint_url.trim_start_matches("http://");
        let host = host.trim_end_matches('/').to_owned();
        let stream = TcpStream::connect(&host).await?;
        stream.set_nodelay(true)?;
        let (connection, task) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(task);
        Ok(Http {
            connection,
            host,
            table,
        })
    }

    async fn call(&mut self, operation: &str, body: Json) -> Result<Json, BoxError> {
        let request = Request::post("/")
            .header("host", &self.host)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            // A local endpoint looks at the form of a signature, and not at what it signs.
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=local/20261122/us-east-1/dynamodb/aws4_request, \
                 SignedHeaders=host, Signature=0",
            )
            .header("x-amz-date", "20261122T120000Z")
            .body(Full::from(serde_json::to_vec(&body)?))?;
        self.connection.ready().await?;
        let answer = self.connection.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            return Err(String::from_utf8_lossy(&body).into());
        }
        Ok(serde_json::from_slice(&body)?)
    }

    async fn turn(&mut self) -> Result<(), BoxError> {
        let (table, key) = (self.table.clone(), json!({"userId": {"S": "http"}}));
        let get = json!({"TableName": table, "Key": key, "ConsistentRead": true});
        let answer = self.call("GetItem", get).await?;
        let count = answer["Item"]["mapAttr"]["M"]["count"]["N"].as_str();
        let count = count.map_or(Ok(0), str::parse::<u32>)? + 1;
        let attributes = json!({"M": {"count": {"N": count.to_string()}}});
        let item = json!({"userId": {"S": "http"}, "mapAttr": attributes});
        let put = json!({"TableName": self.table, "Item": item});
        self.call("PutItem", put).await?;
        Ok(())
    }
}

/// The times of one contender.
struct Times(Vec<Duration>);

impl Times {
    /// In microseconds, of the sorted times.
    fn percentile(&self, percent: usize) -> f64 {
        let index = (self.0.len() * percent / 100).min(self.0.len() - 1);
        self.0[index].as_secs_f64() * 1e6
    }
}

fn print_heading(rounds: usize) -> Result<(), BoxError> {
    let now = DateTime::from(SystemTime::now()).fmt(DateTimeFormat::DateTime)?;
    let rustc = Command::new("rustc").arg("--version").output()?.stdout;
    let rustc = String::from_utf8_lossy(&rustc);
    let cores = std::thread::available_parallelism()?;
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name"));
    let cpu = cpu.map_or("", |model| model.trim_start_matches([' ', '\t', ':']));
    println!("{}, {cores} cores {cpu}", &now[..10]);
    println!("{}, {rounds} rounds\n", rustc.trim());
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let rounds = std::env::args().find_map(|argument| argument.parse().ok());
    let rounds = rounds.unwrap_or(ROUNDS).max(1);
    let local = LocalDynamoDb::start()?;
    let table = local.new_table().await?;
    let client = local.client();
    let skill = skill(DynamoDb::new(client.clone(), table.table()))?;
    let in_memory = self::skill(Memory::new())?;
    let mut user = Conversation::with(skill.clone()).user("turn");
    let mut session = Session::new(DynamoDb::new(client.clone(), table.table()))?;
    let name = table.table().to_owned();
    let mut same = Same {
        client: client.clone(),
        table: name.clone(),
        round: 0,
    };
    let sdk = Sdk {
        client,
        table: name.clone(),
    };
    let mut http = Http::connect(local.endpoint_url(), name).await?;

    let mut times = NAMES.map(|_| Vec::with_capacity(rounds));
    let mut random = fastrand::Rng::with_seed(1);
    let mut order: Vec<usize> = (0..NAMES.len()).collect();
    for round in 0..rounds + WARM_UP {
        let request = serde_json::to_vec(&user.envelope(json!({"type": "LaunchRequest"})))?;
        let in_session = session.request()?;
        let mut answer = Vec::new();
        random.shuffle(&mut order);
        for contender in order.iter().copied() {
            let start = Instant::now();
            match NAMES[contender] {
                "turn" => drop(skill.answer_json(&request).await?),
                "carried" => answer = session.skill.answer_json(&in_session).await?,
                "memory" => drop(in_memory.answer_json(&request).await?),
                "same" => same.turn().await?,
                "sdk" => sdk.turn().await?,
                _ => http.turn().await?,
            }
            if round >= WARM_UP {
                times[contender].push(start.elapsed());
            }
        }
        session.keep(&answer)?;
    }
    let times = times.map(|mut times| {
        times.sort();
        Times(times)
    });
    print_heading(rounds)?;
    println!("          p50 us   p90 us   p99 us   turn's p50 to it");
    for (name, contender) in NAMES.iter().zip(&times) {
        let [p50, p90, p99] = [50, 90, 99].map(|percent| contender.percentile(percent));
        let ratio = times[0].percentile(50) / p50;
        println!("{name:<7} {p50:8.0} {p90:8.0} {p99:8.0}   {ratio:16.3}");
    }
    Ok(())
}
