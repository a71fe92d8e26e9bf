//! Hands every Rust program of the book to skeptic, which makes a test of each.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};

use fs_err as fs;
use manuscript::{Book, CHAPTERS, Fence};

fn main() -> Result<(), Box<dyn Error>> {
    let repository = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rustc-env=TARGET={}", env::var("TARGET")?);

    let book = Book::load(&repository)?;
    rerun_if_changed(&book);
    let programs = book
        .fences()
        .filter(|fence| is_program(fence))
        .map(|program| write_program(&out.join("programs"), program))
        .collect::<Result<Vec<_>, _>>()?;
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
fn write_program(folder: &Path, program: &Fence) -> std::io::Result<PathBuf> {
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
        .fences()
        .flat_map(Fence::directives)
        .map(|d| d.file)
        .collect();
    files.extend(
        book.chapters
            .iter()
            .map(|chapter| Path::new(CHAPTERS).join(&chapter.path)),
    );
    files.extend(["build.rs", "book/book.toml", "book/src/SUMMARY.md"].map(PathBuf::from));
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
    }
}
