//! A handler that is called by itself, and what earlier releases of the skill have saved.

use alexa_skill::{Slots, persistent};
use simulator::remembers;

use super::{Favorite, Named, remember};

fn named(color: &str) -> Option<String> {
    Some(color.to_owned())
}

#[tokio::test]
async fn another_color_takes_the_place_of_the_first() {
    let (favorite, held) = persistent(Favorite {
        color: named("red"),
    });
    let slots = Slots(Named {
        color: named("blue"),
    });
    let _ = remember(slots, favorite).await;
    assert_eq!(held.get().color, named("blue"));
}

#[test]
fn what_earlier_releases_saved_is_still_read() {
    let favorite = Favorite {
        color: named("blue"),
    };
    remembers("tests/remembered/favorite", &favorite);
}
