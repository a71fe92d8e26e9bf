//! The links that a page has only in the site: from the file name above a listing to the whole file,
//! and from the first page to the download.
//!
//! `build` and the server run it in their own process, and `mdbook` as the command
//! `skills-that-remember preprocess`. Without it the file name is text, and the page is whole.

use std::io::{Read, Write};
use std::path::Path;

use manuscript::captions;
use mdbook_preprocessor::book::Book;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, errors, parse_input};

use crate::error::Error;
use crate::renderer;

/// Adds the links to the chapters.
pub struct SiteLinks {
    /// The file in the site that holds the whole book, when there is one.
    pub download: Option<&'static str>,
}

impl Preprocessor for SiteLinks {
    /// As `book.toml` calls the command, which this object stands in for.
    fn name(&self) -> &str {
        env!("CARGO_PKG_NAME")
    }

    fn run(&self, _: &PreprocessorContext, mut book: Book) -> errors::Result<Book> {
        let mut download = self.download;
        book.for_each_chapter_mut(|chapter| {
            let Some(path) = &chapter.path else { return };
            let up = to_the_root(path);
            let source = |file: &str| format!("{up}{}", renderer::source(file).display());
            chapter.content = captions::linked(&chapter.content, source);
            if let Some(file) = download.take() {
                chapter.content += &format!(
                    "\n<p>To read without a network: \
                     <a href=\"{up}{file}\" download>this guide as an EPUB</a>.</p>\n"
                );
            }
        });
        Ok(book)
    }

    fn supports_renderer(&self, renderer: &str) -> errors::Result<bool> {
        Ok(renderer == "html")
    }
}

fn to_the_root(chapter: &Path) -> String {
    "../".repeat(chapter.components().count().saturating_sub(1))
}

/// Reads a book from `mdbook` and writes it with the links.
///
/// # Errors
///
/// [`Error::Book`] when the input is none of mdBook's, or the output cannot be written.
pub fn preprocess(input: impl Read, output: impl Write) -> Result<(), Error> {
    let links = SiteLinks { download: None };
    parse_input(input)
        .and_then(|(context, book)| links.run(&context, book))
        .and_then(|book| Ok(serde_json::to_writer(output, &book)?))
        .map_err(Error::Book)
}
