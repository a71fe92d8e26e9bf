//! A fenced block of a chapter, and the files that it includes.

use std::path::{Path, PathBuf};

use crate::{CHAPTERS, links};

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
        Some(Directive {
            name: name.to_owned(),
            file: links::resolved(&Path::new(CHAPTERS).join(&self.chapter), file),
            part,
        })
    }
}
