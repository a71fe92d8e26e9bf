//! What the chapters show as output.
//!
//! `SNAPSHOTS=overwrite cargo test -p capacity --test suite outputs` writes the snapshots anew.

use capacity::regions;
use snapbox::{Assert, Data, file};

#[track_caller]
fn compare(actual: &str, snapshot: Data) {
    Assert::new().action_env("SNAPSHOTS").eq(actual, snapshot);
}

#[test]
fn a_save_that_two_regions_accept() {
    compare(
        &regions::two_saves_at_once(),
        file!["../snapshots/two-regions.txt"],
    );
}
