//! The pages work in a real browser: drawn, readable with every aid, and quiet on the network.

use std::path::Path;
use std::process::Command;

use skills_that_remember::serve::Server;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Node.js and Chromium, which .ci/run installs"]
async fn every_page_works_in_a_browser() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let server = Server::start(repository.to_owned(), 0).await.unwrap();
    let address = format!("http://{}", server.address());
    let serving = tokio::spawn(server.run());

    let output = Command::new("node")
        .arg(repository.join("tests/browser/pages.mjs"))
        .arg(address)
        .output()
        .expect("Node.js is not installed");
    serving.abort();

    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "\n{said}{failed}");
    println!("{said}");
}
