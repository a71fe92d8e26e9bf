//! `mdbook` shows the whole book, and with the guide's program the very pages that `build` writes.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use mdbook_driver::MDBook;
use regex::Regex;
use skills_that_remember::site;
use snapbox::cmd::cargo_bin;

use crate::files;
use crate::reader::program;
use crate::small_book::small_book;

/// Where .ci/run installs mdbook and mdbook-mermaid.
const TOOLS: &str = "target/tools/bin";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Has `mdbook` write the book, with `guide` as its own program, and returns what it said.
fn mdbook(guide: &Path, folder: &Path) -> Output {
    let tools = repository().join(TOOLS);
    let path = env::var("PATH").unwrap_or_default();
    let guide = guide.display();
    let output = Command::new(tools.join("mdbook"))
        .args(["build", "book", "--dest-dir"])
        .arg(folder)
        .current_dir(repository())
        .env("PATH", format!("{}:{path}", tools.display()))
        .env(
            "MDBOOK_PREPROCESSOR__SKILLS_THAT_REMEMBER__COMMAND",
            format!("'{guide}' preprocess"),
        )
        .env(
            "MDBOOK_OUTPUT__SKILLS_THAT_REMEMBER__COMMAND",
            format!("'{guide}' render"),
        )
        .output()
        .expect("mdbook is there");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

#[test]
#[ignore = "needs mdbook and mdbook-mermaid, which .ci/run installs"]
fn mdbook_with_our_program_writes_the_pages_that_build_writes() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    site::publish(repository(), &ours).unwrap();
    mdbook(cargo_bin!("skills-that-remember"), &theirs);
    assert_equal(&ours, &theirs.join("html"), str::to_owned);
}

#[test]
#[ignore = "needs mdbook and mdbook-mermaid, which .ci/run installs"]
fn mdbook_alone_shows_the_whole_book() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    site::publish(repository(), &ours).unwrap();
    let output = mdbook(&folder.path().join("missing"), &theirs);
    let warnings = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(warnings.contains("but is marked as optional"), "{warnings}");

    // What it has to do without: whole files, links to them, and a description of each page.
    fs::remove_dir_all(ours.join("source")).unwrap();
    let link =
        Regex::new(r#"<p class="listing"><a href="[^"]*source/[^"]*">([^<]*)</a></p>"#).unwrap();
    let description = Regex::new(r#"<meta name="description" content="[^"]*">"#).unwrap();
    assert_equal(&ours, &theirs.join("html"), |page| {
        let page = link.replace_all(page, "<p class=\"listing\">$1</p>");
        description.replace(&page, "").into_owned()
    });
}

/// As `mdbook` runs them, which drives a book with the same library.
#[test]
fn the_commands_of_a_book_do_what_build_does() {
    let repository = small_book();
    let (ours, theirs) = (
        repository.path().join("ours"),
        repository.path().join("theirs"),
    );
    site::publish(repository.path(), &ours).unwrap();

    let program = cargo_bin!("skills-that-remember").display();
    let commands = format!(
        "\n[preprocessor.skills-that-remember]\ncommand = \"'{program}' preprocess\"\n\
         renderers = [\"html\"]\n\
         [output.html]\n\
         [output.skills-that-remember]\ncommand = \"'{program}' render\"\n"
    );
    let settings = repository.path().join("book/book.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text + &commands).unwrap();
    let mut book = MDBook::load(repository.path().join("book")).unwrap();
    book.config.build.build_dir = theirs.clone();
    book.build().unwrap();

    assert!(theirs.join("html/source/skill/src/lib.rs.txt").exists());
    assert_equal(&ours, &theirs.join("html"), str::to_owned);
}

#[test]
fn a_command_that_someone_else_runs_says_that_it_got_no_book() {
    for command in ["preprocess", "render"] {
        let output = program().arg(command).stdin(Stdio::null()).output();
        let output = output.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert!(said.starts_with("error: mdBook: Unable to "), "{said}");
    }
}

#[test]
fn the_place_of_a_panel_has_a_text_and_a_link() {
    let place = Regex::new(r#"(?s)<div class="(?:talk|ring)"[^>]*>(.*?)</div>"#).unwrap();
    let folder = tempfile::tempdir().unwrap();
    site::publish(repository(), folder.path()).unwrap();
    let mut places = 0;
    for (path, content) in files(folder.path()) {
        if path
            .extension()
            .is_some_and(|extension| extension == "html")
        {
            let page = String::from_utf8(content).unwrap();
            for found in place.captures_iter(&page) {
                let shown = &found[1];
                let is_whole = shown.contains("<p>") && shown.contains("<a href=");
                assert!(is_whole, "{}: {shown}", path.display());
                places += 1;
            }
        }
    }
    assert!(places > 5, "only {places} panels are seen");
}

/// Compares two folders of a site, their pages after `plain`.
///
/// The search index is left out: with which release of its library `mdbook` writes it depends on who
/// built `mdbook`.
#[track_caller]
fn assert_equal(one: &Path, other: &Path, plain: impl Fn(&str) -> String) {
    let index = Regex::new(r"searchindex-[0-9a-f]+\.js").unwrap();
    let [one, mut other] = [one, other].map(|folder| {
        let mut files = files(folder);
        files.retain(|path, _| !index.is_match(&path.to_string_lossy()));
        for (path, content) in &mut files {
            let kind = path.extension().and_then(|extension| extension.to_str());
            if let (Some("html" | "js"), Ok(text)) = (kind, str::from_utf8(content)) {
                let text = index.replace_all(text, "searchindex.js");
                *content = match kind {
                    Some("html") => plain(&text).into(),
                    _ => text.into_owned().into(),
                };
            }
        }
        files
    });
    for (path, content) in one {
        let same = other.remove(&path);
        let path = path.display();
        assert!(same.is_some(), "{path} is missing");
        assert!(same == Some(content), "{path} differs");
    }
    assert!(other.is_empty(), "there is more: {:?}", other.keys());
}
