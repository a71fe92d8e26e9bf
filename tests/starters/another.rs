//! A starter more is a folder in `examples/` and a page in the book: nothing lists the starters.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ignore::WalkBuilder;
use serde_json::Value as Json;

use crate::repository;

const NAME: &str = "second-counter";

/// Prints what the crate `starters` has found.
const LIST: &str = r#"fn main() {
    for starter in starters::ALL {
        let skill = (starter.skill)().build().unwrap();
        println!("{} {} {}", starter.name, starter.table, skill.intents().count());
    }
}
"#;

/// Copies a folder, each text edited.
fn copy(from: &Path, to: &Path, edit: impl Fn(String) -> String) {
    for entry in WalkBuilder::new(from).build() {
        let path = entry.unwrap().into_path();
        let target = to.join(path.strip_prefix(from).unwrap());
        if path.is_dir() {
            fs::create_dir_all(target).unwrap();
        } else {
            match fs::read_to_string(&path) {
                Ok(text) => fs::write(target, edit(text)).unwrap(),
                Err(_) => drop(fs::copy(&path, target).unwrap()),
            }
        }
    }
}

/// A copy of the repository, which has the visit counter twice.
fn with_another_starter(folder: &Path) -> PathBuf {
    let clone = folder.join("clone");
    copy(repository(), &clone, |text| text);
    let [source, target] = ["visit-counter", NAME].map(|name| clone.join("examples").join(name));
    copy(&source, &target, |text| {
        let text = text.replace("visit-counter", NAME);
        let text = text.replace("visit_counter", "second_counter");
        text.replace("VisitCounter", "SecondCounter")
    });

    let summary = clone.join("book/src/SUMMARY.md");
    let text = fs::read_to_string(&summary).unwrap();
    let page = "- [The visit counter](starters/visit-counter.md)\n";
    let more = page.replace("visit", "second");
    fs::write(&summary, text.replacen(page, &format!("{page}{more}"), 1)).unwrap();
    let page = format!(
        "# The second counter\n\nIt counts.\n\n<div class=\"talk\" data-starter=\"{NAME}\"></div>\n"
    );
    fs::write(
        clone.join("book/src/starters").join(format!("{NAME}.md")),
        page,
    )
    .unwrap();
    clone
}

fn cargo(clone: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.current_dir(clone).env_remove("CARGO_TARGET_DIR");
    cargo
}

#[track_caller]
fn output_of(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{failed}");
    String::from_utf8(output.stdout).unwrap()
}

fn program(clone: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_skills-that-remember"));
    program.env("CARGO_MANIFEST_DIR", clone);
    program
}

#[test]
#[ignore = "takes a minute"]
fn another_starter_is_a_folder_and_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let clone = with_another_starter(folder.path());

    // The workspace tests it, and so does `cargo test`.
    let metadata = [
        "metadata",
        "--offline",
        "--no-deps",
        "--format-version",
        "1",
    ];
    let metadata: Json = serde_json::from_str(&output_of(cargo(&clone).args(metadata))).unwrap();
    let tested = metadata["workspace_default_members"].to_string();
    assert!(tested.contains(&format!("examples/{NAME}#")), "{tested}");

    // The program lists it and copies it out.
    let listed = output_of(program(&clone).arg("new"));
    assert!(listed.contains(&format!("\n{NAME} ")), "{listed}");
    let copied = folder.path().join("my-skill");
    output_of(program(&clone).args(["new", NAME]).arg(&copied));
    assert!(copied.join("src/lib.rs").exists());

    // Its page passes the gate, and has a panel.
    let site = folder.path().join("site");
    output_of(program(&clone).args(["build", "--dest"]).arg(&site));
    let page = fs::read_to_string(site.join(format!("starters/{NAME}.html"))).unwrap();
    assert!(page.contains(&format!("data-starter=\"{NAME}\"")));

    // The tests, the simulator and the browser take the starters from the crate `starters`.
    let examples = clone.join("starters/examples");
    fs::create_dir_all(&examples).unwrap();
    fs::write(examples.join("list.rs"), LIST).unwrap();
    let mut list = cargo(&clone);
    list.args([
        "run",
        "--quiet",
        "--offline",
        "--package",
        "starters",
        "--example",
        "list",
    ]);
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copies");
    let found = output_of(list.env("CARGO_BUILD_BUILD_DIR", built));
    assert_eq!(found.lines().count(), starters::ALL.len() + 1);
    assert!(
        found.contains(&format!("{NAME} SecondCounter 6\n")),
        "{found}"
    );
}
