//! A handler that is called by itself, and what earlier releases of the skill have saved.

use alexa_skill::persistent;
use simulator::remembers;

use super::{Visits, welcome};

#[tokio::test]
async fn a_visit_is_counted() {
    let (visits, held) = persistent(Visits { count: 1 });
    assert_eq!(welcome(visits).await, "Welcome back! This is visit 2.");
    assert_eq!(held.get().count, 2);
}

// ANCHOR: remembered
#[test]
fn what_earlier_releases_saved_is_still_read() {
    remembers("tests/remembered/visits", &Visits { count: 2 });
}
// ANCHOR_END: remembered
