//! `update` brings newer libraries into a copy of a starter, and loses nothing.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ignore::WalkBuilder;
use skills_that_remember::error::Error;
use skills_that_remember::new;
use skills_that_remember::update::{Changed, Update, update};
use tempfile::TempDir;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A starter's copy, and a repository that is newer than the one that it was copied from.
struct Situation {
    folder: TempDir,
}

impl Situation {
    fn new() -> Situation {
        let situation = Situation {
            folder: tempfile::tempdir().unwrap(),
        };
        new::create(repository(), "visit-counter", &situation.copy()).unwrap();
        situation.make_newer_repository();
        situation
    }

    fn copy(&self) -> PathBuf {
        self.folder.path().join("my-skill")
    }

    fn newer(&self) -> PathBuf {
        self.folder.path().join("newer")
    }

    fn make_newer_repository(&self) {
        let copied = fs::read_dir(self.copy().join("libraries")).unwrap();
        let copied = copied
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.path().is_dir());
        let mut packages: Vec<OsString> = copied.map(|entry| entry.file_name()).collect();
        packages.push("examples/visit-counter".into());
        for package in packages {
            copy(&repository().join(&package), &self.newer().join(&package));
        }
        for file in [
            "Cargo.toml",
            "Cargo.lock",
            "CHANGELOG.md",
            "LICENSE-APACHE",
            "LICENSE-MIT",
        ] {
            fs::copy(repository().join(file), self.newer().join(file)).unwrap();
        }
        let edit = |file: &str, from: &str, to: &str| {
            let path = self.newer().join(file);
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains(from), "{file}");
            fs::write(path, text.replacen(from, to, 1)).unwrap();
        };
        edit("Cargo.toml", "version = \"0.1.0\"", "version = \"0.2.0\"");
        let news = "## [0.2.0]\n\n### Added\n\n- Skills that sing.\n\n## [Unreleased]";
        edit("CHANGELOG.md", "## [Unreleased]", news);
        let song = self.newer().join("alexa-skill/src/song.rs");
        fs::write(song, "//! Songs.\n").unwrap();
        fs::remove_file(self.newer().join("alexa-skill/src/ssml.rs")).unwrap();
    }
}

/// Copies a package without what Git ignores.
fn copy(from: &Path, to: &Path) {
    for entry in WalkBuilder::new(from).build() {
        let path = entry.unwrap().into_path();
        let target = to.join(path.strip_prefix(from).unwrap());
        if path.is_dir() {
            fs::create_dir_all(target).unwrap();
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

/// The files of a folder with what they hold, without Git's.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = WalkBuilder::new(folder).standard_filters(false).build();
    let files = files.map(|entry| entry.unwrap().into_path());
    let files = files.filter(|path| path.is_file() && !path.starts_with(folder.join(".git")));
    files
        .map(|path| {
            let content = fs::read(&path).unwrap();
            (path.strip_prefix(folder).unwrap().to_owned(), content)
        })
        .collect()
}

/// As [`files`], those of the libraries alone or all others.
fn files_of(folder: &Path, libraries: bool) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files(folder);
    files.retain(|path, _| path.starts_with("libraries") == libraries);
    files
}

fn run(repository: &Path, arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_skills-that-remember"));
    program.env("CARGO_MANIFEST_DIR", repository).arg("update");
    program.args(arguments).output().unwrap()
}

#[test]
fn an_update_replaces_the_libraries_and_touches_nothing_else() {
    let situation = Situation::new();
    let copy = situation.copy();
    fs::write(copy.join("src/lib.rs"), "//! Mine.\n").unwrap();
    let mine = files_of(&copy, false);

    let done = update(&situation.newer(), &copy, Changed::Keep).unwrap();
    let expected = Update::Done {
        from: "0.1.0".into(),
        to: "0.2.0".into(),
        news: "## [0.2.0]\n\n### Added\n\n- Skills that sing.".into(),
    };
    assert_eq!(done, expected);
    assert_eq!(files_of(&copy, false), mine);

    let fresh = situation.folder.path().join("fresh");
    new::create(&situation.newer(), "visit-counter", &fresh).unwrap();
    assert_eq!(files_of(&copy, true), files_of(&fresh, true));
    assert!(copy.join("libraries/alexa-skill/src/song.rs").exists());
    assert!(!copy.join("libraries/alexa-skill/src/ssml.rs").exists());
}

#[test]
fn a_copy_with_the_same_libraries_is_left_as_it_is() {
    let situation = Situation::new();
    let library = situation.copy().join("libraries/alexa-skill/src/lib.rs");
    fs::write(&library, "//! Mine.\n").unwrap();
    let before = files(&situation.copy());
    let nothing = update(repository(), &situation.copy(), Changed::Keep).unwrap();
    let version = "0.1.0".to_owned();
    assert_eq!(nothing, Update::None { version });
    assert_eq!(files(&situation.copy()), before);
}

#[test]
fn changed_libraries_are_named_and_kept_unless_they_are_to_be_replaced() {
    let situation = Situation::new();
    let library = situation.copy().join("libraries/alexa-skill");
    let changed = ["README.md", "src/lib.rs", "src/mine.rs"].map(|path| library.join(path));
    fs::remove_file(&changed[0]).unwrap();
    fs::write(&changed[1], "//! Mine.\n").unwrap();
    fs::write(&changed[2], "//! Mine.\n").unwrap();
    // What Cargo writes there is nobody's.
    fs::create_dir(situation.copy().join("libraries/target")).unwrap();
    fs::write(situation.copy().join("libraries/target/debug"), "").unwrap();
    fs::write(situation.copy().join("libraries/Cargo.lock"), "").unwrap();

    let before = files(&situation.copy());
    let error = update(&situation.newer(), &situation.copy(), Changed::Keep).unwrap_err();
    for path in &changed {
        assert!(
            error.to_string().contains(&path.display().to_string()),
            "{error}"
        );
    }
    match error {
        Error::ChangedLibraries(paths) => assert_eq!(paths, changed),
        other => panic!("{other}"),
    }
    assert_eq!(files(&situation.copy()), before);

    update(&situation.newer(), &situation.copy(), Changed::Replace).unwrap();
    let now = files(&situation.copy());
    assert!(now.contains_key(Path::new("libraries/alexa-skill/README.md")));
    assert!(!now.contains_key(Path::new("libraries/alexa-skill/src/mine.rs")));
}

#[test]
fn an_update_that_was_interrupted_is_made_good_by_the_next_one() {
    let situation = Situation::new();
    let copy = situation.copy();
    let [old, new] = [".libraries.old", ".libraries.new"].map(|name| copy.join(name));

    // While it wrote the new libraries.
    fs::create_dir_all(new.join("alexa-skill")).unwrap();
    fs::write(new.join("Cargo.toml"), "half of").unwrap();
    update(&situation.newer(), &copy, Changed::Keep).unwrap();
    assert!(!new.exists() && !old.exists());

    // Between its two renamings.
    fs::rename(copy.join("libraries"), &old).unwrap();
    let mended = update(&situation.newer(), &copy, Changed::Keep).unwrap();
    assert!(matches!(mended, Update::None { .. }), "{mended:?}");
    assert!(copy.join("libraries/Cargo.toml").exists() && !old.exists());

    // While it removed the old ones.
    fs::create_dir(&old).unwrap();
    fs::write(old.join("Cargo.toml"), "the rest of").unwrap();
    update(repository(), &copy, Changed::Keep).unwrap();
    assert!(copy.join("libraries/Cargo.toml").exists() && !old.exists());
}

#[test]
fn a_folder_that_is_no_copy_is_refused_and_left_alone() {
    let parent = tempfile::tempdir().unwrap();
    fs::create_dir(parent.path().join("libraries")).unwrap();
    fs::write(parent.path().join("libraries/mine.txt"), "mine").unwrap();
    let error = update(repository(), parent.path(), Changed::Replace).unwrap_err();
    assert!(matches!(error, Error::NotACopy(_)), "{error}");
    assert_eq!(files(parent.path()).len(), 1);
}

#[test]
fn the_program_tells_what_it_did_and_what_is_new() {
    let situation = Situation::new();
    let copy = situation.copy().display().to_string();
    let library = situation.copy().join("libraries/alexa-skill/src/lib.rs");
    fs::write(library, "//! Mine.\n").unwrap();

    let refused = run(&situation.newer(), &[&copy]);
    assert!(!refused.status.success());
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains("--force"), "{told}");

    let done = run(&situation.newer(), &[&copy, "--force"]);
    assert!(done.status.success());
    let expected = format!(
        "{copy} has the libraries of 0.2.0 now; it had those of 0.1.0. New in the changelog:\n\n\
         ## [0.2.0]\n\n### Added\n\n- Skills that sing.\n"
    );
    assert_eq!(String::from_utf8(done.stdout).unwrap(), expected);

    let again = run(&situation.newer(), &[&copy]);
    let expected = format!("{copy} has the libraries of this guide, 0.2.0\n");
    assert_eq!(String::from_utf8(again.stdout).unwrap(), expected);
}
