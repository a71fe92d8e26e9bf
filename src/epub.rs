//! The book as one file for e-readers: the same chapters, without scripts.

mod page;

use std::collections::BTreeSet;
use std::path::Path;

use epub_builder::{EpubBuilder, EpubContent, EpubVersion, ReferenceType, ZipLibrary};
use fs_err::{self as fs, File};
use manuscript::{Book, CHAPTERS};
use mdbook_driver::book::BookItem;

use crate::error::Error;
use page::Page;

/// The file's name in the site.
pub const NAME: &str = "skills-that-remember.epub";

const STYLE: &str = include_str!("epub/style.css");

/// Writes the book to a file.
///
/// # Errors
///
/// When a picture cannot be read, or the file cannot be written.
pub fn write(book: &Book, file: &Path) -> Result<(), Error> {
    let config = &book.mdbook.config.book;
    let mut epub = ZipLibrary::new().and_then(EpubBuilder::new)?;
    epub.epub_version(EpubVersion::V30)
        .metadata("title", config.title.clone().unwrap_or_default())?
        .metadata(
            "description",
            config.description.clone().unwrap_or_default(),
        )?
        .metadata(
            "lang",
            config.language.clone().unwrap_or_else(|| "en".into()),
        )?
        .metadata("license", "CC BY 4.0")?
        .metadata("generator", env!("CARGO_PKG_NAME"))?
        .stylesheet(STYLE.as_bytes())?;

    let mut pictures = BTreeSet::new();
    let mut parts = 0;
    for item in &book.mdbook.book.items {
        match item {
            BookItem::PartTitle(title) => {
                parts += 1;
                let page = page::title(title);
                let content = EpubContent::new(format!("part-{parts}.xhtml"), page.as_bytes());
                epub.add_content(content.title(title).level(1))?;
            }
            BookItem::Chapter(item) => {
                let mut chapters = book.chapters.iter();
                let Some(chapter) = chapters.find(|it| item.path.as_ref() == Some(&it.path)) else {
                    continue;
                };
                let page = Page::of(chapter, &item.name);
                pictures.extend(page.pictures);
                for (name, svg) in page.drawings {
                    epub.add_resource(name, svg.as_bytes(), "image/svg+xml")?;
                }
                let name = chapter.path.with_extension("xhtml").display().to_string();
                let content = EpubContent::new(name, page.xhtml.as_bytes());
                // Before the first part, a chapter is a part.
                let content = content
                    .title(&item.name)
                    .level(if parts == 0 { 1 } else { 2 });
                epub.add_content(content.reftype(ReferenceType::Text))?;
            }
            BookItem::Separator => {}
        }
    }
    for picture in pictures {
        let path = book.repository.join(CHAPTERS).join(&picture);
        let content = fs::read(&path)?;
        epub.add_resource(picture, content.as_slice(), "image/svg+xml")?;
    }
    epub.generate(File::create(file)?)?;
    Ok(())
}
