//! Every block of the book is checked by something, and the gate refuses one that is not.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use manuscript::blocks::{self, Block};
use manuscript::{Book, Error};
use tempfile::TempDir;

#[test]
fn every_block_of_the_book_has_a_class() {
    let book = Book::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))).unwrap();
    let blocks = match blocks::check(&book) {
        Ok(blocks) => blocks,
        Err(error) => panic!("\n{error}\n"),
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for block in &blocks {
        let class = format!("{:?}", block.class);
        *counts.entry(class).or_default() += 1;
    }
    for (class, count) in counts {
        println!("{count:4} {class}");
    }
    println!(
        "{:4} blocks in {} chapters",
        blocks.len(),
        book.chapters.len()
    );
}

#[test]
fn a_block_of_each_class_passes() {
    let chapter = "
```rust
fn main() {}
```

```rust,no_run
# struct Visits;
fn main() {}
```

```rust,compile_fail,E0308
fn main() { let visits: u32 = \"\"; }
```

<p class=\"listing\">skill/src/lib.rs</p>

```rust
{{#include ../../skill/src/lib.rs:visits}}
```

<p class=\"listing\">skill/src/lib.rs</p>

```rust
{{#rustdoc_include ../../skill/src/lib.rs:visits}}
```

```toml
[package]
```

```json
{}
```

```yaml
Table: !Ref Memory
```

<p class=\"listing\">skill/tests/node/greet.js</p>

```javascript
{{#include ../../skill/tests/node/greet.js}}
```

```text
{{#include ../../skill/tests/snapshots/greeting.txt}}
```

```text
{{#include ../../skill/benches/results/turn.txt}}
```

```console
$ echo one \\
  two
one two
```

```console,serves
$ cargo run
The book is at http://127.0.0.1:3000
```

```console,tools
$ sam validate
```

```console,tools,serves
$ cargo lambda watch
listening on http://127.0.0.1:9000
```

```console,aws
$ aws dynamodb list-tables --query TableNames --output text
VisitCounter
$ aws lambda remove-permission \\
    --function-name visit-counter --statement-id alexa
```

```mermaid
graph LR
    accTitle: A turn
    accDescr: A request becomes an answer.
    request --> answer
```
";
    let classes: Vec<String> = check(chapter)
        .unwrap()
        .iter()
        .map(|block| format!("{:?}", block.class))
        .collect();
    assert_eq!(
        classes,
        [
            "Program",
            "ProgramNotRun",
            "Refused(\"E0308\")",
            "Listing",
            "Listing",
            "Data",
            "Data",
            "Data",
            "Script",
            "Snapshot",
            "Measured",
            "Console",
            "ConsoleServes",
            "ConsoleTools",
            "ConsoleToolsServes",
            "ConsoleAws",
            "Diagram",
        ]
    );
}

/// What the chapter in which a test puts its block was checked with.
const CHECKED: &str = "<p class=\"checked\">Checked on 22 November 2026 with Rust 1.95, table 1.136, \
                       twice 2.0, ask-sdk 2.14, boto3 1.43.67 and Node.js 20.</p>";

/// Each test feeds the gate one fault on line 3 of a chapter and reads what the gate says about it.
macro_rules! refuses {
    ($($name:ident: $chapter:expr => $message:expr;)+) => {$(
        #[test]
        fn $name() {
            assert_refused($chapter, $message);
        }
    )+};
}

refuses! {
    refuses_an_ignored_block:
        "```rust,ignore\nfn main() {}\n```" => "`rust,ignore` is no class";
    refuses_an_unknown_word:
        "```rust,norun\nfn main() {}\n```" => "`rust,norun` is no class";
    refuses_should_panic:
        "```rust,should_panic\nfn main() {}\n```" => "`rust,should_panic` is no class";
    refuses_a_block_without_a_language:
        "```\nplain\n```" => "`` is no class";
    refuses_an_unknown_language:
        "```python\nprint()\n```" => "`python` is no class";
    refuses_a_refusal_without_a_code:
        "```rust,compile_fail\nfn main() {}\n```" => "is no class";
    refuses_a_refusal_with_a_malformed_code:
        "```rust,compile_fail,E27\nfn main() {}\n```" => "is no class";
    refuses_what_is_not_the_aws_cli:
        "```console,aws\n$ awslocal dynamodb list-tables\n```" => "is no command of the AWS CLI";
    refuses_an_answer_that_no_service_gave:
        "```console,aws\n$ aws lambda list-functions\nnone\n```" => "nothing here answers `aws lambda list-functions`";
    refuses_a_program_without_main:
        "```rust\nlet visits = 1;\n```" => "a program has `fn main()`";
    refuses_what_skeptic_cannot_hold:
        "```rust\nfn main() { r#####\"\"####\"#####; }\n```" => "skeptic cannot hold";
    refuses_a_listing_that_is_not_to_run:
        "```rust,no_run\n{{#include ../../skill/src/lib.rs:visits}}\n```" => "shown as plain `rust`";
    refuses_an_empty_block:
        "```rust\n\n```" => "the block is empty";
    refuses_a_block_of_hidden_lines:
        "```rust\n# fn main() {}\n```" => "the block is empty";
    refuses_a_block_without_an_end:
        "```rust\nfn main() {}\n" => "the block has no end";
    refuses_an_indented_fence:
        "1. Do this:\n   ```rust\n   fn main() {}\n   ```" => "4: a block begins with ``` in the first column";
    refuses_a_block_in_a_quotation:
        "> ```rust\n> fn main() {}\n> ```" => "in the first column";
    refuses_an_indented_block:
        "    fn main() {}" => "an indented block is code of no class";
    refuses_code_as_html:
        "<pre>fn main() {}</pre>" => "a <pre> is code of no class";
    refuses_an_include_outside_of_a_block:
        "{{#include ../../skill/src/lib.rs:visits}}" => "outside of a block";
    refuses_a_missing_file:
        "```rust\n{{#include ../../skill/src/gone.rs}}\n```" => "cannot include skill/src/gone.rs";
    refuses_a_missing_anchor:
        "```rust\n{{#include ../../skill/src/lib.rs:gone}}\n```"
            => "skill/src/lib.rs has no `ANCHOR: gone`";
    refuses_an_anchor_that_is_not_closed:
        "```rust\n{{#include ../../skill/src/lib.rs:open}}\n```"
            => "skill/src/lib.rs has no `ANCHOR_END: open`";
    refuses_an_empty_anchor:
        "```rust\n{{#include ../../skill/src/lib.rs:empty}}\n```" => "the block is empty";
    refuses_anchor_text_on_the_page:
        "```rust\n{{#include ../../skill/src/lib.rs}}\n```" => "ANCHOR text is left";
    refuses_a_range_of_lines:
        "```rust\n{{#include ../../skill/src/lib.rs:1:2}}\n```" => "counts lines, which move";
    refuses_an_open_range_of_lines:
        "```rust\n{{#include ../../skill/src/lib.rs::2}}\n```" => "counts lines, which move";
    refuses_a_file_outside_of_the_repository:
        "```rust\n{{#include ../../../secret.rs}}\n```" => "../secret.rs is outside";
    refuses_an_unknown_directive:
        "```rust\n{{#playground ../../skill/src/lib.rs}}\n```" => "`{{#playground` is not used";
    refuses_a_directive_that_mdbook_does_not_see:
        "```rust\nfn main() {} // {{#include}}\n```" => "leaves a `{{#` on the page";
    refuses_a_listing_that_ends_the_block:
        "```text\n{{#include ../../skill/tests/snapshots/fence.txt}}\n```" => "would end it";
    refuses_a_listing_without_a_caption:
        "```rust\n{{#include ../../skill/src/lib.rs:visits}}\n```"
            => "<p class=\"listing\">skill/src/lib.rs</p>";
    refuses_a_caption_of_another_file:
        "<p class=\"listing\">skill/src/main.rs</p>\n\n```rust\n{{#include ../../skill/src/lib.rs:visits}}\n```"
            => "5: the caption is skill/src/main.rs, the file skill/src/lib.rs";
    refuses_a_caption_of_no_file:
        "<p class=\"listing\">skill/src/lib.rs</p>\n\n```rust\nfn main() {}\n```"
            => "5: nothing here is included from skill/src/lib.rs";
    refuses_a_caption_without_a_block:
        "<p class=\"listing\">skill/src/lib.rs</p>\n\nText." => "a caption stands above its listing";
    refuses_a_fence_that_the_caption_swallows:
        "<p class=\"listing\">skill/src/lib.rs</p>\n```rust\nfn main() {}\n```"
            => "4: Markdown sees no block here";
    refuses_a_listing_that_nothing_compiles:
        "```rust\n{{#include ../../skill/notes.rs}}\n```" => "nothing compiles it";
    refuses_an_example_that_is_no_member:
        "```rust\n{{#include ../../examples/lonely/src/main.rs}}\n```" => "nothing compiles it";
    refuses_malformed_toml:
        "```toml\n[package\n```" => "this does not parse";
    refuses_malformed_json:
        "```json\n{\"Action\": [],}\n```" => "this does not parse";
    refuses_malformed_yaml:
        "```yaml\nTable: [\n```" => "this does not parse";
    refuses_output_that_is_written_by_hand:
        "```text\nWelcome.\n```" => "one include of a snapshot";
    refuses_output_from_another_folder:
        "```text\n{{#include ../../skill/notes.rs}}\n```" => "in no `snapshots` folder";
    refuses_a_measurement_without_its_benchmark:
        "```text\n{{#include ../../skill/benches/results/forgotten.txt}}\n```"
            => "no benchmark of that name";
    refuses_a_snapshot_that_no_test_compares:
        "```text\n{{#include ../../skill/tests/snapshots/forgotten.txt}}\n```"
            => "no test mentions skill/tests/snapshots/forgotten.txt";
    refuses_javascript_that_is_written_by_hand:
        "```javascript\ngreet();\n```" => "one include of a file that a test runs";
    refuses_javascript_that_no_test_runs:
        "```javascript\n{{#include ../../skill/tests/node/forgotten.js}}\n```"
            => "no test mentions skill/tests/node/forgotten.js";
    refuses_javascript_that_is_no_javascript:
        "```javascript\n{{#include ../../skill/tests/talk.rs}}\n```"
            => "skill/tests/talk.rs is no JavaScript file";
    refuses_javascript_from_outside_of_the_tests:
        "```javascript\n{{#include ../../skill/src/page.js}}\n```"
            => "skill/src/page.js is no JavaScript file in the `tests`";
    refuses_javascript_without_a_caption:
        "```javascript\n{{#include ../../skill/tests/node/greet.js}}\n```"
            => "<p class=\"listing\">skill/tests/node/greet.js</p>";
    refuses_a_console_block_without_a_command:
        "```console\nWelcome.\n```" => "begins with a command after `$ `";
    refuses_a_tools_block_without_a_command:
        "```console,tools\nSuccess\n```" => "begins with a command after `$ `";
    refuses_commands_for_an_account:
        "```console,account\n$ sam deploy\n```" => "`console,account` is no class";
    refuses_an_empty_command:
        "```console\n$ \n```" => "there is no command";
    refuses_output_of_the_whole_test:
        "```console\n$ cargo test\nok\n```" => "show no output";
    refuses_an_included_console_block:
        "```console\n{{#include ../../skill/tests/snapshots/greeting.txt}}\n```" => "is no class";
    refuses_a_diagram_without_a_title:
        "```mermaid\ngraph LR\n    accDescr: A turn.\n```" => "says in accTitle what it shows";
    refuses_a_second_line_of_what_was_checked:
        &format!("{CHECKED}\n\n{CHECKED}") => "5: a chapter has one line";
    refuses_what_was_checked_below_a_section:
        &format!("## Section\n\n{CHECKED}") => "5: stands under its title";
    refuses_another_form_of_what_was_checked:
        "<p class=\"checked\">Checked with Rust 1.95.</p>" => "write <p class=\"checked\">Checked on";
    refuses_a_date_in_digits:
        &CHECKED.replace("22 November 2026", "2026-11-22") => "`2026-11-22` is no date";
    refuses_a_date_with_a_leading_zero:
        &CHECKED.replace("22", "02") => "`02 November 2026` is no date";
    refuses_a_day_that_no_month_has:
        &CHECKED.replace("22", "31") => "`31 November 2026` is no date";
    refuses_another_rust:
        &CHECKED.replace("1.95", "1.96") => "Rust 1.96 is named, and rust-version is 1.95";
    refuses_another_version_of_a_crate:
        &CHECKED.replace("table 1.136", "table 1.13")
            => "table 1.13 is named, and locked is 1.136.0";
    refuses_a_version_that_neither_of_two_is:
        &CHECKED.replace("twice 2.0", "twice 3.0")
            => "twice 3.0 is named, and locked is 1.4.0 and 2.0.1";
    refuses_a_version_without_a_minor_number:
        &CHECKED.replace("table 1.136", "table 1") => "table 1 needs a version such as 1.2";
    refuses_a_crate_that_is_not_locked:
        &CHECKED.replace("table 1.136", "gone 1.0") => "`gone` is in no lock file";
    refuses_a_crate_without_a_version:
        &CHECKED.replace("table 1.136", "table") => "`table` is no name and version";
    refuses_another_version_of_an_npm_package:
        &CHECKED.replace("ask-sdk 2.14", "ask-sdk 2.13")
            => "ask-sdk 2.13 is named, and locked is 2.14.0";
    refuses_another_version_of_a_python_package:
        &CHECKED.replace("boto3 1.43.67", "boto3 1.42")
            => "boto3 1.42 is named, and locked is 1.43.67";
    refuses_a_diagram_without_a_description:
        "```mermaid\ngraph LR\n    accTitle: A turn\n```" => "says in accDescr what it shows";
}

#[test]
fn refuses_a_chapter_that_is_not_in_the_summary() {
    let folder = repository("Text.");
    fs::write(folder.path().join("book/src/part/lost.md"), "# Lost\n").unwrap();
    let error = check_repository(folder.path()).unwrap_err().to_string();
    assert_eq!(
        error,
        "book/src/part/lost.md:1: this chapter is not in SUMMARY.md"
    );
}

#[test]
fn refuses_code_on_the_page_for_what_is_not_there() {
    let folder = repository("Text.");
    let page = folder.path().join("book/src/404.md");
    fs::write(&page, "# Gone\n\nText.\n").unwrap();
    check_repository(folder.path()).unwrap();
    fs::write(&page, "# Gone\n\n```rust\nfn main() {}\n```\n").unwrap();
    let error = check_repository(folder.path()).unwrap_err().to_string();
    assert_eq!(
        error,
        "book/src/404.md:3: nothing checks a block of this page"
    );
}

#[test]
fn refuses_a_chapter_that_does_not_say_what_was_checked() {
    let folder = repository("Text.");
    let chapter = folder.path().join("book/src/chapter.md");
    fs::write(chapter, "# Chapter\n\nText.\n").unwrap();
    let error = check_repository(folder.path()).unwrap_err().to_string();
    let place = "book/src/chapter.md:1: a chapter has one line <p class=\"checked\">";
    assert!(error.starts_with(place), "{error}");
}

#[test]
fn names_a_lock_file_that_is_malformed() {
    let folder = repository("Text.");
    fs::write(folder.path().join("Cargo.lock"), "[[package").unwrap();
    let error = check_repository(folder.path()).unwrap_err();
    assert!(matches!(error, Error::Malformed { .. }), "{error:?}");
    let error = error.to_string();
    assert!(error.starts_with("cannot understand "), "{error}");
    assert!(error.ends_with("Cargo.lock"), "{error}");
}

#[test]
fn names_a_lock_file_that_is_missing() {
    let folder = repository("Text.");
    fs::remove_file(folder.path().join("Cargo.lock")).unwrap();
    let error = check_repository(folder.path()).unwrap_err();
    assert!(matches!(error, Error::Io(_)), "{error:?}");
    assert!(error.to_string().contains("Cargo.lock"), "{error}");
}

#[test]
fn names_every_fault_at_once() {
    let error = check("```rust,ignore\n```\n\n```python\n\n```")
        .unwrap_err()
        .to_string();
    let lines: Vec<&str> = error
        .lines()
        .map(|line| line.split_once(": ").unwrap().0)
        .collect();
    let chapter = "book/src/chapter.md";
    let expected = [3, 3, 6, 6].map(|line| format!("{chapter}:{line}"));
    assert_eq!(lines, expected, "{error}");
}

/// The expected text may begin with the line where the fault stands, when that is not line 3.
fn assert_refused(block: &str, expected: &str) {
    let error = match check(block) {
        Ok(blocks) => panic!("the gate lets this pass as {blocks:?}"),
        Err(error) => error.to_string(),
    };
    let (line, message) = match expected.split_once(": ") {
        Some((line, message)) if line.parse::<usize>().is_ok() => (line, message),
        _ => ("3", expected),
    };
    let place = format!("book/src/chapter.md:{line}: ");
    let refused = |said: &str| said.starts_with(&place) && said.contains(message);
    assert!(
        error.lines().any(refused),
        "expected {place}… {message} …, and the gate says\n{error}"
    );
}

fn check(block: &str) -> Result<Vec<Block>, Error> {
    check_repository(repository(block).path())
}

fn check_repository(path: &Path) -> Result<Vec<Block>, Error> {
    blocks::check(&Book::load(path).unwrap())
}

/// A repository with a member, `skill`, and a book whose only chapter shows the block on line 3.
fn repository(block: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    // Below the block, so that this stands on line 3; a block that is such a line has none beside it.
    let checked = if block.contains("class=\"checked\"") {
        ""
    } else {
        CHECKED
    };
    let source = "\
// ANCHOR: visits
struct Visits(u32);
// ANCHOR_END: visits
// ANCHOR: empty
// ANCHOR_END: empty
// ANCHOR: open
";
    for (path, text) in [
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\".\", \"skill\"]\n\n\
             [workspace.package]\nrust-version = \"1.95\"\n",
        ),
        (
            "Cargo.lock",
            "[[package]]\nname = \"table\"\nversion = \"1.136.0\"\n\n\
             [[package]]\nname = \"twice\"\nversion = \"1.4.0\"\n\n\
             [[package]]\nname = \"twice\"\nversion = \"2.0.1\"\n",
        ),
        (
            "skill/tests/node/package-lock.json",
            r#"{"packages": {"": {}, "node_modules/ask-sdk": {"version": "2.14.0"}}}"#,
        ),
        (
            "skill/tests/python/requirements.txt",
            "boto3==1.43.67 \\\n    --hash=sha256:0\n",
        ),
        ("skill/src/lib.rs", source),
        ("skill/notes.rs", "struct Notes;\n"),
        (
            "skill/tests/talk.rs",
            "// runs greet.js and page.js, compares greeting.txt and fence.txt\n",
        ),
        ("skill/src/page.js", "draw();\n"),
        ("skill/tests/node/greet.js", "greet();\n"),
        ("skill/tests/node/forgotten.js", "greet();\n"),
        ("skill/tests/snapshots/greeting.txt", "Welcome.\n"),
        ("skill/tests/snapshots/fence.txt", "```\n"),
        ("skill/tests/snapshots/forgotten.txt", "Welcome.\n"),
        ("skill/benches/turn.rs", "fn main() {}\n"),
        ("skill/benches/results/turn.txt", "1 ms\n"),
        ("skill/benches/results/forgotten.txt", "1 ms\n"),
        ("examples/lonely/src/main.rs", "fn main() {}\n"),
        (
            "book/src/SUMMARY.md",
            "# Summary\n\n- [Chapter](chapter.md)\n",
        ),
        ("book/src/part/.keep", ""),
        (
            "book/src/chapter.md",
            &format!("# Chapter\n\n{block}\n\n{checked}\n"),
        ),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}
