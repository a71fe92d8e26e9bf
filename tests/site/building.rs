//! `build` writes the site, and nothing where something else is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;
use skills_that_remember::epub;
use skills_that_remember::error::Error;
use skills_that_remember::site::{self, Download};

use crate::files;
use crate::small_book::small_book;

#[test]
fn build_refuses_an_include_that_is_not_there() {
    let repository = small_book();
    let folder = repository.path().join("site");
    fs::remove_file(repository.path().join("skill/src/lib.rs")).unwrap();
    let error = site::publish(repository.path(), &folder)
        .unwrap_err()
        .to_string();
    let expected = "book/src/chapter.md:7: cannot include skill/src/lib.rs: ";
    assert!(error.starts_with(expected), "{error}");
    assert!(!folder.exists());
}

#[test]
fn build_replaces_a_former_build() {
    let repository = small_book();
    let folder = repository.path().join("site");
    site::publish(repository.path(), &folder).unwrap();
    fs::write(folder.join("left-over.html"), "").unwrap();
    site::publish(repository.path(), &folder).unwrap();
    assert!(folder.join("index.html").exists());
    assert!(!folder.join("left-over.html").exists());
}

#[test]
fn build_leaves_a_foreign_folder_alone() {
    let repository = small_book();
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("index.html"),
        "<title>Someone else's</title>",
    )
    .unwrap();
    let error = site::publish(repository.path(), folder.path()).unwrap_err();
    assert!(matches!(error, Error::ForeignFolder(_)), "{error}");
    assert!(error.to_string().contains("--dest"), "{error}");
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn the_first_page_offers_an_epub_when_one_was_made() {
    let repository = small_book();
    let folder = tempfile::tempdir().unwrap();
    let first = || fs::read_to_string(folder.path().join("index.html")).unwrap();
    site::publish_as(repository.path(), folder.path(), Download::Epub).unwrap();
    let link = format!("<a href=\"{}\" download=\"\">", epub::NAME);
    assert!(first().contains(&link), "{}", first());
    let file = fs::read(folder.path().join(epub::NAME)).unwrap();
    // Readers know the file by what its first entry says at this place.
    assert_eq!(&file[30..58], b"mimetypeapplication/epub+zip");

    site::publish(repository.path(), folder.path()).unwrap();
    assert!(!first().contains(epub::NAME));
    assert!(!folder.path().join(epub::NAME).exists());
}

#[test]
fn build_leaves_a_file_alone() {
    let repository = small_book();
    let file = repository.path().join("site");
    fs::write(&file, "mine").unwrap();
    let error = site::publish(repository.path(), &file).unwrap_err();
    assert!(matches!(error, Error::Io(_)), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

/// Links lead elsewhere when a reader follows them; nothing else may ask another machine.
#[test]
fn no_page_needs_another_host() {
    let folder = tempfile::tempdir().unwrap();
    site::publish(Path::new(env!("CARGO_MANIFEST_DIR")), folder.path()).unwrap();
    let element =
        Regex::new(r#"(?i)<(script|link|img|iframe|source|video|audio|object|embed|form)\b[^>]*"#)
            .unwrap();
    let style = Regex::new(r#"(?i)(url\(|@import)\s*["']?\s*(https?:)?//"#).unwrap();
    let outside = Regex::new(r#"(?i)=\s*["']?\s*(https?:)?//"#).unwrap();
    let mut pages = BTreeSet::new();
    for (path, content) in files(folder.path()) {
        let Some("html" | "css" | "svg") = path.extension().and_then(|name| name.to_str()) else {
            continue;
        };
        let content = String::from_utf8(content).unwrap();
        for found in element.find_iter(&content) {
            assert!(
                !outside.is_match(found.as_str()),
                "{}: {}",
                path.display(),
                found.as_str()
            );
        }
        let found = style.find(&content).map(|found| found.as_str());
        assert_eq!(found, None, "{}", path.display());
        pages.insert(path);
    }
    assert!(pages.contains(Path::new("introduction.html")), "{pages:?}");
}
