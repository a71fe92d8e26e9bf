//! The program serves the book to this machine, keeps it current, and writes the same pages to a folder.

mod appendices;
mod building;
mod links;
mod mdbook;
mod publishing;
mod reader;
mod recording;
mod serving;
mod small_book;
mod talking;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ignore::WalkBuilder;
use regex::Regex;
use skills_that_remember::site;
use snapbox::{assert_data_eq, file};

use reader::{Served, get, program};

/// Far more than a rebuild takes, so that only a broken program runs into it.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn serves_every_page_that_build_writes() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    site::publish(repository, folder.path()).unwrap();
    let served = Served::start(repository).await;

    let script = Regex::new(r"(?s)<!-- Livereload.*?</script>").unwrap();
    let files = files(folder.path());
    assert!(files.contains_key(Path::new("print.html")), "{files:?}");
    for (path, written) in files {
        let url = format!("/{}", path.display());
        let (status, body) = get(served.address, &url);
        assert_eq!(status, 200, "{url}");
        let page = path
            .extension()
            .is_some_and(|extension| extension == "html");
        if page && path != Path::new("toc.html") {
            let body = String::from_utf8(body).unwrap();
            assert!(script.is_match(&body), "{url} does not reload itself");
            let without = script.replace(&body, "");
            let written = String::from_utf8(written).unwrap();
            assert!(
                without.split_whitespace().eq(written.split_whitespace()),
                "{url}"
            );
        } else {
            assert!(body == written, "{url} is not what build writes");
        }
    }
}

#[test]
fn help_is_what_the_book_shows() {
    let output = program().arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert_data_eq!(help, file!["../snapshots/help.txt"]);
}

/// The files of a folder and what they hold.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = WalkBuilder::new(folder).standard_filters(false).build();
    let paths = entries.map(|entry| entry.unwrap().into_path());
    let files = paths.filter(|path| path.is_file());
    files
        .map(|path| {
            let name = path.strip_prefix(folder).unwrap().to_owned();
            (name, fs::read(path).unwrap())
        })
        .collect()
}
