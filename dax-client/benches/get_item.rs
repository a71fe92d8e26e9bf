//! GetItem of a cached item, in one run: this client, the official Python and Node.js clients, the
//! AWS SDK straight to the store, and a cache in the process; on one connection and on 32.
//!
//! `cargo bench -p dax-client` measures what is installed in `tests/official` and skips the rest.
//! The clients take turns, so that what else the machine does falls on all of them alike. The record
//! that the book shows is written by
//! `cargo bench -p dax-client --bench get_item > dax-client/benches/results/get_item.txt`.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType, TableStatus,
};
use dax_client::local::LocalDax;

const TABLE: &str = "users";
const ROUNDS: usize = 3;
const WARM_UP: usize = 500;
const CALLS: usize = 5_000;
const CONNECTIONS: [usize; 2] = [1, 32];

/// Latencies in microseconds, and how long they took together.
struct Measured {
    latencies: Vec<f64>,
    elapsed: Duration,
}

struct Row {
    name: &'static str,
    connections: usize,
    rounds: Vec<Measured>,
}

impl Row {
    fn percentile(&self, part: f64) -> f64 {
        let rounds = self.rounds.iter().flat_map(|round| &round.latencies);
        let mut latencies: Vec<f64> = rounds.copied().collect();
        latencies.sort_unstable_by(f64::total_cmp);
        let place = (latencies.len() as f64 * part) as usize;
        latencies
            .get(place.min(latencies.len().saturating_sub(1)))
            .copied()
            .unwrap_or(f64::NAN)
    }

    /// The median of the rounds, in requests a second.
    fn throughput(&self) -> f64 {
        let rounds = self.rounds.iter();
        let mut rates: Vec<f64> = rounds
            .map(|it| it.latencies.len() as f64 / it.elapsed.as_secs_f64())
            .collect();
        rates.sort_unstable_by(f64::total_cmp);
        rates.get(rates.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(run())
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let dax = LocalDax::start()?;
    make_table(&dax).await?;
    let client = dax.client()?;
    let put = client.put_item().table_name(TABLE).item("id", text("ann"));
    put.item("visits", AttributeValue::N("1".to_owned()))
        .item("name", text("Ann"))
        .send()
        .await?;
    let store = aws_sdk_dynamodb::Client::from_conf(
        Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "local"))
            .endpoint_url(dax.store_url())
            .build(),
    );
    let in_process = moka::sync::Cache::builder().max_capacity(1000).build();
    let item = store
        .get_item()
        .table_name(TABLE)
        .key("id", text("ann"))
        .send()
        .await?
        .item;
    in_process.insert("ann".to_owned(), Arc::new(item.unwrap_or_default()));

    let mut rows = Vec::new();
    for connections in CONNECTIONS {
        for name in [
            "this client",
            "Python",
            "Node.js",
            "straight to the store",
            "in process",
        ] {
            rows.push(Row {
                name,
                connections,
                rounds: Vec::new(),
            });
        }
    }
    for _ in 0..ROUNDS {
        for row in &mut rows {
            let connections = row.connections;
            let measured = match row.name {
                "this client" => {
                    let call = || {
                        client
                            .get_item()
                            .table_name(TABLE)
                            .key("id", text("ann"))
                            .send()
                    };
                    Some(measure(connections, call).await)
                }
                "straight to the store" => {
                    let call = || {
                        store
                            .get_item()
                            .table_name(TABLE)
                            .key("id", text("ann"))
                            .send()
                    };
                    Some(measure(connections, call).await)
                }
                "in process" => {
                    let call = || std::future::ready(in_process.get("ann").ok_or("missing"));
                    Some(measure(connections, call).await)
                }
                "Python" => official(".venv/bin/python", "bench.py", &dax, connections),
                _ => official("node", "bench.cjs", &dax, connections),
            };
            row.rounds.extend(measured);
        }
    }
    print_heading()?;
    print(&rows);
    Ok(())
}

/// Makes the calls, so many at a time.
async fn measure<F, T, E>(connections: usize, call: impl Fn() -> F) -> Measured
where
    F: Future<Output = Result<T, E>>,
    E: std::fmt::Debug,
{
    let one = async || {
        let started = Instant::now();
        if let Err(error) = call().await {
            panic!("{error:?}");
        }
        started.elapsed().as_secs_f64() * 1e6
    };
    let lane = async |calls: usize| {
        let mut latencies = Vec::with_capacity(calls);
        for _ in 0..calls {
            latencies.push(one().await);
        }
        latencies
    };
    let lanes = |calls: usize| {
        futures_util::future::join_all((0..connections).map(move |_| lane(calls / connections)))
    };
    lanes(WARM_UP).await;
    let started = Instant::now();
    let latencies = lanes(CALLS).await.concat();
    Measured {
        latencies,
        elapsed: started.elapsed(),
    }
}

/// Runs an official client's program; `None` if it is not installed.
fn official(program: &str, script: &str, dax: &LocalDax, connections: usize) -> Option<Measured> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/official");
    let installed = if program == "node" {
        "node_modules"
    } else {
        ".venv"
    };
    if !folder.join(installed).exists() {
        return None;
    }
    let program = if program == "node" {
        PathBuf::from(program)
    } else {
        folder.join(program)
    };
    let output = Command::new(program)
        .arg(folder.join(script))
        .arg(dax.endpoint_url())
        .args([WARM_UP, CALLS, connections].map(|number| number.to_string()))
        .current_dir(&folder)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    let elapsed = Duration::from_secs_f64(numbers.next()?.ok()?);
    let latencies = numbers.collect::<Result<_, _>>().ok()?;
    Some(Measured { latencies, elapsed })
}

/// When and on what this was measured.
fn print_heading() -> Result<(), Box<dyn std::error::Error>> {
    let now = aws_sdk_dynamodb::primitives::DateTime::from(SystemTime::now());
    let now = now.fmt(aws_sdk_dynamodb::primitives::DateTimeFormat::DateTime)?;
    let rustc = Command::new("rustc").arg("--version").output()?.stdout;
    let rustc = String::from_utf8_lossy(&rustc);
    let cores = std::thread::available_parallelism()?;
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name"));
    let cpu = cpu.map_or("", |model| model.trim_start_matches([' ', '\t', ':']));
    println!("{}, {cores} cores {cpu}", &now[..10]);
    println!("{}, {ROUNDS} rounds of {CALLS} calls\n", rustc.trim());
    Ok(())
}

fn print(rows: &[Row]) {
    println!(
        "{:<24}{:>6}{:>10}{:>10}{:>12}{:>8}",
        "", "at a", "p50", "p99", "requests", "p50"
    );
    println!(
        "{:<24}{:>6}{:>10}{:>10}{:>12}{:>8}",
        "GetItem, cached", "time", "us", "us", "a second", "ratio"
    );
    for row in rows.iter().filter(|row| !row.rounds.is_empty()) {
        let ours = rows
            .iter()
            .find(|it| it.name == "this client" && it.connections == row.connections);
        let ratio = ours.map_or(f64::NAN, |ours| row.percentile(0.5) / ours.percentile(0.5));
        println!(
            "{:<24}{:>6}{:>10.1}{:>10.1}{:>12.0}{:>8.2}",
            row.name,
            row.connections,
            row.percentile(0.5),
            row.percentile(0.99),
            row.throughput(),
            ratio
        );
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

async fn make_table(dax: &LocalDax) -> Result<(), Box<dyn std::error::Error>> {
    let store = dax.store();
    let definition = AttributeDefinition::builder()
        .attribute_name("id")
        .attribute_type(ScalarAttributeType::S)
        .build()?;
    let key = KeySchemaElement::builder()
        .attribute_name("id")
        .key_type(KeyType::Hash)
        .build()?;
    store
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(definition)
        .key_schema(key)
        .send()
        .await?;
    loop {
        let described = store.describe_table().table_name(TABLE).send().await?.table;
        if described.and_then(|table| table.table_status) == Some(TableStatus::Active) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
