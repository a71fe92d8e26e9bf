//! The book as a static site.

use std::path::{self, Path};

use fs_err as fs;
use manuscript::{Book, includes};
use mdbook_html::HtmlHandlebars;
use mdbook_mermaid::Mermaid;
use mdbook_renderer::{RenderContext, Renderer};

use crate::error::Error;
use crate::preprocessor::SiteLinks;
use crate::{epub, renderer};

/// Writes the pages into the folder, which mdBook empties first.
///
/// With an endpoint, each page connects to it and reloads itself when told to.
///
/// # Errors
///
/// [`Error::Manuscript`] when an include would leave a hole in a page; the folder is not touched then.
pub fn write(
    book: &mut Book,
    folder: &Path,
    download: Download,
    reload_endpoint: Option<&str>,
) -> Result<(), Error> {
    let faults = includes::faults(book);
    if !faults.is_empty() {
        return Err(manuscript::Error::Faults(faults).into());
    }
    let folder = path::absolute(folder)?;
    let mdbook = &mut book.mdbook;
    mdbook.config.build.build_dir = folder.clone();
    if let Some(endpoint) = reload_endpoint {
        mdbook
            .config
            .set("output.html.live-reload-endpoint", endpoint)
            .map_err(Error::Book)?;
    }
    // They replace the commands that book.toml names for `mdbook`, so that readers install nothing.
    mdbook.with_preprocessor(Mermaid);
    mdbook.with_preprocessor(SiteLinks {
        download: (download == Download::Epub).then_some(epub::NAME),
    });
    let html = HtmlHandlebars::new();
    let (chapters, preprocessed) = mdbook.preprocess_book(&html).map_err(Error::Book)?;
    let config = mdbook.config.clone();
    let mut context = RenderContext::new(&mdbook.root, chapters, config, &folder);
    context.chapter_titles = preprocessed.chapter_titles.take();
    html.render(&context).map_err(Error::Book)?;
    renderer::complete(&book.repository, &folder, &book.chapters)?;
    if download == Download::Epub {
        epub::write(book, &folder.join(epub::NAME))?;
    }
    Ok(())
}

/// Writes the site to a folder that is new, empty or a former build of this book.
///
/// # Errors
///
/// [`Error::ForeignFolder`] when the folder holds anything else, and what [`write()`] refuses.
pub fn publish(repository: &Path, folder: &Path) -> Result<(), Error> {
    publish_as(repository, folder, Download::None)
}

/// Whether the site offers the whole book as one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Download {
    /// It does not.
    None,
    /// It offers [`epub::NAME`], and its first page says so.
    Epub,
}

/// As [`publish()`], with the download if there is to be one.
///
/// # Errors
///
/// What [`publish()`] and [`epub::write()`] refuse.
pub fn publish_as(repository: &Path, folder: &Path, download: Download) -> Result<(), Error> {
    let mut book = Book::load(repository)?;
    let title = book.mdbook.config.book.title.as_deref();
    if !may_be_replaced(folder, title.unwrap_or_default())? {
        return Err(Error::ForeignFolder(folder.to_owned()));
    }
    write(&mut book, folder, download, None)
}

fn may_be_replaced(folder: &Path, title: &str) -> Result<bool, Error> {
    if !folder.try_exists()? || fs::read_dir(folder)?.next().is_none() {
        return Ok(true);
    }
    let start = fs::read_to_string(folder.join("index.html")).unwrap_or_default();
    Ok(start.contains("generated using mdBook") && start.contains(&format!("{title}</title>")))
}
