//! What tools that nobody here wrote make of the starters. `tests/tools` pins their versions.

mod watched;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::{Value as Json, json};
use starters::Starter;

use crate::files::{Files, Intent, LanguageModel};
use crate::repository;
use watched::Watched;

/// In bytes. What grows a package is seen here first.
const LARGEST_PACKAGE: u64 = 3_000_000;

/// Where .ci/run installs the tools that Python's registry has.
fn python_tool(name: &str) -> PathBuf {
    repository().join("tests/tools/.venv/bin").join(name)
}

/// Where programs are looked for, the virtual environment first: cargo-lambda runs its Zig there.
fn with_python_tools() -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [python_tool("")].into_iter().chain(env::split_paths(&path));
    env::join_paths(folders).unwrap()
}

/// What a command prints, if it succeeds.
#[track_caller]
fn output_of(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; .ci/run installs what it needs"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{said}{failed}");
    said
}

#[test]
#[ignore = "needs Python, whose packages .ci/run installs"]
fn sam_and_cfn_lint_find_nothing_in_the_templates() {
    let mut lint = Command::new(python_tool("python"));
    lint.arg(repository().join("tests/tools/lint.py"));
    lint.args(
        starters::ALL
            .iter()
            .map(|starter| starter.folder().join("template.yaml")),
    );
    let beside = ["alarms.yaml", "scaling.yaml"];
    lint.args(beside.map(|file| repository().join("examples/capacity").join(file)));
    println!("{}", output_of(&mut lint));
}

#[test]
#[ignore = "needs cargo-lambda, which .ci/run installs, and takes minutes"]
fn cargo_lambda_makes_the_packages() {
    let folder = tempfile::tempdir().unwrap();
    let mut build = Command::new(python_tool("cargo-lambda"));
    // As the page on deploying says.
    build.args(["lambda", "build", "--release"]);
    build.args(["--output-format", "zip", "--lambda-dir"]);
    // All in one build, as each is linked by one thread alone, which takes longest.
    build.arg(folder.path());
    for starter in starters::ALL {
        build.args(["--package", starter.name]);
    }
    // Where the copies of tests/console and tests/new.rs find what they depend on, too. The compiler
    // that cargo-lambda makes of Zig must be the same one, or Cargo builds all of it again.
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR"));
    build.env("CARGO_BUILD_BUILD_DIR", shared.join("copies"));
    build.env(
        "CARGO_ZIGBUILD_CACHE_DIR",
        shared.join("zig/cargo-zigbuild"),
    );
    build.env("ZIG_GLOBAL_CACHE_DIR", shared.join("zig/zig"));
    build.env("PATH", with_python_tools());
    output_of(build.current_dir(repository()));
    for starter in starters::ALL {
        let zip = folder.path().join(starter.name).join("bootstrap.zip");
        let bytes = fs::metadata(&zip).unwrap().len();
        println!("{}: bootstrap.zip has {bytes} bytes", starter.name);
        assert!(bytes < LARGEST_PACKAGE, "{}: {bytes}", starter.name);
    }
}

// ANCHOR: utterances
#[tokio::test]
#[ignore = "needs Node.js and cargo-lambda, which .ci/run installs"]
async fn virtual_alexa_speaks_every_sample_utterance() {
    for starter in starters::ALL {
        let function = Watched::start(starter).await;
        for (locale, model) in starter.models() {
            for intent in &model.intents {
                for sample in &intent.samples {
                    let said = filled(sample, intent, &model);
                    let turns = speak(&function, starter, &locale, &json!([said]));
                    let sent = &turns[0]["request"]["intent"];
                    assert_eq!(sent["name"], *intent.name, "{locale}: {said}");
                    is_answered(&turns[0]);
                }
            }
        }
    }
}
// ANCHOR_END: utterances

#[tokio::test]
#[ignore = "needs Node.js and cargo-lambda, which .ci/run installs"]
async fn virtual_alexa_has_whole_conversations() {
    let text = fs::read_to_string(repository().join("tests/tools/conversations.json")).unwrap();
    let conversations: Json = serde_json::from_str(&text).unwrap();
    for starter in starters::ALL {
        // One without a script says its sample utterances, in the test above.
        let Some(by_locale) = conversations[starter.name].as_object() else {
            continue;
        };
        let function = Watched::start(starter).await;
        for (locale, conversation) in by_locale {
            let script = conversation.as_array().unwrap();
            let said: Vec<&Json> = script.iter().map(|turn| &turn[0]).collect();
            let turns = speak(&function, starter, locale, &json!(said));
            for (turn, expected) in turns.iter().zip(script) {
                let speech = turn["answer"]["response"]["outputSpeech"]["ssml"].as_str();
                let expected = expected[1].as_str().unwrap();
                let speech = speech.unwrap_or_default();
                assert!(speech.contains(expected), "{locale}: {turn:#}\n{expected}");
            }
        }
    }
}

/// Lets a new user say one thing after the other; tells what was sent and what came back.
fn speak(function: &Watched, starter: &Starter, locale: &str, say: &Json) -> Vec<Json> {
    let models = starter
        .folder()
        .join("skill-package/interactionModels/custom");
    let task = json!({
        "url": function.url(starter.name),
        "skillId": starter.skill_id,
        "locale": locale,
        "model": models.join(format!("{locale}.json")),
        "userId": format!("amzn1.ask.account.{}", function.next_user()),
        "say": say,
    });
    let mut node = Command::new("node");
    node.arg(repository().join("tests/tools/speak.mjs"));
    let turns = output_of(node.arg(task.to_string()));
    serde_json::from_str(&turns).unwrap()
}

/// The sample with a value in each of its slots.
fn filled(sample: &str, intent: &Intent, model: &LanguageModel) -> String {
    let mut said = sample.to_owned();
    for slot in &intent.slots {
        let own = model.types.iter().find(|known| known.name == slot.r#type);
        let value = own.map_or("50", |own| own.first_value());
        said = said.replace(&format!("{{{}}}", slot.name), value);
    }
    said
}

fn is_answered(turn: &Json) {
    let response = &turn["answer"]["response"];
    let speech = response["outputSpeech"]["ssml"]
        .as_str()
        .unwrap_or_default();
    let apologies = ["Sorry", "Excusez-moi", "Lo siento"];
    assert!(speech.len() > "<speak></speak>".len(), "{turn:#}");
    let failed = apologies.iter().any(|apology| speech.contains(apology));
    assert!(!failed, "{turn:#}");
}
