//! A beginner's mistake gets an error of its own, which says what to write instead.
//!
//! Each program in `programs` is one mistake, except `no_mistake`. What the compiler says is in
//! `../snapshots/compile-errors.txt`; `SNAPSHOTS=overwrite cargo test -p alexa-skill --test mistakes`
//! writes it anew.

mod libraries;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use libraries::Libraries;
use serde_json::Value as Json;
use snapbox::{Assert, file};

fn programs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes/programs");
    let programs = fs::read_dir(folder).unwrap();
    let mut programs: Vec<PathBuf> = programs.map(|program| program.unwrap().path()).collect();
    programs.sort();
    programs
}

fn name(program: &Path) -> &str {
    program.file_stem().unwrap().to_str().unwrap()
}

/// What the compiler has to say, one value a diagnostic, and whether it compiled the program.
fn compile(libraries: &Libraries, program: &Path) -> (bool, Vec<Json>) {
    // Two states in one handler are found when code is made, so there must be some.
    let object = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name(program));
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let mut rustc = Command::new(rustc);
    rustc.args(["--edition=2024", "--crate-type=lib", "--emit=obj"]);
    // A long name of a type is cut off at the width of a terminal, which not every machine has.
    rustc.args([
        "--error-format=json",
        "--diagnostic-width=140",
        "--cap-lints=allow",
    ]);
    let folder = format!("dependency={}", libraries.folder.display());
    rustc.arg("-L").arg(folder);
    for (library, file) in &libraries.named {
        let library = format!("{library}={}", file.display());
        rustc.arg("--extern").arg(library);
    }
    let output = rustc.arg("-o").arg(object).arg(program).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let said = said
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    (output.status.success(), said.collect())
}

/// Mistakes that Rust itself finds where no text of a library is shown: its own says which value it is.
const RUSTS_OWN: [&str; 2] = ["borrowed_text_as_state", "not_send"];

/// The line that names each error, below it what stands beside the reader's own code, and the notes of
/// this library.
fn essence(program: &str, said: &[Json]) -> String {
    let rusts_own = RUSTS_OWN.contains(&program);
    let mut essence = String::new();
    let errors = said.iter().filter(|said| said["level"] == "error");
    for error in errors.filter(|error| !error["spans"].as_array().unwrap().is_empty()) {
        let code = error["code"]["code"].as_str();
        let code = code.map_or(String::new(), |code| format!("[{code}]"));
        let message = error["message"].as_str().unwrap();
        essence += &format!("error{code}: {message}\n");
        let spans = error["spans"].as_array().unwrap().iter();
        let mut shown = spans.filter(|span| span["file_name"].as_str().unwrap().contains(program));
        let shown = shown.find_map(|span| span["is_primary"].as_bool()?.then_some(&span["label"]));
        if let Some(label) = shown.and_then(Json::as_str) {
            essence += &format!("  here: {label}\n");
        }
        for note in notes_of(error).filter(|note| rusts_own || is_ours(note)) {
            essence += &format!("  note: {note}\n");
        }
    }
    essence
}

/// The notes to an error, and what stands beside the code that they show.
fn notes_of(error: &Json) -> impl Iterator<Item = &str> {
    let children = error["children"].as_array().unwrap().iter();
    children.flat_map(|note| {
        let labels = note["spans"].as_array().unwrap().iter();
        let labels = labels.filter_map(|span| span["label"].as_str());
        note["message"].as_str().into_iter().chain(labels)
    })
}

/// A note of this library says what to do; the compiler's own say what it looked at.
fn is_ours(note: &str) -> bool {
    ["ask for ", "return ", "write "]
        .iter()
        .any(|verb| note.starts_with(verb))
}

#[test]
fn each_mistake_is_refused_with_what_to_write_instead() {
    let libraries = Libraries::of_this_test();
    let programs = programs();
    let mistakes = programs
        .iter()
        .filter(|program| name(program) != "no_mistake");
    let refused = |program: &Path| {
        let (compiled, said) = compile(&libraries, program);
        let name = name(program);
        assert!(!compiled, "{name} compiles");
        let essence = essence(name, &said);
        let file = format!("{name}.rs:");
        let shows_place = |said: &Json| said["rendered"].as_str().unwrap().contains(&file);
        assert!(said.iter().any(shows_place), "{name}: {said:#?}");
        assert!(
            essence.contains("  note: ") || essence.contains(" once: put what it needs into "),
            "nothing says what to write instead of {name}: {essence}"
        );
        if env::var_os("SHOW").is_some() {
            said.iter()
                .for_each(|said| print!("{}", said["rendered"].as_str().unwrap()));
        }
        format!("ANCHOR: {name}\n{essence}ANCHOR_END: {name}\n")
    };
    let shown: Vec<String> = thread::scope(|scope| {
        let each = mistakes.map(|program| scope.spawn(|| refused(program)));
        let each: Vec<_> = each.collect();
        each.into_iter()
            .map(|shown| shown.join().unwrap())
            .collect()
    });
    let compare = Assert::new().action_env("SNAPSHOTS");
    compare.eq(shown.join("\n"), file!["../snapshots/compile-errors.txt"]);
}

/// Otherwise a mistake might be refused for a library that the compiler did not find.
#[test]
fn a_program_without_a_mistake_compiles() {
    let libraries = Libraries::of_this_test();
    let mut programs = programs();
    programs.retain(|program| name(program) == "no_mistake");
    let (compiled, said) = compile(&libraries, &programs[0]);
    assert!(compiled, "{said:#?}");
}
