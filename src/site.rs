//! The book as a static site.

use std::fs;
use std::path::Path;

use crate::book::Book;
use crate::error::Error;
use crate::{epub, includes, pages};

/// Writes the pages into the folder, which mdBook empties first.
///
/// With an endpoint, each page connects to it and reloads itself when told to.
///
/// # Errors
///
/// [`Error::Faults`] when an include would leave a hole in a page; the folder is not touched then.
pub fn write(mut book: Book, folder: &Path, reload_endpoint: Option<&str>) -> Result<(), Error> {
    let faults = includes::faults(&book);
    if !faults.is_empty() {
        return Err(Error::Faults(faults));
    }
    let descriptions = pages::descriptions(&book);
    let sources = pages::listed_files(&book);
    pages::link_captions(&mut book);
    let config = &mut book.manuscript.config;
    config.build.build_dir = std::path::absolute(folder).map_err(|source| Error::File {
        path: folder.to_owned(),
        source,
    })?;
    if let Some(endpoint) = reload_endpoint {
        config
            .set("output.html.live-reload-endpoint", endpoint)
            .map_err(Error::Book)?;
    }
    book.manuscript.build().map_err(Error::Book)?;
    pages::describe(folder, &descriptions)?;
    pages::write_sources(&book.repository, folder, &sources)
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
    let book = Book::load(repository).map_err(Error::Book)?;
    let title = book
        .manuscript
        .config
        .book
        .title
        .clone()
        .unwrap_or_default();
    if !may_be_replaced(folder, &title)? {
        return Err(Error::ForeignFolder(folder.to_owned()));
    }
    write(book, folder, None)?;
    if download == Download::Epub {
        let book = Book::load(repository).map_err(Error::Book)?;
        epub::write(&book, &folder.join(epub::NAME))?;
        let first = book.chapters().next().map(|(chapter, _)| chapter);
        pages::offer(folder, first, epub::NAME)?;
    }
    Ok(())
}

fn may_be_replaced(folder: &Path, title: &str) -> Result<bool, Error> {
    let unreadable = |source| Error::File {
        path: folder.to_owned(),
        source,
    };
    if !folder.try_exists().map_err(unreadable)? {
        return Ok(true);
    }
    if fs::read_dir(folder).map_err(unreadable)?.next().is_none() {
        return Ok(true);
    }
    let start = fs::read_to_string(folder.join("index.html")).unwrap_or_default();
    Ok(start.contains("generated using mdBook") && start.contains(&format!("{title}</title>")))
}
