//! The rules of reading and saving a state.

use std::collections::{BTreeMap, BinaryHeap, HashSet};

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::*;

fn attributes(json: Json) -> Attributes {
    to_attributes(&json).unwrap()
}

/// What a turn saves that reads `stored` as a `T` and changes it.
fn turn<T: State>(stored: &Attributes, change: impl FnOnce(&mut T)) -> Result<Option<Attributes>> {
    let mut value = read::<T>(stored)?;
    let before = to_attributes(&value)?;
    change(&mut value);
    changed::<T>(stored, &before, to_attributes(&value)?)
}

fn saved<T: State>(stored: Json, change: impl FnOnce(&mut T)) -> Attributes {
    turn(&attributes(stored), change)
        .unwrap()
        .expect("a change")
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Player {
    lives: u32,
    name: String,
    team: Option<String>,
}

impl Default for Player {
    fn default() -> Self {
        Player {
            lives: 3,
            name: "stranger".into(),
            team: None,
        }
    }
}

#[test]
fn no_attributes_are_the_default_and_some_are_what_serde_reads() {
    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    struct Counted {
        #[serde(default = "seven")]
        count: u32,
    }
    fn seven() -> u32 {
        7
    }
    let read = |json| read::<Counted>(&attributes(json)).unwrap().count;
    assert_eq!(read(json!({})), 0);
    assert_eq!(read(json!({"theirs": true})), 7);
}

#[test]
fn a_null_is_absent_for_the_field_that_cannot_hold_it_and_for_no_other() {
    let stored = attributes(json!({"lives": null, "name": null, "team": null}));
    let player: Player = read(&stored).unwrap();
    assert_eq!((player.lives, player.name.as_str()), (3, ""));
    let wrong = attributes(json!({"lives": "many", "team": null}));
    let error = read::<Player>(&wrong).unwrap_err();
    assert_eq!(error.to_string(), "`lives`: stored as S, expected u32");
}

#[test]
fn what_did_not_change_is_not_saved() {
    let stored = attributes(json!({"lives": 1, "theirs": 2}));
    assert_eq!(turn::<Player>(&stored, |_| {}).unwrap(), None);
}

#[test]
fn a_list_in_another_order_is_a_change() {
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Queue {
        names: Vec<String>,
    }
    let new = saved::<Queue>(json!({"names": ["a", "b"]}), |queue| queue.names.reverse());
    assert_eq!(new, attributes(json!({"names": ["b", "a"]})));
}

#[test]
fn what_the_type_does_not_know_stays_at_any_depth() {
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Nested {
        player: Player,
        count: u32,
    }
    let stored = json!({
        "count": 1, "theirs": [1], "player": {"lives": 1, "theirs": {"deep": null}, "name": "Ada", "team": null}
    });
    let new = saved::<Nested>(stored, |state| state.player.lives = 9);
    let expected = json!({
        "count": 1, "theirs": [1], "player": {"lives": 9, "theirs": {"deep": null}, "name": "Ada", "team": null}
    });
    assert_eq!(new, attributes(expected));
}

#[test]
fn an_attribute_of_others_does_not_go_where_the_default_is_not_serdes() {
    #[derive(Default, Serialize, Deserialize)]
    struct Counted {
        #[serde(default = "seven")]
        count: u32,
    }
    fn seven() -> u32 {
        7
    }
    let new = saved::<Counted>(json!({"theirs": true}), |state| state.count += 1);
    assert_eq!(new, attributes(json!({"theirs": true, "count": 8})));
}

/// Two types that share an item, one of which was saved after the other was read.
#[test]
fn the_only_attribute_of_others_stays_though_the_type_cannot_grow() {
    #[derive(Default, Serialize, Deserialize)]
    struct Counted {
        count: u32,
    }
    let stored = attributes(json!({"theirs": true}));
    let (before, after) = (json!({"count": 0}), json!({"count": 1}));
    let new = changed::<Counted>(&stored, &attributes(before), attributes(after));
    let expected = attributes(json!({"theirs": true, "count": 1}));
    assert_eq!(new.unwrap(), Some(expected));
}

#[test]
fn what_the_type_wrote_and_writes_no_more_goes() {
    let stored = json!({"a": 1, "b": {"x": 1}});
    let new = saved::<BTreeMap<String, Json>>(stored, |map| {
        map.remove("b");
    });
    assert_eq!(new, attributes(json!({"a": 1})));
}

#[test]
fn a_former_name_goes_with_the_first_change_at_any_depth() {
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Game {
        #[serde(alias = "stage")]
        level: u32,
    }
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct State {
        #[serde(alias = "oldCount")]
        count: u32,
        game: Game,
    }
    for old in [41, 0] {
        let stored = json!({"oldCount": old, "game": {"stage": 1, "theirs": 1}, "theirs": 1});
        let new = saved::<State>(stored, |state| {
            state.count += 1;
            state.game.level += 1;
        });
        let expected = json!({"count": old + 1, "game": {"level": 2, "theirs": 1}, "theirs": 1});
        assert_eq!(new, attributes(expected));
    }
    let nested = saved::<State>(json!({"game": {"stage": 0}}), |state| state.game.level += 1);
    assert_eq!(
        nested,
        attributes(json!({"game": {"level": 1}, "count": 0}))
    );
}

#[test]
fn what_others_keep_inside_of_a_former_name_moves_along() {
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Game {
        level: u32,
    }
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct State {
        another: Game,
        #[serde(alias = "oldGame")]
        game: Game,
        #[serde(alias = "oldNames")]
        names: Vec<String>,
    }
    let mut stored = attributes(json!({"oldGame": {"level": 1, "theirs": [true]}}));
    let set = Value::StringSet(vec!["a".into()]);
    stored.insert("oldNames".into(), set.clone());
    let new = turn::<State>(&stored, |state| state.another.level = 2);
    let mut expected = attributes(json!({
        "another": {"level": 2}, "game": {"level": 1, "theirs": [true]}
    }));
    expected.insert("names".into(), set);
    assert_eq!(new.unwrap().unwrap(), expected);
}

#[derive(Debug, Serialize, Deserialize)]
enum Data {
    Alpha(String),
    Zeta(Vec<u8>),
}

impl Default for Data {
    fn default() -> Self {
        Data::Alpha(String::new())
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Flattened {
    #[serde(default)]
    id: u32,
    #[serde(flatten)]
    data: Data,
}

#[test]
fn a_flattened_variant_that_changes_takes_its_former_name_along() {
    let stored = json!({"id": 1, "Zeta": [1], "theirs": true});
    let new = saved::<Flattened>(stored, |state| state.data = Data::Alpha("x".into()));
    assert_eq!(
        new,
        attributes(json!({"id": 1, "Alpha": "x", "theirs": true}))
    );
    // Two variants in one item, as an earlier version of this library wrote them.
    let stored = json!({"id": 1, "Alpha": "", "Zeta": [1]});
    let new = saved::<Flattened>(stored, |state| state.data = Data::Zeta(vec![9]));
    assert_eq!(new, attributes(json!({"id": 1, "Zeta": [9]})));
    let stored = json!({"id": 1, "Alpha": "", "Zeta": [1]});
    let new = saved::<Flattened>(stored, |state| state.id = 2);
    assert_eq!(new, attributes(json!({"id": 2, "Alpha": "", "Zeta": [1]})));
}

#[test]
fn a_survivor_that_the_type_would_take_for_its_own_goes_and_no_other() {
    // After the change `Alpha` is gone, and `Zeta`, which nobody read, would be read.
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Optional {
        id: u32,
        #[serde(flatten)]
        data: Option<Data>,
    }
    let stored = json!({"id": 1, "Alpha": "x", "Zeta": [1], "other": 1, "theirs": true});
    let new = saved::<Optional>(stored, |state| state.data = None);
    assert_eq!(
        new,
        attributes(json!({"id": 1, "other": 1, "theirs": true}))
    );
}

#[test]
fn a_set_stays_a_set_and_what_is_unchanged_keeps_its_form() {
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Names {
        names: Vec<String>,
        nick: String,
        count: u32,
    }
    let set =
        |names: &[&str]| Value::StringSet(names.iter().map(|name| (*name).to_owned()).collect());
    let stored = Attributes::from([
        ("names".into(), set(&["a", "b"])),
        ("nick".into(), Value::Null),
        ("count".into(), Value::Number("1.0".parse().unwrap())),
    ]);
    let with = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let new = turn::<Names>(&stored, |state| state.names = names).unwrap();
        let mut new = new.expect("a change");
        assert_eq!(new["nick"], Value::Null);
        new.remove("names").unwrap()
    };
    assert_eq!(with(&["b", "c"]), set(&["b", "c"]));
    assert_eq!(with(&["c", "c"]), Value::List(vec!["c".into(), "c".into()]));
    assert_eq!(
        with(&[]),
        Value::List(vec![]),
        "DynamoDB refuses an empty set"
    );
    let new = turn::<Names>(&stored, |state| state.count = 2)
        .unwrap()
        .unwrap();
    assert_eq!(
        (&new["names"], &new["count"]),
        (&set(&["a", "b"]), &2.into())
    );
}

#[test]
fn collections_without_an_order_are_saved_in_any() {
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Heard {
        facts: HashSet<u32>,
        scores: BinaryHeap<u32>,
        count: u32,
    }
    let stored = json!({"facts": [1, 2, 3, 4, 5, 6], "scores": [9, 1, 5], "count": 1, "theirs": 1});
    let new = saved::<Heard>(stored, |state| {
        state.facts.insert(7);
        state.scores.push(10);
    });
    let heard: Heard = read(&new).unwrap();
    assert_eq!((heard.facts.len(), heard.scores.len()), (7, 4));
    assert_eq!(new["theirs"], Value::from(1));
}

#[test]
fn a_type_that_reads_something_else_than_it_writes_is_named_with_its_place() {
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Inner {
        #[serde(rename(serialize = "a", deserialize = "b"))]
        x: u32,
    }
    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct State {
        inner: Inner,
    }
    let stored = attributes(json!({"inner": {"b": 1}}));
    let error = turn::<State>(&stored, |state| state.inner.x = 2).unwrap_err();
    assert_eq!(error.place(), "inner.a");
    assert_eq!(*error.problem(), Problem::ReadsDifferently);
    #[derive(Default, Serialize, Deserialize)]
    struct Skipped {
        #[serde(skip_serializing_if = "Vec::is_empty", default = "three")]
        scores: Vec<u8>,
        #[serde(default)]
        count: u8,
    }
    fn three() -> Vec<u8> {
        vec![3]
    }
    let stored = attributes(json!({"scores": [1], "count": 1}));
    let error = turn::<Skipped>(&stored, |state| state.scores.clear()).unwrap_err();
    assert_eq!(error.place(), "scores");
}

#[test]
fn a_state_without_attributes_is_saved_if_the_default_is_the_same() {
    let emptied = saved::<BTreeMap<String, u32>>(json!({"a": 1}), BTreeMap::clear);
    assert_eq!(emptied, Attributes::new());
    #[derive(Serialize, Deserialize)]
    struct Scores(BTreeMap<String, u32>);
    impl Default for Scores {
        fn default() -> Self {
            Scores(BTreeMap::from([("Ada".into(), 1)]))
        }
    }
    let stored = attributes(json!({"Bob": 2}));
    let error = turn::<Scores>(&stored, |scores| scores.0.clear()).unwrap_err();
    assert_eq!(error.place(), "Ada");
}

/// Reads and serializes as often as it is asked to, and counts.
mod counted {
    use std::cell::Cell;

    use serde::{Deserialize, Deserializer, Serialize};

    thread_local!(pub(super) static READS: Cell<u32> = const { Cell::new(0) });

    #[derive(Default, Serialize)]
    pub(super) struct Counted {
        pub(super) count: u32,
    }

    impl<'de> Deserialize<'de> for Counted {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            #[derive(Default, Deserialize)]
            #[serde(default)]
            struct Plain {
                count: u32,
            }
            READS.set(READS.get() + 1);
            let Plain { count } = Plain::deserialize(deserializer)?;
            Ok(Counted { count })
        }
    }
}

#[test]
fn a_change_costs_one_reading_and_one_more_where_others_have_attributes() {
    use counted::{Counted, READS};
    for (stored, reads) in [
        (json!({"count": 1}), 1),
        (json!({"count": 1, "theirs": 2}), 2),
        (json!({"count": 1, "a": 2, "b": 3, "c": {"d": 4}}), 2),
    ] {
        let stored = attributes(stored);
        let before = attributes(json!({"count": 1}));
        let after = attributes(json!({"count": 2}));
        READS.set(0);
        changed::<Counted>(&stored, &before, after)
            .unwrap()
            .unwrap();
        assert_eq!(READS.get(), reads, "{stored:?}");
    }
    assert_eq!(Counted::default().count, 0);
}

mod check {
    use super::*;

    fn missing<T: State>() -> Option<&'static str> {
        check::<T>().map_or_else(|error| error.missing_field(), |()| None)
    }

    #[derive(Default, Serialize, Deserialize)]
    struct Fixed {
        count: u32,
        last: Option<String>,
    }

    #[derive(Default, Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Tagged {
        #[default]
        Idle,
        Playing {
            low: u8,
        },
    }

    #[derive(Default, Serialize, Deserialize)]
    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        #[default]
        Idle,
        Playing(u8),
    }

    #[derive(Default, Serialize, Deserialize)]
    enum Color {
        #[default]
        Red,
    }

    #[test]
    fn a_state_that_is_no_map_is_refused() {
        #[derive(Default, Serialize, Deserialize)]
        enum Top {
            #[default]
            Idle,
        }
        for error in [
            check::<u32>(),
            check::<Vec<u8>>(),
            check::<Top>(),
            check::<()>(),
            check::<Option<Fixed>>(),
        ] {
            assert!(matches!(error.unwrap_err().problem(), Problem::NotAMap(_)));
        }
    }

    #[test]
    fn a_struct_that_cannot_grow_is_named_by_its_field() {
        assert_eq!(missing::<Fixed>(), Some("count"));
        assert_eq!(missing::<Player>(), None);
        assert_eq!(missing::<BTreeMap<String, u32>>(), None);

        #[derive(Default, Serialize, Deserialize)]
        struct Wrapper(Fixed);
        #[derive(Default, Serialize, Deserialize)]
        #[serde(transparent)]
        struct Transparent {
            fixed: Fixed,
        }
        assert_eq!(missing::<Wrapper>(), Some("count"));
        assert_eq!(missing::<Transparent>(), Some("count"));
        assert_eq!(missing::<Box<Fixed>>(), Some("count"));
    }

    #[test]
    fn an_enum_of_a_plain_struct_is_no_tag() {
        #[derive(Default, Serialize, Deserialize)]
        struct Painted {
            color: Color,
        }
        #[derive(Default, Serialize, Deserialize)]
        struct Both {
            color: Color,
            #[serde(flatten)]
            rest: BTreeMap<String, Json>,
        }
        assert_eq!(missing::<Painted>(), Some("color"));
        assert_eq!(missing::<Both>(), Some("color"));
    }

    #[test]
    fn a_struct_with_something_flattened_is_checked_too() {
        #[derive(Default, Serialize, Deserialize)]
        struct Outer {
            #[serde(default)]
            id: u32,
            #[serde(flatten)]
            fixed: Fixed,
        }
        #[derive(Default, Serialize, Deserialize)]
        struct Text {
            name: String,
            #[serde(flatten)]
            rest: BTreeMap<String, Json>,
        }
        assert_eq!(missing::<Outer>(), Some("count"));
        assert_eq!(missing::<Text>(), Some("name"));
        #[derive(Default, Serialize, Deserialize)]
        struct WithTag {
            id: u32,
            #[serde(flatten)]
            tagged: Tagged,
        }
        assert_eq!(missing::<WithTag>(), Some("id"));
    }

    #[test]
    fn enums_as_the_whole_state_or_flattened_are_exempt() {
        #[derive(Serialize, Deserialize)]
        enum Top {
            Idle { visits: u32 },
        }
        impl Default for Top {
            fn default() -> Self {
                Top::Idle { visits: 0 }
            }
        }
        #[derive(Serialize, Deserialize)]
        #[serde(untagged)]
        enum Untagged {
            A { a: u32 },
        }
        impl Default for Untagged {
            fn default() -> Self {
                Untagged::A { a: 0 }
            }
        }
        #[derive(Default, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        enum WithOther {
            #[default]
            Idle,
            #[serde(other)]
            Unknown,
        }
        assert_eq!(check::<Top>(), Ok(()));
        assert_eq!(check::<Untagged>(), Ok(()));
        assert_eq!(check::<Tagged>(), Ok(()));
        assert_eq!(check::<WithOther>(), Ok(()));
        assert_eq!(check::<Adjacent>(), Ok(()));
    }

    #[test]
    fn flattened_enums_of_each_representation_are_exempt() {
        #[derive(Default, Serialize, Deserialize)]
        #[serde(default)]
        struct With<T: Default> {
            #[serde(default)]
            id: u32,
            #[serde(flatten)]
            data: T,
        }
        #[derive(Serialize, Deserialize)]
        #[serde(untagged)]
        enum Untagged {
            A { a: u32 },
        }
        impl Default for Untagged {
            fn default() -> Self {
                Untagged::A { a: 0 }
            }
        }
        #[derive(Default, Serialize, Deserialize)]
        struct Internally {
            #[serde(default)]
            id: u32,
            #[serde(flatten)]
            data: Tagged,
        }
        #[derive(Default, Serialize, Deserialize)]
        struct Adjacently {
            #[serde(default)]
            id: u32,
            #[serde(flatten)]
            data: Adjacent,
        }
        assert_eq!(check::<Flattened>(), Ok(()));
        assert_eq!(check::<With<Untagged>>(), Ok(()));
        assert_eq!(check::<Internally>(), Ok(()));
        assert_eq!(check::<Adjacently>(), Ok(()));
    }
}
