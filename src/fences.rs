//! The fenced blocks of a chapter, and the files that they include.

use std::path::{Component, Path, PathBuf};

use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Tag};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use crate::book::CHAPTERS;

/// A fenced block of a chapter.
#[derive(Clone, Debug)]
pub struct Fence {
    /// The chapter, relative to [`CHAPTERS`].
    pub chapter: PathBuf,
    /// The first or second level heading that it stands under.
    pub heading: String,
    /// The file name in the line `<p class="listing">…</p>` above it.
    pub caption: Option<String>,
    /// The line of the opening fence, counted from 1.
    pub line: usize,
    /// The line of the closing fence.
    pub last_line: usize,
    /// What follows the opening fence: `rust,no_run`.
    pub info: String,
    /// The lines between the fences as their author wrote them.
    pub written: String,
    /// The same lines as the page shows them, includes replaced by what they include.
    pub shown: String,
}

/// A directive such as `{{#include ../../src/lib.rs:anchor}}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Directive {
    /// `include` or `rustdoc_include`; mdBook knows more.
    pub name: String,
    /// The file, relative to the repository; one outside of it begins with `..`.
    pub file: PathBuf,
    /// What follows the file after a colon: an anchor, or a range of lines.
    pub part: Option<String>,
}

impl Fence {
    /// The directives in the block, in their order.
    pub fn directives(&self) -> impl Iterator<Item = Directive> {
        self.written
            .split("{{#")
            .skip(1)
            .filter_map(|rest| self.directive(rest.split_once("}}")?.0))
    }

    /// The file that the whole block is taken from, when the block is one include and nothing else.
    pub fn listing(&self) -> Option<Directive> {
        let inner = self
            .written
            .trim()
            .strip_prefix("{{#")?
            .strip_suffix("}}")?;
        if inner.contains("{{") {
            return None;
        }
        self.directive(inner)
    }

    fn directive(&self, inner: &str) -> Option<Directive> {
        let (name, target) = inner.trim().split_once(char::is_whitespace)?;
        let (file, part) = match target.trim().split_once(':') {
            Some((file, part)) => (file, Some(part.to_owned())),
            None => (target.trim(), None),
        };
        let folder = Path::new(CHAPTERS).join(self.chapter.parent()?);
        Some(Directive {
            name: name.to_owned(),
            file: without_parents(&folder.join(file)),
            part,
        })
    }
}

/// Finds the fenced blocks of a chapter; what they show is left as it is written.
pub fn scan(chapter: &Path, markdown: &str) -> Vec<Fence> {
    let lines: Vec<&str> = markdown.lines().collect();
    let mut fences = Vec::new();
    let mut heading = String::new();
    for (event, range) in new_cmark_parser(markdown, &MarkdownOptions::default()).into_offset_iter()
    {
        match event {
            Event::Start(Tag::Heading { level, .. }) if level <= HeadingLevel::H2 => {
                heading = markdown[range].trim_matches(['#', '\n', ' ']).to_owned();
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let above = markdown[..range.start].matches('\n').count();
                let last_line = above + markdown[range].trim_end().lines().count();
                let written = lines[above + 1..last_line.max(above + 2) - 1].join("\n");
                fences.push(Fence {
                    chapter: chapter.to_owned(),
                    heading: heading.clone(),
                    caption: caption(&lines[..above]),
                    line: above + 1,
                    last_line,
                    info: info.trim().to_owned(),
                    shown: written.clone(),
                    written,
                });
            }
            _ => {}
        }
    }
    fences
}

/// The file name that a caption line holds.
pub fn caption_text(line: &str) -> Option<&str> {
    line.trim()
        .strip_prefix("<p class=\"listing\">")?
        .strip_suffix("</p>")
}

/// The caption above a block; Markdown needs the blank line to see where the caption's HTML ends.
fn caption(above: &[&str]) -> Option<String> {
    let [.., line, ""] = above else { return None };
    caption_text(line).map(str::to_owned)
}

fn without_parents(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}
