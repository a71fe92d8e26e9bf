//! The conversations that the published site plays: recorded here, by what answers on the served one.
//!
//! `SNAPSHOTS=overwrite cargo test --test site recorded -- --test-threads=1` records them anew, one
//! after the other, as the times that are shown are real ones.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};
use regex::Regex;
use serde::Serialize;
use serde_json::{Value as Json, json};
use simulator::{Device, Exchange, Fault, Speaker, User};
use skills_that_remember::simulator::LocalSimulator;

/// What it was recorded with, beside the guide itself.
const CRATES: [&str; 3] = ["alexa-skill", "aws-sdk-dynamodb", "dynoxide-rs"];

/// A reader in front of the panel, whose every step is written down.
struct Reader {
    local: LocalSimulator,
    starter: &'static str,
    exchanges: Vec<Exchange>,
}

impl Reader {
    async fn of(starter: &'static str) -> Reader {
        Reader {
            local: LocalSimulator::start().await.unwrap(),
            starter,
            exchanges: Vec::new(),
        }
    }

    /// Says something, and hears the answer.
    async fn say(&mut self, user: User, device: Device, locale: &str, text: &str) -> String {
        let simulator = self.local.simulator();
        let speaker = Speaker { user, device };
        let said = simulator.say(self.starter, speaker, Some(locale), text);
        let exchange = said.await.unwrap();
        let speech = exchange.turns[0].speech.clone();
        self.exchanges.push(exchange);
        speech
    }

    async fn hear(&mut self, user: User, device: Device, texts: &[&str]) {
        for text in texts {
            self.say(user, device, "en-US", text).await;
        }
    }

    async fn at_once(&mut self, kitchen: &str, bedroom: &str) {
        let simulator = self.local.simulator();
        let texts = [kitchen, bedroom];
        let said = simulator.say_at_once(self.starter, User::Alice, None, texts);
        let exchange = said.await.unwrap();
        let calls = exchange.turns[1].calls.len();
        assert_eq!(calls, 4, "the second device collides");
        self.exchanges.push(exchange);
    }

    /// Compares with the recording that the site plays, or makes it.
    fn finish(self) {
        compare(self.starter, "exchanges", self.exchanges);
    }
}

/// Compares with the recording of this name that the site plays, or makes it.
fn compare(name: &str, what: &str, played: impl Serialize) {
    let made = json!({
        "recorded": {"on": today(), "versions": versions()},
        what: played,
    });
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join(format!("book/src/starters/recorded/{name}.json"));
    if env::var("SNAPSHOTS").is_ok_and(|action| action == "overwrite") {
        let mut text = serde_json::to_string_pretty(&made).unwrap();
        text.push('\n');
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        return fs::write(file, text).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    let kept: Json = serde_json::from_str(&kept).unwrap_or_default();
    let [kept, made] = [kept, made].map(|recording| lasting(&recording[what]));
    assert!(
        kept == made,
        "{} is not what the skill says now; see the head of {}",
        file.display(),
        file!()
    );
}

#[tokio::test]
async fn the_recorded_visits_are_what_the_skill_says() {
    let mut reader = Reader::of("visit-counter").await;
    let visit = "open visit counter";
    let ask = "ask visit counter how often I have been here";
    reader
        .hear(User::Alice, Device::Kitchen, &[visit, visit, ask])
        .await;
    reader.hear(User::Bob, Device::Bedroom, &[visit]).await;
    reader.at_once(visit, visit).await;
    reader.finish();
}

#[tokio::test]
async fn the_recorded_game_is_what_the_skill_says() {
    let mut reader = Reader::of("high-low").await;
    reader.local.simulator().fix_numbers(9);
    reader
        .hear(
            User::Alice,
            Device::Kitchen,
            &["open high low", "is it fifty"],
        )
        .await;
    let hint = reader.exchanges[1].turns[0].speech.clone();
    reader
        .hear(
            User::Alice,
            Device::Kitchen,
            &["stop", "open high low", "yes"],
        )
        .await;
    let (mut low, mut high) = if hint.starts_with("Higher") {
        (51, 100)
    } else {
        (1, 49)
    };
    loop {
        let guess = (low + high) / 2;
        let text = format!("is it {guess}");
        let answer = reader
            .say(User::Alice, Device::Kitchen, "en-US", &text)
            .await;
        match answer.split(' ').next() {
            Some("Higher") => low = guess + 1,
            Some("Lower") => high = guess - 1,
            _ => break,
        }
    }
    reader
        .hear(User::Alice, Device::Kitchen, &["what is my score", "no"])
        .await;
    reader.at_once("new game", "new game").await;
    reader.finish();
}

#[tokio::test]
async fn the_recorded_facts_are_what_the_skill_says() {
    let mut reader = Reader::of("facts").await;
    reader
        .hear(
            User::Alice,
            Device::Kitchen,
            &["open dynamo facts", "yes", "no"],
        )
        .await;
    let french = "ouvre anecdotes dynamo";
    reader
        .say(User::Alice, Device::Bedroom, "fr-FR", french)
        .await;
    reader
        .say(User::Alice, Device::Bedroom, "fr-FR", "non")
        .await;
    reader
        .at_once("open dynamo facts", "open dynamo facts")
        .await;
    reader.finish();
}

#[tokio::test]
async fn the_recorded_list_is_what_the_skill_says() {
    let mut reader = Reader::of("shared-list").await;
    reader
        .hear(
            User::Alice,
            Device::Kitchen,
            &["open shared list", "add milk, eggs and figs"],
        )
        .await;
    reader
        .hear(
            User::Alice,
            Device::Bedroom,
            &["open shared list", "read the list", "remove milk", "stop"],
        )
        .await;
    reader
        .hear(User::Bob, Device::Kitchen, &["open shared list", "stop"])
        .await;
    reader.at_once("add bread", "add olive oil").await;
    reader.finish();
}

#[tokio::test]
async fn the_recorded_faults_are_what_the_skill_says() {
    let local = LocalSimulator::start().await.unwrap();
    let simulator = local.simulator();
    let mut faults = Vec::new();
    for fault in simulator.faults("visit-counter").await.unwrap() {
        let run = simulator.run_with_fault("visit-counter", &fault);
        let faulty = run.await.unwrap();
        let error = faulty.error.as_ref().map(|error| error.name);
        let error = error.unwrap_or_default();
        faults.push((error, json!({"fault": fault, "faulty": faulty})));
    }
    let (errors, faults): (Vec<&str>, Vec<Json>) = faults.into_iter().unzip();
    let expected = [
        "AccessDenied",
        "NoTable",
        "WrongKey",
        "TooLarge",
        "Conflict",
    ];
    assert_eq!(errors, expected);
    compare("break-it", "faults", faults);
}

#[tokio::test]
async fn a_fault_that_the_skill_bears_ends_in_no_error() {
    let local = LocalSimulator::start().await.unwrap();
    let starter = starters::named("visit-counter").unwrap();
    for (fault, calls) in [
        (Fault::Policy(starter.policy.into()), 2),
        (Fault::Table("VisitCounter".into()), 2),
        (Fault::Key("userId".into()), 2),
        (Fault::Size(399), 2),
        (Fault::Writes(1), 4),
    ] {
        let run = local.simulator().run_with_fault(starter.name, &fault);
        let faulty = run.await.unwrap();
        assert!(faulty.error.is_none(), "{fault:?}: {:?}", faulty.error);
        let turn = &faulty.exchange.turns[0];
        assert_eq!(turn.calls.len(), calls, "{fault:?}");
        assert_eq!(turn.speech, "Welcome! This is your first visit.");
    }
}

fn today() -> String {
    let now = DateTime::from(SystemTime::now()).fmt(DateTimeFormat::DateTime);
    now.unwrap().split('T').next().unwrap().to_owned()
}

fn versions() -> BTreeMap<&'static str, String> {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"));
    let lock: toml::Table = lock.unwrap().parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let version = |name| {
        let package = packages
            .iter()
            .find(|package| package["name"].as_str() == Some(name));
        package.unwrap()["version"].as_str().unwrap().to_owned()
    };
    CRATES
        .into_iter()
        .map(|name| (name, version(name)))
        .collect()
}

/// A recording without what differs from one run to the next: times, ids, ports and signatures; and
/// the number that high-low draws while two turns run at once, as the SDK draws numbers in between.
fn lasting(exchanges: &Json) -> Json {
    let differs = [
        (r"amzn1\.echo-api\.(request|session)\.[0-9a-f]+", "id"),
        (r"\d{4}-\d{2}-\d{2}(T[0-9:.]+Z)?", "time"),
        (r"127\.0\.0\.1:\d+", "address"),
    ];
    let patterns = differs.map(|(pattern, name)| (Regex::new(pattern).unwrap(), name));
    let exchanges = exchanges.as_array().into_iter().flatten();
    let lasting = exchanges.map(|exchange| {
        let mut differs = vec!["begins", "took", "held", "headers", "B"];
        if exchange["turns"]
            .as_array()
            .is_some_and(|turns| turns.len() > 1)
        {
            differs.push("secret");
        }
        without(exchange.clone(), &differs, &patterns)
    });
    lasting.collect()
}

fn without(value: Json, differs: &[&str], patterns: &[(Regex, &str)]) -> Json {
    let path = |value: &Json| {
        value["path"]
            .as_str()
            .map(str::to_owned)
            .unwrap_or_default()
    };
    match value {
        Json::String(text) => patterns
            .iter()
            .fold(text, |text, (pattern, name)| {
                pattern.replace_all(&text, *name).into_owned()
            })
            .into(),
        Json::Array(values) => values
            .into_iter()
            .filter(|value| !differs.contains(&path(value).rsplit('.').next().unwrap_or_default()))
            .map(|value| without(value, differs, patterns))
            .collect(),
        Json::Object(entries) => entries
            .into_iter()
            .filter(|(name, _)| !differs.contains(&name.as_str()))
            .map(|(name, value)| (name, without(value, differs, patterns)))
            .collect(),
        other => other,
    }
}
