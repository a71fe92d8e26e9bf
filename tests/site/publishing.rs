//! What is published is checked before: the site by its workflow, the libraries by their manifests.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use skills_that_remember::site;
use toml::Table;

use crate::files;
use crate::small_book::small_book;

const LIBRARIES: [&str; 3] = ["alexa-skill", "dax-client", "local-dynamodb"];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap()
}

fn workflow(name: &str) -> Json {
    serde_saphyr::from_str(&read(&format!(".github/workflows/{name}"))).unwrap()
}

/// The commands that a job runs and the actions that it uses, in their order.
fn steps(job: &Json) -> Vec<&str> {
    let steps = job["steps"].as_array().unwrap().iter();
    steps
        .map(|step| step.get("run").or(step.get("uses")).unwrap())
        .map(|step| step.as_str().unwrap())
        .collect()
}

#[test]
fn the_site_is_published_only_when_every_check_has_passed() {
    let workflow = workflow("book.yml");
    let jobs = &workflow["jobs"];
    let check = steps(&jobs["check"]);
    let place = |part: &str| check.iter().position(|step| step.contains(part)).unwrap();
    assert!(place(".ci/run") < place("cargo run -- build"), "{check:?}");
    assert!(place("cargo run -- build") < place("upload-pages-artifact"));
    // The published site runs the starters in the reader's browser.
    let build = check[place("cargo run -- build")];
    assert!(build.contains("--with-browser"), "{build}");
    assert!(place("rustup target add wasm32-unknown-unknown") < place(".ci/run"));
    for step in jobs["check"]["steps"].as_array().unwrap() {
        assert_eq!(step.get("continue-on-error"), None, "{step}");
    }
    assert_eq!(jobs["publish"]["needs"], "check");
    let on_main = jobs["publish"]["if"].as_str().unwrap();
    assert!(on_main.contains("refs/heads/main"), "{on_main}");
    // What may write is the job that publishes, and it runs nothing of ours.
    assert_eq!(workflow["permissions"]["contents"], "read");
    assert_eq!(jobs["check"].get("permissions"), None);
    assert_eq!(steps(&jobs["publish"]).len(), 1);
}

#[test]
fn actions_are_pinned_and_the_compiler_is_the_books() {
    let manifest: Table = read("Cargo.toml").parse().unwrap();
    let rust = manifest["workspace"]["package"]["rust-version"].as_str();
    let image = format!("rust:{}-trixie", rust.unwrap());
    for name in ["book.yml", "newest.yml"] {
        let workflow = workflow(name);
        let jobs = workflow["jobs"].as_object().unwrap().values();
        for job in jobs {
            for step in steps(job).iter().filter(|step| step.contains('@')) {
                let commit = step.split_once('@').unwrap().1;
                let is_hash = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
                assert!(is_hash, "{name}: {step} is not pinned");
            }
            if let Some(container) = job.get("container") {
                assert_eq!(container, image.as_str(), "{name}");
            }
        }
    }
}

#[test]
fn the_libraries_can_be_published_and_nothing_else() {
    let cargo = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(repository())
        .output()
        .unwrap();
    let metadata: Json = serde_json::from_slice(&cargo.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    // Cargo writes no list where a package may go anywhere, and an empty one where it goes nowhere.
    let mut published: Vec<&str> = packages
        .iter()
        .filter(|package| package["publish"].is_null())
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    published.sort_unstable();
    let programs: Vec<&Json> = packages
        .iter()
        .map(|package| &package["default_run"])
        .filter(|program| !program.is_null())
        .collect();
    assert_eq!(published, LIBRARIES);
    // With a second one, Cargo would not know which program `cargo run` means.
    assert_eq!(programs.len(), 1, "{programs:?}");
}

#[test]
fn a_library_says_under_which_licences_and_with_which_features_it_comes() {
    for library in LIBRARIES {
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            assert_eq!(read(licence), read(&format!("{library}/{licence}")));
        }
        let manifest: Table = read(&format!("{library}/Cargo.toml")).parse().unwrap();
        let docs = read(&format!("{library}/src/lib.rs"));
        let features = manifest
            .get("features")
            .and_then(|features| features.as_table());
        let features = features.into_iter().flat_map(Table::keys);
        for feature in features.filter(|name| *name != "default") {
            let line = format!("//! - `{feature}`");
            assert!(docs.contains(&line), "{library} does not explain {feature}");
            let named = read(&format!("{library}/README.md")).contains(&format!("`{feature}`"));
            assert!(
                named || library == "dax-client",
                "the README leaves {feature} out"
            );
        }
    }
}

#[test]
fn a_listing_leads_to_its_whole_file_and_a_page_says_what_it_is_about() {
    let folder = tempfile::tempdir().unwrap();
    let repository = small_book();
    site::publish(repository.path(), folder.path()).unwrap();
    let sources = files(&folder.path().join("source"));
    let source = (PathBuf::from("skill/src/lib.rs.txt"), b"struct Visits;\n");
    assert_eq!(sources, BTreeMap::from([(source.0, source.1.to_vec())]));
    let page = fs::read_to_string(folder.path().join("chapter.html")).unwrap();
    assert!(
        page.contains("<a href=\"source/skill/src/lib.rs.txt\">skill/src/lib.rs</a>"),
        "{page}"
    );
    assert!(
        page.contains("<meta name=\"description\" content=\"First text.\">"),
        "{page}"
    );
}
