//! What no check would see: code outside of fenced blocks, and chapters outside of the summary.

use std::path::Path;

use fs_err as fs;
use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag};
use walkdir::WalkDir;

use crate::{Book, CHAPTERS, Chapter, Error, Fault, Fence, captions};

const FENCE: &str = "```";

/// The summary, and what a reader sees who follows a dead link: mdBook takes both for no chapters.
const SUMMARY: &str = "SUMMARY.md";
const MISSING_PAGE: &str = "404.md";

/// Finds code that no check would see.
pub(crate) fn faults(book: &Book) -> Result<Vec<Fault>, Error> {
    let mut faults = outside_the_summary(book)?;
    faults.extend(on_the_missing_page(&book.repository));
    for chapter in &book.chapters {
        let mut found = unfenced_code(chapter);
        let misplaced = |fence| misplaced(&chapter.markdown, fence);
        found.extend(chapter.fences.iter().filter_map(misplaced));
        found.extend(outside_of_fences(chapter));
        faults.extend(found.into_iter().map(|(line, message)| Fault {
            chapter: chapter.path.clone(),
            line,
            message: message.to_owned(),
        }));
    }
    Ok(faults)
}

/// Code that a reader sees as a block although nothing fences it.
fn unfenced_code(chapter: &Chapter) -> Vec<(usize, &'static str)> {
    let found = chapter.events.iter().filter_map(|(event, range)| {
        let message = match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                "an indented block is code of no class: fence it"
            }
            Event::Html(html) | Event::InlineHtml(html) if html.contains("<pre") => {
                "a <pre> is code of no class: fence it"
            }
            _ => return None,
        };
        Some((chapter.line(range), message))
    });
    found.collect()
}

fn misplaced(markdown: &str, fence: &Fence) -> Option<(usize, &'static str)> {
    let line = |number: usize| markdown.lines().nth(number - 1).unwrap_or_default();
    if !line(fence.line).starts_with(FENCE) {
        let message =
            "a block begins with ``` in the first column, where an include is not indented";
        return Some((fence.line, message));
    }
    if fence.last_line == fence.line || !line(fence.last_line).starts_with(FENCE) {
        return Some((fence.line, "the block has no end"));
    }
    None
}

fn outside_of_fences(chapter: &Chapter) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (line, text) in chapter.unfenced_lines() {
        if text.contains("{{#") {
            found.push((
                line,
                "an include outside of a block puts unchecked text on the page",
            ));
        }
        if text.trim_start().starts_with(FENCE) {
            found.push((
                line,
                "Markdown sees no block here: leave the line above it blank",
            ));
        }
        // The blank line between a caption and its block is what makes it a caption.
        let mut fences = chapter.fences.iter();
        if captions::file(text).is_some() && !fences.any(|fence| fence.line == line + 2) {
            found.push((
                line,
                "a caption stands above its listing, one blank line between them",
            ));
        }
    }
    found
}

/// The gate sees chapters only, so that page has no code at all.
fn on_the_missing_page(repository: &Path) -> Option<Fault> {
    let page = fs::read_to_string(repository.join(CHAPTERS).join(MISSING_PAGE)).ok()?;
    let shows_code = |line: &str| line.contains(FENCE) || line.contains("{{#");
    Some(Fault {
        chapter: MISSING_PAGE.into(),
        line: page.lines().position(shows_code)? + 1,
        message: "nothing checks a block of this page".to_owned(),
    })
}

fn outside_the_summary(book: &Book) -> Result<Vec<Fault>, Error> {
    let chapters = book.repository.join(CHAPTERS);
    let mut faults = Vec::new();
    for entry in WalkDir::new(&chapters).sort_by_file_name() {
        let entry = entry.map_err(std::io::Error::from)?;
        let path = entry.path().strip_prefix(&chapters).unwrap_or(entry.path());
        let is_known = [SUMMARY, MISSING_PAGE].map(Path::new).contains(&path)
            || book.chapters.iter().any(|chapter| chapter.path == path);
        if path.extension().is_some_and(|extension| extension == "md") && !is_known {
            faults.push(Fault {
                chapter: path.to_owned(),
                line: 1,
                message: "this chapter is not in SUMMARY.md".into(),
            });
        }
    }
    Ok(faults)
}
