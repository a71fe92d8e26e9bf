//! `new` copies a starter out as a project of its own, and refuses what would go wrong.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use ignore::WalkBuilder;
use serde_json::Value as Json;
use skills_that_remember::error::Error;
use skills_that_remember::new;
use tempfile::TempDir;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn program(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_skills-that-remember"));
    program.arg("new").args(arguments).output().unwrap()
}

fn names() -> Vec<&'static str> {
    starters::ALL.iter().map(|starter| starter.name).collect()
}

/// A copy of each starter, with the starter's name, for tests that only look.
static COPIES: LazyLock<Vec<(&str, PathBuf)>> = LazyLock::new(|| {
    let parent = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new");
    if parent.exists() {
        fs::remove_dir_all(&parent).unwrap();
    }
    let copy = |name| {
        let folder = parent.join(format!("my-{name}"));
        new::create(repository(), name, &folder).unwrap();
        (name, folder)
    };
    names().into_iter().map(copy).collect()
});

/// The files of a copy, without Git's.
fn files(folder: &Path) -> Vec<PathBuf> {
    let files = WalkBuilder::new(folder).standard_filters(false).build();
    let files = files.map(|entry| entry.unwrap().into_path());
    files
        .filter(|path| path.is_file() && !path.starts_with(folder.join(".git")))
        .collect()
}

fn manifest(folder: &Path) -> toml::Table {
    let text = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

/// What Cargo says of the workspace in a folder.
fn workspace(folder: &Path) -> Result<String, String> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args([
        "metadata",
        "--offline",
        "--no-deps",
        "--format-version",
        "1",
    ]);
    let output = cargo.current_dir(folder).output().unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap())
    } else {
        Err(String::from_utf8(output.stderr).unwrap())
    }
}

#[test]
fn new_alone_lists_the_starters_with_a_line_each() {
    let output = program(&[]);
    assert!(output.status.success());
    let listed = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), names().len(), "{listed}");
    for (line, name) in lines.iter().zip(names()) {
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
    for name in names() {
        assert!(error.to_string().contains(name), "{error}");
    }
    match error {
        Error::UnknownStarter { starters, .. } => {
            let listed: Vec<String> = starters.into_iter().map(|starter| starter.name).collect();
            assert_eq!(listed, names());
        }
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
    assert!(matches!(error, Error::Io(_)), "{error}");
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
        "My Skill",
        "1st",
        "-skill",
        "Skill",
        "fähig",
        "skill.rs",
        "fn",
        "gen",
        "test",
        "deps",
        "proc-macro",
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
        "simulator",
    ] {
        let error = new::create(repository(), "facts", &parent.path().join(name)).unwrap_err();
        assert!(matches!(error, Error::BadName { .. }), "{name}: {error}");
    }
}

#[test]
fn a_copy_holds_no_marks_of_the_book_and_no_path_out_of_itself() {
    for (starter, folder) in &*COPIES {
        for path in files(folder) {
            let text = fs::read_to_string(&path).unwrap();
            let marks = ["// ANCHOR", "# ANCHOR", "../../alexa-skill"];
            let marked = marks.iter().any(|mark| text.contains(mark));
            assert!(!marked, "{}", path.display());

            let included = text.split("include_str!(\"").skip(1);
            for included in included.filter_map(|rest| rest.split('"').next()) {
                let included = path.parent().unwrap().join(included);
                let shown = included.display();
                let inside = included
                    .canonicalize()
                    .is_ok_and(|path| path.starts_with(folder.canonicalize().unwrap()));
                assert!(inside, "{} includes {shown}", path.display());
            }
        }
        let template = fs::read_to_string(folder.join("template.yaml")).unwrap();
        assert!(template.contains(&format!("CodeUri: target/lambda/my-{starter}/")));
    }
}

#[test]
fn a_copy_uses_the_crates_that_its_starter_uses() {
    for (starter, folder) in &*COPIES {
        let names = |folder: &Path| {
            let manifest = manifest(folder);
            ["dependencies", "dev-dependencies"].map(|table| {
                let table = manifest[table].as_table().unwrap();
                table.keys().cloned().collect::<BTreeSet<String>>()
            })
        };
        let source = repository().join("examples").join(starter);
        assert_eq!(names(folder), names(&source), "{starter}");
    }
}

/// Cargo refuses a project when a folder that any manifest of it names is missing.
#[test]
fn a_copy_holds_every_package_that_its_manifests_name_by_path_and_no_other() {
    for (_, folder) in &*COPIES {
        let mut packages = vec![folder.clone()];
        let mut named = BTreeSet::new();
        while let Some(package) = packages.pop() {
            let package = package.canonicalize().unwrap();
            if !named.insert(package.clone()) {
                continue;
            }
            let manifest = manifest(&package);
            for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
                let dependencies = manifest.get(table).and_then(toml::Value::as_table);
                for (_, dependency) in dependencies.into_iter().flatten() {
                    if let Some(path) = dependency.get("path").and_then(toml::Value::as_str) {
                        packages.push(package.join(path));
                    }
                }
            }
        }
        let folder = folder.canonicalize().unwrap();
        let libraries = folder.join("libraries");
        let copied = fs::read_dir(&libraries).unwrap();
        let copied = copied.map(|entry| entry.unwrap().path());
        let mut copied: BTreeSet<PathBuf> = copied.filter(|path| path.is_dir()).collect();
        copied.insert(folder);
        assert_eq!(named, copied);
    }
}

#[test]
fn a_library_in_a_copy_is_its_sources_without_tests() {
    let (_, folder) = &COPIES[0];
    let libraries = folder.join("libraries");
    for path in files(&libraries) {
        let inside = path.strip_prefix(&libraries).unwrap();
        let parts: Vec<&str> = inside.iter().map(|part| part.to_str().unwrap()).collect();
        assert!(
            matches!(
                parts[..],
                [_] | [_, "Cargo.toml" | "README.md"] | [_, "src", ..]
            ),
            "{inside:?}"
        );
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("\n#[cfg(test)]\n"), "{inside:?}");
        if inside.ends_with("Cargo.toml") {
            let manifest: toml::Table = toml::from_str(&text).unwrap();
            for table in ["dev-dependencies", "test", "example", "bench"] {
                assert!(!manifest.contains_key(table), "{inside:?} has {table}");
            }
        }
    }
}

#[test]
fn a_copy_and_its_libraries_are_workspaces_of_their_own() {
    for (starter, folder) in &*COPIES {
        let metadata: Json = serde_json::from_str(&workspace(folder).unwrap()).unwrap();
        let packages = metadata["packages"].as_array().unwrap();
        assert_eq!(packages.len(), 1);
        assert_eq!(
            packages[0]["name"].as_str(),
            Some(&*format!("my-{starter}"))
        );

        let version = &manifest(&folder.join("libraries"))["workspace"]["package"]["version"];
        assert_eq!(version.as_str(), Some(env!("CARGO_PKG_VERSION")));
        workspace(&folder.join("libraries")).unwrap();
    }
}

/// Otherwise the first build changes it, and a first commit before that is no longer true.
#[test]
fn the_lock_file_of_a_copy_is_the_repositorys_without_what_is_not_used() {
    let locked = |folder: &Path| {
        let text = fs::read_to_string(folder.join("Cargo.lock")).unwrap();
        let lock: toml::Table = toml::from_str(&text).unwrap();
        let packages = lock["package"].as_array().unwrap().iter();
        let name = |package: &toml::Value| format!("{} {}", package["name"], package["version"]);
        packages.map(name).collect::<BTreeSet<String>>()
    };
    let all = locked(repository());
    for (starter, folder) in &*COPIES {
        let copied = locked(folder);
        let new: Vec<&String> = copied.difference(&all).collect();
        assert_eq!(new, [&format!("\"my-{starter}\" \"0.1.0\"")]);
        assert!(!copied.iter().any(|package| package.contains("mdbook")));
    }
}

#[test]
fn a_copy_is_a_git_repository() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("my-skill");
    new::create(repository(), "facts", &folder).unwrap();
    assert!(folder.join(".git").is_dir());

    // Cargo makes none inside another one either.
    let inside = folder.join("another-skill");
    new::create(repository(), "facts", &inside).unwrap();
    assert!(inside.join("src/lib.rs").exists() && !inside.join(".git").exists());
}

/// A workspace that has every folder in `crates/` for a member.
fn workspace_of_crates() -> TempDir {
    let parent = tempfile::tempdir().unwrap();
    fs::create_dir_all(parent.path().join("crates/other/src")).unwrap();
    let other = "[package]\nname = \"other\"\nedition = \"2024\"\n";
    for (path, text) in [
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"./crates/*\"]\n",
        ),
        ("crates/other/Cargo.toml", other),
        ("crates/other/src/lib.rs", ""),
    ] {
        fs::write(parent.path().join(path), text).unwrap();
    }
    workspace(parent.path()).unwrap();
    parent
}

#[test]
fn a_folder_that_another_workspace_takes_for_a_member_is_refused_and_not_written() {
    let parent = workspace_of_crates();
    let folder = parent.path().join("crates/my-skill");
    let error = new::create(repository(), "facts", &folder).unwrap_err();
    let told = error.to_string();
    assert!(matches!(error, Error::MemberOfAnother { .. }), "{told}");
    assert!(!folder.exists());

    // What the error says to do helps.
    assert!(
        told.contains("add \"crates/my-skill\" to `exclude`"),
        "{told}"
    );
    let manifest = parent.path().join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap() + "exclude = [\"crates/my-skill\"]\n";
    fs::write(&manifest, text).unwrap();
    new::create(repository(), "facts", &folder).unwrap();
    assert!(
        workspace(parent.path())
            .unwrap()
            .contains("\"name\":\"other\"")
    );
    workspace(&folder).unwrap();
}

#[test]
fn cargo_builds_no_workspace_that_has_a_copy_for_a_member() {
    let parent = workspace_of_crates();
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("my-skill");
    new::create(repository(), "facts", &copy).unwrap();
    fs::rename(&copy, parent.path().join("crates/my-skill")).unwrap();
    let refused = workspace(parent.path()).unwrap_err();
    assert!(refused.contains("crates/my-skill"), "{refused}");
}

#[test]
fn a_folder_inside_a_workspace_that_does_not_name_it_is_filled() {
    let parent = workspace_of_crates();
    for place in ["skills/my-skill", "crates/other/my-skill"] {
        let folder = parent.path().join(place);
        new::create(repository(), "facts", &folder).unwrap();
        workspace(&folder).unwrap();
    }
    workspace(parent.path()).unwrap();
}

#[test]
#[ignore = "takes minutes"]
fn every_copy_builds_and_passes_its_tests() {
    let parent = tempfile::tempdir().unwrap();
    // What the copies depend on is built once for all of them, and kept for the next run.
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copies");
    for starter in names() {
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
