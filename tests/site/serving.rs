//! The server answers this machine, keeps the pages current, and shows nothing but the site.

use std::fs;
use std::net::TcpListener;
use std::thread;
use std::time::Instant;

use crate::PATIENCE;
use crate::reader::{Program, Served, ask, get, program, shows};
use crate::small_book::small_book;

#[tokio::test(flavor = "multi_thread")]
async fn answers_an_unknown_address_with_the_page_for_it() {
    let served = Served::start(small_book().path()).await;
    let (status, body) = get(served.address, "/gone.html");
    assert_eq!(status, 404);
    assert!(
        String::from_utf8(body)
            .unwrap()
            .contains("Document not found")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rebuilds_when_a_chapter_changes_and_tells_the_page() {
    let repository = small_book();
    let served = Served::start(repository.path()).await;
    let mut page = served.connect().await;

    let chapter = repository.path().join("book/src/chapter.md");
    fs::write(chapter, "# Chapter\n\nSecond text.\n").unwrap();

    assert_eq!(page.message().await, "reload");
    assert!(shows(served.address, "Second text."));
}

#[tokio::test(flavor = "multi_thread")]
async fn rebuilds_when_an_included_listing_changes() {
    let repository = small_book();
    let served = Served::start(repository.path()).await;
    let mut page = served.connect().await;

    fs::write(
        repository.path().join("skill/src/lib.rs"),
        "struct Scores;\n",
    )
    .unwrap();

    assert_eq!(page.message().await, "reload");
    assert!(shows(served.address, "struct Scores;"));
}

#[test]
fn keeps_the_old_pages_until_a_failing_rebuild_is_mended() {
    let repository = small_book();
    let mut program = Program::start(repository.path());
    let listing = repository.path().join("skill/src/lib.rs");

    fs::remove_file(&listing).unwrap();
    assert_eq!(program.complaint(), "The pages stay as they were:");
    let reason = program.complaint();
    assert!(
        reason.contains("chapter.md:7: cannot include skill/src/lib.rs"),
        "{reason}"
    );
    assert!(shows(program.address, "struct Visits;"));

    fs::write(&listing, "struct Scores;\n").unwrap();
    wait_until(|| shows(program.address, "struct Scores;"));
}

#[test]
fn a_port_that_is_taken_is_named_with_the_flag_to_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = program().args(["--port", &port]).output().unwrap();
    assert!(!output.status.success());
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!(
            "error: port {port} is taken; \
             choose another one with --port, or any free one with --port 0\n"
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_a_foreign_host() {
    let served = Served::start(small_book().path()).await;
    let port = served.address.port();
    let ours = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}"));
    for host in &ours {
        assert_eq!(ask(served.address, "/", host).0, 200, "{host}");
    }
    let foreign = [
        format!("example.com:{port}"),
        format!("127.0.0.1.example.com:{port}"),
        format!("localhost:{}", port ^ 1),
        "localhost".to_owned(),
        String::new(),
    ];
    for host in &foreign {
        for url in ["/", "/live-reload", "/talk/visit-counter"] {
            assert_eq!(ask(served.address, url, host).0, 403, "{host}{url}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_nothing_outside_of_the_site() {
    let served = Served::start(small_book().path()).await;
    for url in [
        "/../../../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/..\\..\\..\\etc\\passwd",
        "/%00",
    ] {
        let (status, body) = get(served.address, url);
        assert!((400..500).contains(&status), "{url} gives {status}");
        assert!(!String::from_utf8_lossy(&body).contains("root:"), "{url}");
    }
}

fn wait_until(condition: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < end, "the page does not change");
        thread::yield_now();
    }
}
