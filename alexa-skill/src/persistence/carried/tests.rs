use proptest::prelude::*;

use super::*;

const LIMIT: usize = 8192;

fn key() -> Key {
    Key::from("u")
}

fn values() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        "-?[1-9][0-9]{0,37}".prop_map(|digits| Value::Number(digits.parse().unwrap())),
        "-?0?\\.[0-9]{1,30}[1-9](E-?[1-9][0-9]?)?"
            .prop_map(|digits| Value::Number(digits.parse().unwrap())),
    ];
    let bytes = || prop::collection::vec(any::<u8>(), 0..20);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        number,
        bytes().prop_map(Value::Binary),
        prop::collection::vec(".{0,9}", 1..4).prop_map(Value::StringSet),
        prop::collection::vec(any::<i64>().prop_map(Number::from), 1..4).prop_map(Value::NumberSet),
        prop::collection::vec(bytes(), 1..4).prop_map(Value::BinarySet),
    ];
    leaf.prop_recursive(4, 20, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::btree_map(".{0,9}", inner, 0..5).prop_map(Value::Map),
        ]
    })
}

fn maps() -> impl Strategy<Value = Attributes> {
    prop::collection::btree_map(".{0,9}", values(), 0..6)
}

fn items() -> impl Strategy<Value = Item> {
    let tag = || prop::option::of(".{0,9}");
    let version = (any::<u64>(), ".{0,40}", tag());
    let version = (version, prop::collection::vec(any::<u64>(), 0..=32));
    let version = version.prop_map(|((number, request_id, tag), earlier)| {
        Revision::Version(Version {
            number,
            request_id,
            earlier,
            tag,
        })
    });
    let others = prop_oneof![Just(Revision::Absent), version];
    let revision = prop_oneof![
        3 => others.prop_map(|revision| (revision, None)),
        1 => tag().prop_map(|tag| (Revision::Absent, Some(tag))),
    ];
    (maps(), maps(), revision).prop_map(|(attributes, others, (revision, unversioned))| Item {
        revision: match unversioned {
            Some(tag) => Revision::Unversioned {
                attributes: attributes.clone(),
                tag,
            },
            None => revision,
        },
        attributes,
        others,
    })
}

/// The digits as well, which equality of numbers passes over.
fn exactly(item: &Item) -> String {
    format!("{item:?}")
}

proptest! {
    #[test]
    fn an_item_comes_back_as_it_was(item in items()) {
        let text = write(&item, "store", &key(), usize::MAX).unwrap();
        let back = read(&text, "store", &key()).unwrap();
        prop_assert_eq!(exactly(&back), exactly(&item));
    }

    #[test]
    fn what_is_broken_off_is_none_and_what_is_changed_does_no_harm(
        item in items(), at in any::<prop::sample::Index>(), byte in any::<char>(),
    ) {
        let text = write(&item, "store", &key(), usize::MAX).unwrap();
        let ends: Vec<usize> = text.char_indices().map(|(index, _)| index).collect();
        let at = at.index(ends.len());
        prop_assert_eq!(read(&text[..ends[at]], "store", &key()), None);
        let mut changed: Vec<char> = text.chars().collect();
        changed[at] = byte;
        let _ = read(&changed.into_iter().collect::<String>(), "store", &key());
    }

    #[test]
    fn any_text_at_all_does_no_harm(text in ".{0,200}") {
        prop_assert_eq!(read(&text, "store", &key()), None);
    }
}

fn item() -> Item {
    let attributes = Attributes::from([("count".to_owned(), Value::from(7))]);
    let revision = Revision::Version(Revision::Absent.next("r"));
    let others = Attributes::new();
    Item {
        attributes,
        others,
        revision,
    }
}

#[test]
fn an_item_of_another_key_store_or_format_is_none() {
    let text = write(&item(), "store", &key(), LIMIT).unwrap();
    assert_eq!(read(&text, "store", &key()), Some(item()));
    assert_eq!(read(&text, "store", &Key::from("another")), None);
    assert_eq!(read(&text, "another", &key()), None);
    let newer = text.replace("\"format\":1", "\"format\":2");
    assert_ne!(newer, text);
    assert_eq!(read(&newer, "store", &key()), None);
}

#[test]
fn a_form_that_is_not_written_is_none() {
    let text = write(&item(), "store", &key(), LIMIT).unwrap();
    for value in [
        "7.5",
        "18446744073709551615",
        "{}",
        r#"{"N":7}"#,
        r#"{"N":"seven"}"#,
        r#"{"N":"1e999"}"#,
        r#"{"N":"7","S":"7"}"#,
        r#"{"B":"0"}"#,
        r#"{"B":"zz"}"#,
        r#"{"B":"+1"}"#,
        r#"{"SS":[]}"#,
        r#"{"NS":["x"]}"#,
        r#"{"BS":[1]}"#,
        r#"{"M":[]}"#,
        r#"{"X":1}"#,
        &format!("{}{}", "[".repeat(200), "]".repeat(200)),
        &format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
    ] {
        let forged = text.replace("\"count\":7", &format!("\"count\":{value}"));
        assert_ne!(forged, text);
        assert_eq!(read(&forged, "store", &key()), None, "{:.40}", value);
    }
    for (there, forged) in [
        ("\"number\":1", "\"number\":-1"),
        ("\"earlier\":\"\"", "\"earlier\":\"00\""),
        ("\"earlier\":\"\"", "\"earlier\":\"000000000000000é\""),
        ("\"others\":{}", "\"others\":{},\"more\":1"),
    ] {
        assert!(text.contains(there), "{text}");
        assert_eq!(read(&text.replace(there, forged), "store", &key()), None);
    }
}

#[test]
fn the_bound_is_on_the_bytes_that_the_answer_grows_by() {
    let text = write(&item(), "store", &key(), LIMIT).unwrap();
    let bytes = serde_json::to_string(&text).unwrap().len();
    assert!(bytes > text.len() + 20, "quotes are escaped");
    assert_eq!(write(&item(), "store", &key(), bytes), Some(text));
    assert_eq!(write(&item(), "store", &key(), bytes - 1), None);
}

#[test]
fn what_cannot_come_back_is_not_carried() {
    // S3 holds JSON's numbers, which DynamoDB's are not.
    let huge = Value::Number(Number::as_stored("1e300".into()));
    let mut item = item();
    item.attributes.insert("huge".into(), huge);
    assert_eq!(write(&item, "store", &key(), LIMIT), None);
    // An expired item shows no attributes, and its condition is on those that are there.
    item.attributes.clear();
    item.revision = Revision::Unversioned {
        attributes: super::tests::item().attributes,
        tag: None,
    };
    assert_eq!(write(&item, "store", &key(), LIMIT), None);
}
