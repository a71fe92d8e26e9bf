//! The compiler refuses what the book says that it refuses, for the reason that the book names.

use std::collections::BTreeSet;
use std::env;
use std::path::Path;
use std::process::Command;

use manuscript::Book;
use manuscript::blocks::{self, Class};

const SNIPPET: &str = "SNIPPET_TO_COMPILE";

#[test]
fn the_compiler_refuses_each_block_with_its_code() {
    let book = Book::load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut faults = Vec::new();
    for block in blocks::check(&book).unwrap() {
        let Class::Refused(code) = &block.class else {
            continue;
        };
        let fence = &block.fence;
        if let Err(message) = refused_with(code, &fence.shown) {
            faults.push(format!(
                "{}:{}: {message}",
                fence.chapter.display(),
                fence.line
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_block_that_compiles_is_no_refusal() {
    let message = refused_with("E0277", "fn main() {}").unwrap_err();
    assert_eq!(message, "says E0277, and the compiler accepts it");
}

#[test]
fn a_block_refused_for_another_reason_is_no_refusal() {
    let message = refused_with("E0277", "fn main() { missing(); }").unwrap_err();
    assert!(
        message.starts_with("says E0277, and the compiler says {\"error[E0425]\"}"),
        "{message}"
    );
}

#[test]
fn a_block_with_a_second_reason_is_no_refusal() {
    let snippet = "fn main() { let sum = 1 + \"2\"; missing(); }";
    let message = refused_with("E0277", snippet).unwrap_err();
    assert!(
        message.contains("E0277") && message.contains("E0425"),
        "{message}"
    );
}

#[test]
fn a_block_that_is_no_rust_is_no_refusal() {
    let message = refused_with("E0277", "fn main() { let = ; }").unwrap_err();
    assert!(
        message.contains("the compiler says {\"error\"}"),
        "{message}"
    );
}

#[test]
fn a_refusal_may_name_a_crate_of_the_book() {
    let snippet = "fn main() { let visits: u32 = serde_json::json!(1); }";
    assert_eq!(refused_with("E0308", snippet), Ok(()));
}

/// The process that [`refused_with`] starts to compile one snippet.
#[test]
fn the_snippet_at_hand_compiles() {
    if let Ok(snippet) = env::var(SNIPPET) {
        let (root, out) = (env!("CARGO_MANIFEST_DIR"), env!("OUT_DIR"));
        skeptic::rt::compile_test(root, out, env!("TARGET"), &snippet);
    }
}

/// skeptic finds the crates that a snippet uses, and prints what the compiler says about it: so that
/// a refusal sees the same crates as a program, it is compiled by skeptic too, in a process of its own.
fn refused_with(code: &str, snippet: &str) -> Result<(), String> {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "the_snippet_at_hand_compiles", "--nocapture"])
        .env(SNIPPET, without_hidden_marks(snippet))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let errors: BTreeSet<&str> = said
        .lines()
        .filter_map(|line| Some(line.split_once(": ")?.0))
        .filter(|head| *head == "error" || head.starts_with("error["))
        .collect();
    if output.status.success() {
        return Err(format!("says {code}, and the compiler accepts it"));
    }
    // Having counted the errors, the compiler names no code.
    let coded: BTreeSet<&str> = errors
        .iter()
        .copied()
        .filter(|error| *error != "error")
        .collect();
    if coded == BTreeSet::from([format!("error[{code}]").as_str()]) {
        return Ok(());
    }
    let errors = if coded.is_empty() { errors } else { coded };
    Err(format!(
        "says {code}, and the compiler says {errors:?}:\n{said}"
    ))
}

/// The page hides lines that begin with `# `; the compiler needs them.
fn without_hidden_marks(snippet: &str) -> String {
    let lines = snippet.lines().map(|line| match line.trim() {
        "#" => "",
        _ => line.trim_start().strip_prefix("# ").unwrap_or(line),
    });
    lines.collect::<Vec<_>>().join("\n")
}
