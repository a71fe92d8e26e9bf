//! What a turn costs beside the two calls that it makes.
//!
//! `cargo bench --profile release -p bench --bench parts [-- ROUNDS]` measures, round by round and in
//! an order that changes, in one process with the embedded DynamoDB in a thread on another core, and
//! built as a starter is:
//!
//! - `turn`: a launch request in JSON through a skill that loads, counts and saves;
//! - `carried`: the same within a session that carries what the skill remembers, so only saves;
//! - `memory`: the same on a table in memory, so what this library takes by itself;
//! - `same`: `GetItem` and `PutItem` by the AWS SDK, with the item and the condition of a turn;
//! - `sdk`: the two calls with the attributes alone and no condition, as the ASK SDKs make them;
//! - `http`: those with nothing but the standard library, and signed in form alone.
//!
//! The record that the book shows is written by
//! `cargo bench -q --profile release -p bench --bench parts > bench/benches/results/parts.txt`.

use std::collections::HashMap;
use std::time::Instant;

use alexa_skill::persistence::PersistenceAdapter;
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::memory::Memory;
use alexa_skill::{BoxError, Persistent, Response, Skill};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use bench::cores::{self, Cores, Role};
use bench::machine;
use bench::record::Table;
use bench::statistics::{PERCENTILES, percentiles};
use contenders::{sdk_alone, std_only};
use local_dynamodb::LocalDynamoDb;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use simulator::Conversation;

const SKILL_ID: &str = "amzn1.ask.skill.bench";
const ROUNDS: usize = 4000;
const WARM_UP: usize = 200;
const PARTS: [&str; 6] = ["turn", "carried", "memory", "same", "sdk", "http"];

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn welcome(mut visits: Persistent<Visits>) -> String {
    visits.count += 1;
    format!("This is visit {}.", visits.count)
}

fn skill(table: impl PersistenceAdapter) -> Result<Skill, BoxError> {
    let skill = Skill::builder(SKILL_ID).persistence(table);
    Ok(skill.on_launch(welcome).build()?)
}

async fn stay(visits: Persistent<Visits>) -> Response {
    Response::ask(welcome(visits).await)
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

/// The SDK's two calls with the item that a turn writes, and with its condition.
struct ConditionalVisits {
    client: Client,
    table: String,
    round: usize,
}

impl ConditionalVisits {
    async fn turn(&mut self) -> Result<(), BoxError> {
        let user = AttributeValue::S("same".into());
        let get = self.client.get_item().table_name(&self.table);
        let get = get.key("userId", user.clone()).consistent_read(true);
        let item = get.send().await?.item.unwrap_or_default();
        self.round += 1;
        let round = AttributeValue::N(self.round.to_string());
        let attributes = HashMap::from([("count".to_owned(), round.clone())]);
        let request_id = format!("amzn1.echo-api.request.{:032}", self.round);
        let earlier = Blob::new(vec![0; 8 * self.round.saturating_sub(1).min(32)]);
        let put = self.client.put_item().table_name(&self.table);
        let put = put
            .set_item(Some(item.clone()))
            .item("userId", user)
            .item("mapAttr", AttributeValue::M(attributes))
            .item("version", round)
            .item("requestId", AttributeValue::S(request_id))
            .item("earlierRequests", AttributeValue::B(earlier))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let put = match (item.get("version"), item.get("requestId")) {
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

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let rounds = std::env::args().find_map(|argument| argument.parse().ok());
    let rounds = rounds.unwrap_or(ROUNDS).max(1);
    let awake = cores::keep_awake();
    Cores::Dedicated.pin(Role::Others)?;
    let local = LocalDynamoDb::embedded()?;
    Cores::Dedicated.pin(Role::Measured)?;
    let table = DynamoDb::new(local.client(), local.new_table().await?);
    let client = local.client();
    let skill = skill(DynamoDb::new(client.clone(), table.table()))?;
    let in_memory = self::skill(Memory::new())?;
    let mut user = Conversation::with(skill.clone()).user("turn");
    let mut session = Session::new(DynamoDb::new(client.clone(), table.table()))?;
    let name = table.table().to_owned();
    let mut same = ConditionalVisits {
        client: client.clone(),
        table: name.clone(),
        round: 0,
    };
    let sdk = sdk_alone::Visits::new(client, &name);
    let address = local.endpoint_url().trim_start_matches("http://");
    let mut http = std_only::Visits::connect(address, &name)?;

    let mut times = PARTS.map(|_| Vec::with_capacity(rounds));
    let mut random = fastrand::Rng::with_seed(1);
    let mut order: Vec<usize> = (0..PARTS.len()).collect();
    for round in 0..rounds + WARM_UP {
        let request = serde_json::to_vec(&user.envelope(json!({"type": "LaunchRequest"})))?;
        let in_session = session.request()?;
        let mut answer = Vec::new();
        random.shuffle(&mut order);
        for part in order.iter().copied() {
            let start = Instant::now();
            match PARTS[part] {
                "turn" => drop(skill.answer_json(&request).await?),
                "carried" => answer = session.skill.answer_json(&in_session).await?,
                "memory" => drop(in_memory.answer_json(&request).await?),
                "same" => same.turn().await?,
                "sdk" => drop(sdk.count("sdk").await?),
                _ => drop(http.count("http")?),
            }
            if round >= WARM_UP {
                times[part].push(start.elapsed());
            }
        }
        session.keep(&answer)?;
    }
    println!("{}", machine::description(&["rustc"]));
    let cores = Cores::Dedicated.described(awake);
    println!("{rounds} rounds, in one process\n{cores}\n");
    let mut table = Table::new("Warm", &PERCENTILES);
    for (name, times) in PARTS.iter().zip(times) {
        table.add(name, percentiles(&[times]));
    }
    println!("{}", table.with_ratio("to turn", "p50 us", "turn"));
    Ok(())
}
