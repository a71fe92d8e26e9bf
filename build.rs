//! Hands every Rust program of the book to skeptic, which makes a test of each.

#[allow(dead_code, reason = "the guide uses more of it than this script does")]
#[path = "src/book.rs"]
mod book;
#[allow(dead_code, reason = "the guide uses more of it than this script does")]
#[path = "src/fences.rs"]
mod fences;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use book::{Book, CHAPTERS};
use fences::Fence;
use mdbook_driver::errors::Result;

fn main() -> Result<()> {
    let repository = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rustc-env=TARGET={}", env::var("TARGET")?);

    let book = Book::load(&repository)?;
    rerun_if_changed(&book);
    let programs = book
        .fences
        .iter()
        .filter(|fence| is_program(fence))
        .map(|program| write_program(&out.join("programs"), program))
        .collect::<Result<Vec<_>>>()?;
    if programs.is_empty() {
        // skeptic writes no file for no program, and tests/skeptic.rs includes the file.
        fs::write(out.join("skeptic-tests.rs"), "")?;
    }
    skeptic::generate_doc_tests(&programs);
    Ok(())
}

fn is_program(fence: &Fence) -> bool {
    matches!(fence.info.as_str(), "rust" | "rust,no_run") && fence.listing().is_none()
}

/// skeptic names a test after file, heading and line: the program stands in a file named after its
/// chapter, on the line where its author wrote it.
fn write_program(folder: &Path, program: &Fence) -> Result<PathBuf> {
    let chapter = program.chapter.with_extension("");
    let name = chapter.to_string_lossy().replace(['/', '\\'], "__");
    let folder = folder.join(program.line.to_string());
    let file = folder.join(name).with_added_extension("md");

    let heading = format!("# {}\n", program.heading);
    let blank = "\n".repeat(program.line.saturating_sub(2));
    let text = format!(
        "{heading}{blank}```{}\n{}\n```\n",
        program.info, program.shown
    );
    fs::create_dir_all(folder)?;
    // A file that stays as it was keeps Cargo from building the tests again.
    if fs::read_to_string(&file).is_ok_and(|old| old == text) {
        return Ok(file);
    }
    fs::write(&file, text)?;
    Ok(file)
}

fn rerun_if_changed(book: &Book) {
    let mut files: BTreeSet<PathBuf> = book
        .fences
        .iter()
        .flat_map(Fence::directives)
        .map(|d| d.file)
        .collect();
    files.extend(
        book.chapters()
            .map(|(chapter, _)| Path::new(CHAPTERS).join(chapter)),
    );
    files.extend(
        [
            "build.rs",
            "book/book.toml",
            "book/src/SUMMARY.md",
            "src/book.rs",
            "src/fences.rs",
        ]
        .map(PathBuf::from),
    );
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
    }
}
