//! What mdBook's HTML renderer leaves out of the site: the whole file behind each listing, and a
//! description of each page for search engines.
//!
//! `build` and the server call it in their own process, and `mdbook` runs it as the command
//! `skills-that-remember render`, after its own renderer.
//!
//! A description is put into finished HTML, and nothing else is. mdBook's template takes the
//! description from `book.toml`, the same one for all pages, and of what a preprocessor hands over for
//! a chapter it writes no more than the title outside of `<main>`.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use fs_err as fs;
use manuscript::Chapter;
use mdbook_renderer::RenderContext;

use crate::error::Error;

/// The folder of the site that holds the files which the book shows parts of.
const SOURCES: &str = "source";

/// The characters that a search engine shows of a description.
const DESCRIPTION_LENGTH: usize = 160;

/// Reads from `mdbook` which book it has rendered, and completes the site.
///
/// # Errors
///
/// [`Error::Book`] when the input is none of mdBook's, and what [`complete`] refuses.
pub fn render(input: impl Read) -> Result<(), Error> {
    let context = RenderContext::from_json(input).map_err(Error::Book)?;
    let chapters = context.book.chapters();
    let chapters: Vec<Chapter> = chapters
        .filter_map(|chapter| Some(Chapter::parse(chapter.path.as_deref()?, &chapter.content)))
        .collect();
    // Each of several renderers has a folder of its own, and mdBook's is called `html`.
    let site = context.destination.with_file_name("html");
    complete(&context.root.join(".."), &site, &chapters)
}

/// Adds the files and the descriptions to a site that mdBook has written.
///
/// # Errors
///
/// When a listed file cannot be copied, or a page cannot be read or written.
pub fn complete(repository: &Path, site: &Path, chapters: &[Chapter]) -> Result<(), Error> {
    for chapter in chapters {
        if let Some(text) = chapter.first_paragraph() {
            let page = site.join(chapter.path.with_extension("html"));
            describe(&page, &shortened(&text))?;
        }
    }
    // mdBook shows the first chapter as the site's first page too.
    if let Some(text) = chapters.first().and_then(Chapter::first_paragraph) {
        describe(&site.join("index.html"), &shortened(&text))?;
    }
    for file in listed_files(chapters) {
        let target = site.join(source(file));
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(repository.join(file), &target)?;
    }
    Ok(())
}

/// Where the site has a file of the repository. Every server sends `.txt` as text that a browser
/// shows; `.rs` it would save.
pub fn source(file: &str) -> PathBuf {
    Path::new(SOURCES).join(file).with_added_extension("txt")
}

/// The files that captions name, relative to the repository.
fn listed_files(chapters: &[Chapter]) -> BTreeSet<&str> {
    let fences = chapters.iter().flat_map(|chapter| &chapter.fences);
    fences
        .filter_map(|fence| fence.caption.as_deref())
        .collect()
}

/// As many whole sentences as there is room for, or whole words of a long first one.
fn shortened(text: &str) -> String {
    let room = text
        .char_indices()
        .nth(DESCRIPTION_LENGTH)
        .map_or(text.len(), |(end, _)| end);
    if room == text.len() {
        return text.to_owned();
    }
    let start = &text[..room];
    if let Some(end) = start.rfind(". ") {
        return start[..=end].to_owned();
    }
    let words = start.rsplit_once(' ').map_or(start, |(words, _)| words);
    format!("{words} …")
}

/// Puts the description in the place of the book's.
fn describe(page: &Path, text: &str) -> Result<(), Error> {
    const BEGIN: &str = "<meta name=\"description\" content=\"";
    let html = fs::read_to_string(page)?;
    let described = html.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once('"')?;
        Some(format!("{before}{BEGIN}{}\"{after}", in_an_attribute(text)))
    });
    if let Some(described) = described {
        fs::write(page, described)?;
    }
    Ok(())
}

fn in_an_attribute(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::{in_an_attribute, shortened};

    #[test]
    fn a_long_description_ends_with_a_sentence_or_a_word() {
        let sentences = format!("First. {}", "é".repeat(200));
        assert_eq!(shortened(&sentences), "First.");
        let words = "word ".repeat(40);
        let short = shortened(&words);
        assert!(short.ends_with("word …") && short.chars().count() <= 162);
        assert_eq!(shortened("Short"), "Short");
    }

    #[test]
    fn a_description_cannot_leave_its_attribute() {
        assert_eq!(in_an_attribute("\"<&"), "&quot;&lt;&amp;");
    }
}
