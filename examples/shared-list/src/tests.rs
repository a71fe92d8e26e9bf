//! A handler that is called by itself, and what earlier releases of the skill have saved.

use alexa_skill::Slots;
use alexa_skill::{persistent, session};
use simulator::remembers;

use super::{List, Named, Reading, add, ask};

#[tokio::test]
async fn what_is_named_twice_is_on_the_list_once() {
    let (list, held) = persistent(List::default());
    let (reading, _) = session(Reading::default());
    let named = Named {
        items: vec!["milk".into(), "Milk".into()],
    };

    let answer = add(Slots(named), list, reading).await;
    assert_eq!(answer, ask("Added: milk. Already on the list: Milk."));
    assert_eq!(held.get().items.len(), 1);
}

#[test]
fn what_earlier_releases_saved_is_still_read() {
    let mut list = List::default();
    list.add("milk");
    list.add("bread");
    list.remove("milk");
    remembers("tests/remembered/list", &list);
}
