//! The book as mdBook sees it, with every fenced block as written and as shown on the page.

use std::mem;
use std::path::{Path, PathBuf};

use mdbook_driver::MDBook;
use mdbook_driver::book::{Book as Chapters, Chapter};
use mdbook_driver::builtin_renderers::MarkdownRenderer;
use mdbook_driver::errors::Result;
use mdbook_mermaid::Mermaid;

use crate::fences::{self, Fence};

/// The folder of the chapters, relative to the repository.
pub const CHAPTERS: &str = "book/src";

/// The book of a repository, loaded from its folder `book`.
pub struct Book {
    /// The folder that holds `book`, the workspace and every listing.
    pub repository: PathBuf,
    /// The fenced blocks of all chapters, in the order in which they are read.
    pub fences: Vec<Fence>,
    /// The book as mdBook loads it: settings, and chapters as their author wrote them.
    pub manuscript: MDBook,
}

impl Book {
    /// Loads the book of the repository and expands its blocks with mdBook's own preprocessors.
    ///
    /// # Errors
    ///
    /// When mdBook cannot read `book.toml`, `SUMMARY.md` or a chapter.
    pub fn load(repository: &Path) -> Result<Book> {
        let mut manuscript = MDBook::load(repository.join("book"))?;
        // Replaces the command that book.toml names for `mdbook serve`, so that readers install nothing.
        manuscript.with_preprocessor(Mermaid);

        let mut fences: Vec<Fence> = chapters(&manuscript)
            .flat_map(|(path, content)| fences::scan(path, content))
            .collect();
        let shown = expand(&mut manuscript, &fences)?;
        for (fence, shown) in fences.iter_mut().zip(shown) {
            fence.shown = shown;
        }
        Ok(Book {
            repository: repository.to_owned(),
            fences,
            manuscript,
        })
    }

    /// The chapters' paths, relative to [`CHAPTERS`], and what their author wrote.
    pub fn chapters(&self) -> impl Iterator<Item = (&Path, &str)> {
        chapters(&self.manuscript)
    }
}

fn chapters(manuscript: &MDBook) -> impl Iterator<Item = (&Path, &str)> {
    let chapters = manuscript.book.chapters();
    chapters.filter_map(|chapter| Some((chapter.path.as_deref()?, chapter.content.as_str())))
}

/// Each block is expanded as a chapter of its own: what a listing includes cannot shift the pairing of blocks.
fn expand(manuscript: &mut MDBook, fences: &[Fence]) -> Result<Vec<String>> {
    let pieces = fences
        .iter()
        .map(|fence| Chapter::new("", fence.written.clone(), &fence.chapter, Vec::new()).into())
        .collect();
    let chapters = mem::replace(&mut manuscript.book, Chapters::new_with_items(pieces));
    let expanded = manuscript.preprocess_book(&MarkdownRenderer::new());
    manuscript.book = chapters;
    Ok(expanded?
        .0
        .chapters()
        .map(|piece| piece.content.clone())
        .collect())
}
