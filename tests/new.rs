//! `new` copies a starter out as a project of its own, and refuses what would go wrong.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use skills_that_remember::error::Error;
use skills_that_remember::new::{self, Starter};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn program(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_skills-that-remember"));
    program.arg("new").args(arguments).output().unwrap()
}

fn names(starters: Vec<Starter>) -> Vec<String> {
    starters.into_iter().map(|starter| starter.name).collect()
}

const STARTERS: [&str; 4] = ["facts", "high-low", "shared-list", "visit-counter"];

#[test]
fn new_alone_lists_the_starters_with_a_line_each() {
    let output = program(&[]);
    assert!(output.status.success());
    let listed = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), STARTERS.len(), "{listed}");
    for (line, name) in lines.iter().zip(STARTERS) {
        let description = line.strip_prefix(name).unwrap().trim();
        assert!(description.contains(' '), "{line}");
    }
}

#[test]
fn a_starter_needs_a_folder() {
    let output = program(&["facts"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("<FOLDER>"));
}

#[test]
fn an_unknown_starter_is_refused_and_the_known_ones_are_listed() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("my-skill");
    let error = new::create(repository(), "dynamo-paper", &folder).unwrap_err();
    for name in STARTERS {
        assert!(error.to_string().contains(name), "{error}");
    }
    match error {
        Error::UnknownStarter { starters, .. } => assert_eq!(names(starters), STARTERS),
        other => panic!("{other}"),
    }
    assert!(!folder.exists());
}

#[test]
fn a_folder_that_is_not_empty_is_refused_and_left_alone() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("my-skill");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    let error = new::create(repository(), "facts", &folder).unwrap_err();
    assert!(matches!(error, Error::NotEmpty(_)), "{error}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn a_file_in_the_folders_place_is_refused_and_left_alone() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("my-skill");
    fs::write(&file, "mine").unwrap();
    let error = new::create(repository(), "facts", &file).unwrap_err();
    assert!(matches!(error, Error::File { .. }), "{error}");
    assert_eq!(fs::read_to_string(file).unwrap(), "mine");
}

#[test]
fn an_empty_folder_is_filled() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("my-skill");
    fs::create_dir(&folder).unwrap();
    new::create(repository(), "facts", &folder).unwrap();
    assert!(folder.join("src/lib.rs").exists());
}

#[test]
fn a_name_that_no_crate_can_have_is_refused() {
    let parent = tempfile::tempdir().unwrap();
    for name in [
        "My Skill", "1st", "-skill", "Skill", "fähig", "skill.rs", "fn", "test", "deps",
    ] {
        let error = new::create(repository(), "facts", &parent.path().join(name)).unwrap_err();
        assert!(matches!(error, Error::BadName { .. }), "{name}: {error}");
    }
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
}

#[test]
fn the_name_of_a_crate_that_the_starter_uses_is_refused() {
    let parent = tempfile::tempdir().unwrap();
    for name in [
        "alexa-skill",
        "alexa_skill",
        "local-dynamodb",
        "serde",
        "lambda-simulator",
    ] {
        let error = new::create(repository(), "facts", &parent.path().join(name)).unwrap_err();
        assert!(matches!(error, Error::BadName { .. }), "{name}: {error}");
    }
}

#[test]
fn a_copy_holds_no_marks_of_the_book_and_no_path_out_of_itself() {
    let parent = tempfile::tempdir().unwrap();
    for starter in STARTERS {
        let folder = parent.path().join(format!("my-{starter}"));
        new::create(repository(), starter, &folder).unwrap();
        let mut folders = vec![folder.clone()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                assert!(!path.ends_with("target"), "{}", path.display());
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = fs::read_to_string(&path).unwrap();
                let marks = ["// ANCHOR", "# ANCHOR", "../../alexa-skill"];
                let marked = marks.iter().any(|mark| text.contains(mark));
                assert!(!marked, "{}", path.display());
            }
        }
        let template = fs::read_to_string(folder.join("template.yaml")).unwrap();
        assert!(template.contains(&format!("CodeUri: target/lambda/my-{starter}/")));
    }
}

#[test]
fn a_copy_uses_the_crates_that_its_starter_uses() {
    let parent = tempfile::tempdir().unwrap();
    for starter in STARTERS {
        let folder = parent.path().join(format!("my-{starter}"));
        new::create(repository(), starter, &folder).unwrap();
        let names = |folder: &Path| {
            let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
            let manifest: toml::Table = toml::from_str(&manifest).unwrap();
            ["dependencies", "dev-dependencies"].map(|table| {
                let table = manifest[table].as_table().unwrap();
                table.keys().cloned().collect::<BTreeSet<String>>()
            })
        };
        let source = repository().join("examples").join(starter);
        assert_eq!(names(&folder), names(&source), "{starter}");
    }
}

/// Cargo refuses a project when a folder that any manifest of it names is missing.
#[test]
fn a_copy_holds_every_package_that_its_manifests_name_by_path() {
    let parent = tempfile::tempdir().unwrap();
    for starter in STARTERS {
        let folder = parent.path().join(format!("my-{starter}"));
        new::create(repository(), starter, &folder).unwrap();
        let mut manifests = vec![folder.join("Cargo.toml")];
        let mut known = BTreeSet::new();
        while let Some(manifest) = manifests.pop() {
            let text = fs::read_to_string(&manifest)
                .unwrap_or_else(|error| panic!("{}: {error}", manifest.display()));
            let package = manifest.parent().unwrap().canonicalize().unwrap();
            assert!(package.starts_with(folder.canonicalize().unwrap()));
            if !known.insert(package.clone()) {
                continue;
            }
            let manifest: toml::Table = toml::from_str(&text).unwrap();
            for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
                let dependencies = manifest.get(table).and_then(toml::Value::as_table);
                for (_, dependency) in dependencies.into_iter().flatten() {
                    if let Some(path) = dependency.get("path").and_then(toml::Value::as_str) {
                        manifests.push(package.join(path).join("Cargo.toml"));
                    }
                }
            }
        }
    }
}

#[test]
#[ignore = "takes minutes"]
fn every_copy_builds_and_passes_its_tests() {
    let parent = tempfile::tempdir().unwrap();
    // What the copies depend on is built once for all of them, and kept for the next run.
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copies");
    for starter in STARTERS {
        let folder = parent.path().join(format!("my-{starter}"));
        let output = program(&[starter, folder.to_str().unwrap()]);
        assert!(output.status.success(), "{output:?}");

        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
        // The copy's lock file names what this build has fetched, and the copy needs nothing else.
        cargo.args(["test", "--offline"]);
        cargo.env_remove("CARGO_TARGET_DIR");
        cargo.env("CARGO_BUILD_BUILD_DIR", &built);
        let output = cargo.current_dir(&folder).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let failed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{starter}\n{said}{failed}");
        for tests in ["tests/conversation.rs", "tests/lambda.rs"] {
            assert!(
                failed.contains(tests),
                "{starter} runs no {tests}\n{failed}"
            );
        }
        println!("{starter}\n{said}");
    }
}
