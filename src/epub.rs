//! The book as one file for e-readers: the same chapters, without scripts.

mod page;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Component, Path, PathBuf};

use epub_builder::{EpubBuilder, EpubContent, EpubVersion, ReferenceType, ZipLibrary};
use mdbook_driver::book::BookItem;
use mdbook_driver::builtin_renderers::MarkdownRenderer;

use crate::book::{Book, CHAPTERS};
use crate::error::Error;
use page::Page;

/// The file's name in the site.
pub const NAME: &str = "skills-that-remember.epub";

const STYLE: &str = include_str!("epub/style.css");

/// Writes the book to a file.
///
/// # Errors
///
/// When a chapter cannot be expanded, a picture cannot be read, or the file cannot be written.
pub fn write(book: &Book, file: &Path) -> Result<(), Error> {
    let (expanded, _) = book
        .manuscript
        .preprocess_book(&MarkdownRenderer::new())
        .map_err(Error::Book)?;
    let config = &book.manuscript.config.book;
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
    for item in &expanded.items {
        match item {
            BookItem::PartTitle(title) => {
                parts += 1;
                let page = page::title(title);
                let content = EpubContent::new(format!("part-{parts}.xhtml"), page.as_bytes());
                epub.add_content(content.title(title).level(1))?;
            }
            BookItem::Chapter(chapter) => {
                let Some(path) = &chapter.path else { continue };
                let page = Page::of(path, &chapter.name, &chapter.content);
                pictures.extend(page.pictures);
                for (name, svg) in page.drawings {
                    epub.add_resource(name, svg.as_bytes(), "image/svg+xml")?;
                }
                let name = path.with_extension("xhtml").display().to_string();
                let content = EpubContent::new(name, page.xhtml.as_bytes());
                // Before the first part, a chapter is a part.
                let content = content
                    .title(&chapter.name)
                    .level(if parts == 0 { 1 } else { 2 });
                epub.add_content(content.reftype(ReferenceType::Text))?;
            }
            BookItem::Separator => {}
        }
    }
    for picture in pictures {
        let path = book.repository.join(CHAPTERS).join(&picture);
        let content = fs::read(&path).map_err(at(&path))?;
        epub.add_resource(picture, content.as_slice(), "image/svg+xml")?;
    }
    epub.generate(File::create(file).map_err(at(file))?)?;
    Ok(())
}

/// Where a link leads, seen from the folder of the chapters.
fn resolved(chapter: &Path, link: &str) -> PathBuf {
    let folder = chapter.parent().unwrap_or(Path::new(""));
    let mut plain = PathBuf::new();
    for part in folder.join(link).components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    |source| Error::File {
        path: path.to_owned(),
        source,
    }
}
