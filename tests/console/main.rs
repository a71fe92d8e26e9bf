//! The console blocks of each chapter are typed into a shell, and print what the chapter shows.
#![cfg(unix)]

mod aws;
mod chapter;
mod plain;
mod session;

use std::env;
use std::fs;
use std::path::Path;

use manuscript::blocks::{self, Class};
use manuscript::{Book, CHAPTERS, console};

use chapter::{Chapter, Runs, Typed};
use session::Session;

#[test]
fn every_command_prints_what_its_chapter_shows() {
    let typed = |class: &Class| match class {
        Class::Console => Some(Runs::ToItsEnd),
        Class::ConsoleServes => Some(Runs::UntilAsked),
        _ => None,
    };
    check(|_| true, typed, Session::start);
}

#[test]
#[ignore = "needs the tools in tests/tools, which .ci/run installs, and takes minutes"]
fn every_command_of_a_tool_prints_what_its_chapter_shows() {
    let needs_tools =
        |class: &Class| matches!(class, Class::ConsoleTools | Class::ConsoleToolsServes);
    // All commands of such a chapter: those of a tool go on where the others left off.
    let typed = |class: &Class| match class {
        Class::Console | Class::ConsoleTools => Some(Runs::ToItsEnd),
        Class::ConsoleServes => Some(Runs::UntilAsked),
        Class::ConsoleToolsServes => Some(Runs::WhileTheChapterGoesOn),
        _ => None,
    };
    check(needs_tools, typed, Session::with_tools);
}

/// Types the commands of each chapter that has a block of a class with `needed`.
fn check(
    needed: impl Fn(&Class) -> bool,
    typed: impl Fn(&Class) -> Option<Runs>,
    start: impl Fn(&Path) -> Session,
) {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let book = Book::load(repository).unwrap();
    let blocks = blocks::check(&book).unwrap();
    let mut faults = Vec::new();
    for written in &book.chapters {
        let of_chapter = || {
            let blocks = blocks.iter();
            blocks.filter(|block| block.fence.chapter == written.path)
        };
        let commands = of_chapter().filter_map(|block| {
            let runs = typed(&block.class)?;
            Some(commands(&block.fence.written, block.fence.line, runs))
        });
        let mut chapter = Chapter {
            path: Path::new(CHAPTERS).join(&written.path),
            text: written.markdown.clone(),
            typed: commands.flatten().collect(),
        };
        if chapter.typed.is_empty() || !of_chapter().any(|block| needed(&block.class)) {
            continue;
        }
        let found = chapter.run(&mut start(repository));
        if env::var("SNAPSHOTS").is_ok_and(|action| action == "overwrite") {
            // A command that could not be run has nothing to write; the next run names it.
            fs::write(repository.join(&chapter.path), chapter.rewritten()).unwrap();
        } else {
            faults.extend(found);
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The commands of a block, with their lines in the chapter; only the last one may serve.
fn commands(block: &str, fence: usize, runs: Runs) -> Vec<Typed> {
    let commands = console::commands(block).unwrap();
    let last = commands.len();
    (1..)
        .zip(commands)
        .map(|(number, command)| Typed {
            line: fence + 1 + command.offset,
            runs: if number == last { runs } else { Runs::ToItsEnd },
            command,
            printed: None,
        })
        .collect()
}

/// A chapter of one console block, which begins on line 1.
fn chapter(info: &str, block: &str) -> Chapter {
    Chapter {
        path: "chapter.md".into(),
        text: format!("```{info}\n{block}\n```\n\nThe end.\n"),
        typed: commands(block, 1, runs(info)),
    }
}

fn runs(info: &str) -> Runs {
    match info {
        "console" | "console,aws" => Runs::ToItsEnd,
        "console,serves" => Runs::UntilAsked,
        "console,tools,serves" => Runs::WhileTheChapterGoesOn,
        _ => panic!("no class: {info}"),
    }
}

fn run(chapter: &mut Chapter) -> Vec<String> {
    chapter.run(&mut Session::start(Path::new(env!("CARGO_MANIFEST_DIR"))))
}

#[test]
fn a_session_keeps_its_folder_and_its_variables() {
    let block = "$ cd book\n$ pwd\n/home/you/skills-that-remember/book\n\
                 $ export COLOUR='dark blue'\n$ echo \"$COLOUR\"\ndark blue\n\
                 $ cd ~\n$ pwd\n/home/you";
    assert_eq!(run(&mut chapter("console", block)), [""; 0]);
}

#[test]
fn a_session_leaves_the_repository_as_it_was() {
    let block = "$ echo lost > README.md\n$ touch left-over\n\
                 $ test -e target || echo nothing is built\nnothing is built";
    assert_eq!(run(&mut chapter("console", block)), [""; 0]);
    assert!(
        !Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("left-over")
            .exists()
    );
}

#[test]
fn durations_and_sizes_may_differ() {
    let block = "$ echo 'done in 12.5s, 31 MB, 250 ms'\ndone in 3.07s, 1.2 MB, 9 ms";
    assert_eq!(run(&mut chapter("console", block)), [""; 0]);
}

#[test]
fn other_numbers_may_not_differ() {
    let block = "$ echo 'visit 2'\nvisit 1";
    let faults = run(&mut chapter("console", block));
    assert_eq!(
        faults,
        ["chapter.md:2: `echo 'visit 2'` prints something else\n\
          shown:\n    visit 1\nprinted:\n    visit 2\n"]
    );
}

#[test]
fn a_fault_is_rewritten_and_the_rest_of_the_chapter_stays() {
    let block = "$ echo 'took 2s'\ntook 1s\n$ printf 'one\\ntwo\\n'\none\n\n$ true\nnothing";
    let mut chapter = chapter("console", block);
    assert_eq!(run(&mut chapter).len(), 2);
    let expected = "```console\n$ echo 'took 2s'\ntook 1s\n\
                    $ printf 'one\\ntwo\\n'\none\ntwo\n\n$ true\n```\n\nThe end.\n";
    assert_eq!(chapter.rewritten(), expected);
}

#[test]
fn a_command_that_fails_silently_is_a_fault() {
    let faults = run(&mut chapter("console", "$ exit 3"));
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].contains("`exit 3` fails and prints nothing"),
        "{faults:?}"
    );
}

#[test]
fn a_server_is_asked_and_ended() {
    let block = "$ cargo run\nThe book is at http://127.0.0.1:3000\nStop it with Ctrl+C";
    assert_eq!(run(&mut chapter("console,serves", block)), [""; 0]);
    let block = block
        .replace("run", "run -- --port 8080")
        .replace("3000", "8080");
    assert_eq!(run(&mut chapter("console,serves", &block)), [""; 0]);
}

#[test]
fn a_server_that_says_something_else_is_a_fault() {
    let block = "$ cargo run\nThe page is at http://127.0.0.1:3000";
    let faults = run(&mut chapter("console,serves", block));
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].contains("printed:\n    The book is at http://127.0.0.1:3000"),
        "{faults:?}"
    );
}

#[test]
fn a_server_that_ends_is_a_fault() {
    let faults = run(&mut chapter(
        "console,serves",
        "$ echo http://127.0.0.1:1\nhttp://127.0.0.1:1",
    ));
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].contains("`echo http://127.0.0.1:1` serves nothing"),
        "{faults:?}"
    );
}

#[test]
fn a_server_of_a_tool_runs_on_and_ends_with_its_chapter() {
    let folder = tempfile::tempdir().unwrap();
    let (fifo, log) = (folder.path().join("fifo"), folder.path().join("log"));
    let (fifo, log) = (fifo.display(), log.display());
    let block = format!("$ mkfifo {fifo}; echo ready; cat {fifo} > {log}\nready");
    let mut session = Session::start(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert_eq!(
        chapter("console,tools,serves", &block).run(&mut session),
        [""; 0]
    );
    // The other end of the pipe can be opened, as the server still reads from it.
    let block =
        format!("$ echo heard > {fifo}; while ! [ -s {log} ]; do :; done; cat {log}\nheard");
    assert_eq!(chapter("console", &block).run(&mut session), [""; 0]);
}

#[test]
fn a_server_of_a_tool_that_says_something_else_is_a_fault() {
    let faults = run(&mut chapter(
        "console,tools,serves",
        "$ echo ready at once\nready",
    ));
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].contains("printed:\n    ready at once"),
        "{faults:?}"
    );
}
