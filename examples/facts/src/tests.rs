//! A handler that is called by itself, and what earlier releases of the skill have saved.

use std::collections::{BTreeMap, BTreeSet};

use alexa_skill::Response;
use alexa_skill::persistent;
use simulator::remembers;

use super::{DAILY_LIMIT, Date, Language, Listener, fact};

#[tokio::test]
async fn whoever_heard_the_facts_of_the_day_hears_no_other() {
    let today = "2026-03-14".to_owned();
    let (listener, held) = persistent(Listener {
        day: today.clone(),
        heard_that_day: DAILY_LIMIT,
        ..Listener::default()
    });

    let answer = fact(Date(Some(today)), Language::English, listener).await;
    let expected = Language::English.come_back_tomorrow(DAILY_LIMIT);
    assert_eq!(answer, Response::tell(expected));
    assert!(held.get().heard.is_empty());
}

#[test]
fn what_earlier_releases_saved_is_still_read() {
    let quorum = BTreeSet::from(["quorum".to_owned()]);
    let listener = Listener {
        heard: BTreeMap::from([(Language::English, quorum)]),
        day: "2026-03-14".to_owned(),
        heard_that_day: 1,
    };
    remembers("tests/remembered/listener", &listener);
}
