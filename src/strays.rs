//! What would slip past the gate: code outside of fenced blocks, and chapters outside of the summary.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use crate::book::{Book, CHAPTERS};
use crate::error::{Error, Fault};
use crate::fences::{Fence, caption_text};

const FENCE: &str = "```";

/// The summary, and what a reader sees who follows a dead link: mdBook takes both for no chapters.
const SUMMARY: &str = "SUMMARY.md";
const MISSING_PAGE: &str = "404.md";

/// Finds code that no check would see.
pub fn faults(book: &Book) -> Result<Vec<Fault>, Error> {
    let mut faults = outside_the_summary(book)?;
    faults.extend(on_the_missing_page(&book.repository));
    for (chapter, markdown) in book.chapters() {
        let fences: Vec<&Fence> = book
            .fences
            .iter()
            .filter(|f| f.chapter == chapter)
            .collect();
        let mut found = unfenced_code(markdown);
        found.extend(fences.iter().filter_map(|fence| misplaced(markdown, fence)));
        found.extend(outside_of_fences(markdown, &fences));
        faults.extend(found.into_iter().map(|(line, message)| Fault {
            chapter: chapter.to_owned(),
            line,
            message: message.to_owned(),
        }));
    }
    Ok(faults)
}

/// Code that a reader sees as a block although nothing fences it.
fn unfenced_code(markdown: &str) -> Vec<(usize, &'static str)> {
    new_cmark_parser(markdown, &MarkdownOptions::default())
        .into_offset_iter()
        .filter_map(|(event, range)| {
            let message = match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                    "an indented block is code of no class: fence it"
                }
                Event::Html(html) | Event::InlineHtml(html) if html.contains("<pre") => {
                    "a <pre> is code of no class: fence it"
                }
                _ => return None,
            };
            Some((markdown[..range.start].matches('\n').count() + 1, message))
        })
        .collect()
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

fn outside_of_fences(markdown: &str, fences: &[&Fence]) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (line, text) in (1..).zip(markdown.lines()) {
        let mut inside = fences.iter().map(|fence| fence.line..=fence.last_line);
        if inside.any(|lines| lines.contains(&line)) {
            continue;
        }
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
        if caption_text(text).is_some() && !fences.iter().any(|fence| fence.line == line + 2) {
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
    let known: BTreeSet<&Path> = book.chapters().map(|(chapter, _)| chapter).collect();
    let chapters = book.repository.join(CHAPTERS);
    Ok(markdown_files(&chapters)?
        .iter()
        .filter_map(|file| file.strip_prefix(&chapters).ok())
        .filter(|chapter| {
            ![SUMMARY, MISSING_PAGE].map(Path::new).contains(chapter) && !known.contains(chapter)
        })
        .map(|chapter| Fault {
            chapter: chapter.to_owned(),
            line: 1,
            message: "this chapter is not in SUMMARY.md".into(),
        })
        .collect())
}

fn markdown_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |source| Error::File {
        path: folder.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            files.extend(markdown_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
