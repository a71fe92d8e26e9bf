//! The appendices hold what they promise: every error, every class of block, terms in order.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use manuscript::Book;
use manuscript::blocks::{self, Class};
use snapbox::{Assert, Data};

const MESSAGES: [&str; 5] = [
    "alexa-skill/tests/snapshots/handler-errors.txt",
    "alexa-skill/tests/snapshots/request-errors.txt",
    "alexa-skill/tests/snapshots/table-errors.txt",
    "alexa-skill/tests/snapshots/verify-errors.txt",
    "dax-client/tests/snapshots/dax-errors.txt",
];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn chapter(name: &str) -> String {
    let path = repository().join("book/src/appendices").join(name);
    fs::read_to_string(path).unwrap()
}

/// The crates' own tests see to it that each error of an enum stands in these snapshots.
#[test]
fn every_error_of_the_libraries_is_explained() {
    let page = chapter("troubleshooting.md");
    let mut seen = 0;
    for file in MESSAGES {
        let snapshot = fs::read_to_string(repository().join(file)).unwrap();
        for name in snapshot
            .lines()
            .filter_map(|line| line.strip_prefix("ANCHOR: "))
        {
            let include = format!("{{{{#include ../../../{file}:{name}}}}}");
            assert!(page.contains(&include), "{name} of {file} is not explained");
            seen += 1;
        }
    }
    assert!(seen > 60, "only {seen} errors are seen");
    // After the messages of a section comes what they mean.
    for section in page.split("\n### ").skip(1) {
        let (title, _) = section.split_once('\n').unwrap();
        let text = section.split("\n## ").next().unwrap();
        let last = text.rsplit("```").next().unwrap();
        assert!(last.trim().len() > 20, "{title} says nothing of what to do");
    }
}

#[test]
fn the_terms_of_the_glossary_are_sorted_and_stand_there_once() {
    let page = chapter("glossary.md");
    let terms: Vec<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("**")?.split_once("**"))
        .map(|(term, _)| term.to_lowercase())
        .collect();
    assert!(terms.len() > 30, "{terms:?}");
    for pair in terms.windows(2) {
        assert!(pair[0] < pair[1], "{} stands before {}", pair[0], pair[1]);
    }
}

/// `SNAPSHOTS=overwrite cargo test --test site counts` writes the table anew.
#[test]
fn the_appendix_counts_the_blocks_that_there_are() {
    let book = Book::load(repository()).unwrap();
    let blocks = match blocks::check(&book) {
        Ok(blocks) => blocks,
        Err(error) => panic!("\n{error}\n"),
    };
    // What is a block, and of which chapters.
    let mut counted: BTreeMap<usize, Vec<&Path>> = BTreeMap::new();
    for block in &blocks {
        let row = row(&block.class, &block.fence.info);
        counted.entry(row).or_default().push(&block.fence.chapter);
    }
    let mut table =
        String::from("| Block | What checks it | Blocks | Chapters |\n|---|---|---|---|\n");
    for (row, mut chapters) in counted {
        let (name, check) = ROWS[row];
        let number = chapters.len();
        chapters.dedup();
        table += &format!("| {name} | {check} | {number} | {} |\n", chapters.len());
    }
    let chapters = book.chapters.len();
    table += &format!("| all | | {} | {chapters} |\n", blocks.len());

    let (begin, end) = ("<!-- counted -->\n\n", "\n<!-- end -->");
    let page = chapter("checked.md");
    let (before, rest) = page.split_once(begin).expect("the table's place");
    let (_, after) = rest.split_once(end).expect("the table's end");
    let counted = format!("{before}{begin}{table}{end}{after}");
    let path = repository().join("book/src/appendices/checked.md");
    let assert = Assert::new().action_env("SNAPSHOTS");
    assert.eq(counted, Data::read_from(&path, None));
}

const ROWS: [(&str, &str); 13] = [
    ("Rust, a whole program", "compiled and run"),
    (
        "Rust, a program that waits for Lambda or a network",
        "compiled",
    ),
    (
        "Rust that must not compile",
        "the compiler refuses it with the error code that the block names",
    ),
    (
        "Rust from a file",
        "the file is compiled, and tested where it is more than an example",
    ),
    (
        "JSON",
        "parsed; from a file, used by the tests of its starter",
    ),
    ("TOML", "parsed; from a file, used by Cargo"),
    ("YAML", "parsed; a template is also linted"),
    ("output", "printed by a test and compared"),
    (
        "commands",
        "run in a copy of the repository, and their output compared",
    ),
    (
        "commands of other tools",
        "run by the tests that need more than Rust, as far as no account is needed",
    ),
    ("JavaScript", "run with the real SDK, on the same table"),
    (
        "measurements",
        "a record of one run: the benchmark of that name writes it, and nothing compares it",
    ),
    ("diagrams", "drawn by mermaid in a browser"),
];

/// The row of [`ROWS`] that counts a block.
fn row(class: &Class, info: &str) -> usize {
    match class {
        Class::Program => 0,
        Class::ProgramNotRun => 1,
        Class::Refused(_) => 2,
        Class::Listing => 3,
        Class::Data => match info {
            "json" => 4,
            "toml" => 5,
            _ => 6,
        },
        Class::Snapshot => 7,
        Class::Console | Class::ConsoleServes => 8,
        Class::ConsoleTools | Class::ConsoleToolsServes | Class::ConsoleAws => 9,
        Class::Script => 10,
        Class::Measured => 11,
        Class::Diagram => 12,
    }
}
