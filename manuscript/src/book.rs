//! The book as mdBook loads it, with every fenced block as written and as shown on the page.

use std::path::{Path, PathBuf};

use mdbook_driver::MDBook;
use mdbook_driver::book;
use mdbook_driver::builtin_preprocessors::LinkPreprocessor;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::{Chapter, Error, Fence};

/// The book of a repository, loaded from its folder `book`.
pub struct Book {
    /// The folder that holds `book`, the workspace and every listing.
    pub repository: PathBuf,
    /// The chapters in the order in which they are read.
    pub chapters: Vec<Chapter>,
    /// The same book for mdBook to build: settings, and chapters as their author wrote them.
    pub mdbook: MDBook,
}

impl Book {
    /// Loads the book of the repository and replaces includes in its blocks as mdBook does.
    ///
    /// An include that mdBook cannot replace stays as it is written: [`includes`](crate::includes)
    /// finds it.
    ///
    /// # Errors
    ///
    /// [`Error::MdBook`] when mdBook cannot read `book.toml`, `SUMMARY.md` or a chapter.
    pub fn load(repository: &Path) -> Result<Book, Error> {
        let mdbook = MDBook::load(repository.join("book")).map_err(Error::MdBook)?;
        let chapters = mdbook.book.chapters();
        let mut chapters: Vec<Chapter> = chapters
            .filter_map(|chapter| Some(Chapter::parse(chapter.path.as_deref()?, &chapter.content)))
            .collect();
        expand(&mdbook, &mut chapters)?;
        Ok(Book {
            repository: repository.to_owned(),
            chapters,
            mdbook,
        })
    }

    /// The fenced blocks of all chapters, in the order in which they are read.
    pub fn fences(&self) -> impl Iterator<Item = &Fence> {
        self.chapters.iter().flat_map(|chapter| &chapter.fences)
    }
}

/// Each block is expanded as a chapter of its own: what a listing includes cannot shift the pairing of blocks.
fn expand(mdbook: &MDBook, chapters: &mut [Chapter]) -> Result<(), Error> {
    let fences = || chapters.iter().flat_map(|chapter| &chapter.fences);
    let blocks = fences()
        .map(|fence| {
            book::Chapter::new("", fence.written.clone(), &fence.chapter, Vec::new()).into()
        })
        .collect();
    let renderer = "html".to_owned();
    let context = PreprocessorContext::new(mdbook.root.clone(), mdbook.config.clone(), renderer);
    let expanded = LinkPreprocessor::new()
        .run(&context, book::Book::new_with_items(blocks))
        .map_err(Error::MdBook)?;
    let fences = chapters.iter_mut().flat_map(|chapter| &mut chapter.fences);
    for (fence, block) in fences.zip(expanded.chapters()) {
        fence.shown.clone_from(&block.content);
    }
    Ok(())
}
