//! What holds for all values: everything written is read back the same, and nothing that is read
//! brings the reader down.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use proptest::collection::{btree_map, hash_map, vec};
use proptest::prelude::*;

use crate::expression::{Condition, Parser, Placeholders, Projection, Update};
use crate::wire::cbor::{Reader, Writer};
use crate::wire::decimal::{self, Decimal};
use crate::wire::frame::Extent;
use crate::wire::item;
use crate::wire::key::{KeyAttribute, KeySchema, KeyType, decode_index_key, encode_index_key};
use crate::wire::sortable;
use crate::wire::value::{self, Item};

/// Numbers as DynamoDB gives them back: no zeros that do not count.
fn number() -> impl Strategy<Value = String> {
    let digits = (any::<bool>(), 0u64..10_000_000_000_000_000_000, -40i64..40);
    digits.prop_map(|(negative, mantissa, exponent)| {
        let mut writer = Writer::new();
        let sign = if negative { "-" } else { "" };
        decimal::write(&mut writer, &format!("{sign}{mantissa}e{exponent}")).unwrap();
        decimal::read(&mut Reader::new(&writer.into_bytes())).unwrap()
    })
}

fn value() -> impl Strategy<Value = AttributeValue> {
    let bytes = || vec(any::<u8>(), 0..8).prop_map(Blob::new);
    let leaf = prop_oneof![
        ".{0,8}".prop_map(AttributeValue::S),
        number().prop_map(AttributeValue::N),
        bytes().prop_map(AttributeValue::B),
        any::<bool>().prop_map(AttributeValue::Bool),
        Just(AttributeValue::Null(true)),
        vec(".{0,4}", 1..4).prop_map(AttributeValue::Ss),
        vec(number(), 1..4).prop_map(AttributeValue::Ns),
        vec(bytes(), 1..4).prop_map(AttributeValue::Bs),
    ];
    leaf.prop_recursive(5, 32, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(AttributeValue::L),
            hash_map(".{0,4}", inner, 0..4).prop_map(AttributeValue::M),
        ]
    })
}

fn an_item() -> impl Strategy<Value = Item> {
    hash_map("[a-z]{1,4}", value(), 0..6)
}

pub(crate) fn schema(partition: KeyType, sort: Option<KeyType>) -> KeySchema {
    let attribute = |name: &str, kind| KeyAttribute {
        name: name.to_owned(),
        kind,
    };
    KeySchema {
        partition: attribute("ID", partition),
        sort: sort.map(|it| attribute("AT", it)),
    }
}

fn keyed(kind: KeyType) -> BoxedStrategy<AttributeValue> {
    match kind {
        KeyType::S => ".{1,8}".prop_map(AttributeValue::S).boxed(),
        KeyType::N => number().prop_map(AttributeValue::N).boxed(),
        KeyType::B => vec(any::<u8>(), 1..8)
            .prop_map(|it| AttributeValue::B(Blob::new(it)))
            .boxed(),
    }
}

fn kind() -> impl Strategy<Value = KeyType> {
    prop_oneof![Just(KeyType::S), Just(KeyType::N), Just(KeyType::B)]
}

/// The text of a condition over the names `#a` to `#c` and the values `:a` to `:c`.
fn condition() -> impl Strategy<Value = String> {
    let path = prop_oneof![
        Just("#a"),
        Just("#b.x[3]"),
        Just("#c[0][1].#a"),
        Just("name")
    ];
    let operand = prop_oneof![
        path.clone().prop_map(str::to_owned),
        "[a-c]".prop_map(|name| format!(":{name}")),
        path.clone().prop_map(|path| format!("size({path})")),
        path.clone().prop_map(|path| format!("({path})")),
    ];
    let comparator = prop_oneof![
        Just("="),
        Just("<>"),
        Just("<"),
        Just("<="),
        Just(">"),
        Just(">=")
    ];
    let leaf = prop_oneof![
        (operand.clone(), comparator, operand.clone()).prop_map(|(a, o, b)| format!("{a} {o} {b}")),
        (operand.clone(), operand.clone(), operand.clone())
            .prop_map(|(a, b, c)| format!("{a} BETWEEN {b} AND {c}")),
        (operand.clone(), vec(operand.clone(), 1..4))
            .prop_map(|(a, list)| format!("{a} IN ({})", list.join(", "))),
        path.clone()
            .prop_map(|path| format!("attribute_exists({path})")),
        (path, operand).prop_map(|(path, it)| format!("begins_with({path}, {it})")),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} AND {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} OR {b}")),
            inner.clone().prop_map(|a| format!("NOT {a}")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a} OR {b}) AND NOT ({b} AND {a})")),
        ]
    })
}

fn update() -> impl Strategy<Value = String> {
    let action = prop_oneof![
        Just("SET #a = :a"),
        Just("SET #b = if_not_exists(#c, :b) + :a, name = list_append(name, :c)"),
        Just("REMOVE #b[1], #c.x"),
        Just("ADD #a :b"),
        Just("DELETE name :c"),
        Just("SET #c = (#a - :a)"),
    ];
    vec(action, 1..4).prop_map(|actions| actions.join(" "))
}

pub(crate) fn names() -> HashMap<String, String> {
    ["a", "b", "c"]
        .map(|name| (format!("#{name}"), format!("{name} .{name}")))
        .into()
}

pub(crate) fn values() -> HashMap<String, AttributeValue> {
    ["a", "b", "c"]
        .map(|name| (format!(":{name}"), AttributeValue::S(name.to_owned())))
        .into()
}

fn written(value: &AttributeValue) -> Vec<u8> {
    let mut writer = Writer::new();
    value::write(&mut writer, value).unwrap();
    writer.into_bytes()
}

proptest! {
    #[test]
    fn values_come_back_as_they_were_written(value in value()) {
        let bytes = written(&value);
        let mut reader = Reader::new(&bytes);
        prop_assert_eq!(value::read(&mut reader).unwrap(), value);
        prop_assert!(reader.is_at_end());
    }

    #[test]
    fn items_come_back_as_they_were_written(item in an_item()) {
        let schema = schema(KeyType::S, None);
        let names = item::attribute_names(&item, &schema);
        let bytes = item::write_values(&item, &names, 7).unwrap();
        prop_assert_eq!(item::list_id(&bytes).unwrap(), 7);
        prop_assert_eq!(item::read_values(&bytes, &names).unwrap(), item);
    }

    #[test]
    fn keys_come_back_as_they_were_written(
        (schema, key) in (kind(), proptest::option::of(kind())).prop_flat_map(|(hash, sort)| {
            let sorted = match sort {
                Some(kind) => keyed(kind).prop_map(Some).boxed(),
                None => Just(None).boxed(),
            };
            (Just(schema(hash, sort)), (keyed(hash), sorted))
        })
    ) {
        let mut item = Item::from([("ID".to_owned(), key.0)]);
        item.extend(key.1.map(|value| ("AT".to_owned(), value)));
        let bytes = schema.encode(&item).unwrap();
        prop_assert_eq!(schema.decode(&bytes).unwrap(), item);
    }

    #[test]
    fn keys_of_indexes_come_back_as_they_were_written(key in an_item()) {
        prop_assert_eq!(decode_index_key(&encode_index_key(&key).unwrap()).unwrap(), key);
    }

    #[test]
    fn sortable_decimals_sort_as_the_numbers_do(a in any::<i64>(), b in any::<i64>(), places in 0i32..60) {
        let decimal = |mantissa: i64| Decimal { mantissa: mantissa.into(), exponent: -places };
        let (left, right) = (sortable::encode(decimal(a)), sortable::encode(decimal(b)));
        prop_assert_eq!(left.cmp(&right), a.cmp(&b));
        prop_assert_eq!(sortable::decode(&left).unwrap().normalized(), decimal(a).normalized());
    }

    #[test]
    fn conditions_survive_the_wire_and_the_way_back_to_text(text in condition()) {
        let (names, values) = (names(), values());
        let parsed = Parser::new(&names, &values).condition(&text).unwrap();
        let decoded = Condition::decode(&parsed.encode().unwrap()).unwrap();
        prop_assert_eq!(&decoded, &parsed);
        let mut placeholders = Placeholders::default();
        let again = placeholders.condition(&decoded);
        let mut parser = Parser::new(&placeholders.names, &placeholders.values);
        let reparsed = parser.condition(&again).unwrap();
        prop_assert_eq!(&reparsed.tree, &parsed.tree, "{} became {}", text, again);
        prop_assert_eq!(reparsed.values, parsed.values);
        parser.finish().unwrap();
    }

    #[test]
    fn updates_survive_the_wire_and_the_way_back_to_text(text in update()) {
        let (names, values) = (names(), values());
        let parsed = Parser::new(&names, &values).update(&text).unwrap();
        let decoded = Update::decode(&parsed.encode().unwrap()).unwrap();
        prop_assert_eq!(&decoded, &parsed);
        let mut placeholders = Placeholders::default();
        let again = placeholders.update(&decoded);
        let reparsed = Parser::new(&placeholders.names, &placeholders.values).update(&again).unwrap();
        // Sections come together, so the order of the actions may be another.
        prop_assert_eq!(reparsed.actions.len(), parsed.actions.len(), "{} became {}", text, again);
    }

    #[test]
    fn no_text_brings_the_parser_down(text in ".{0,64}") {
        let (names, values) = (names(), values());
        let mut parser = Parser::new(&names, &values);
        let _ = (parser.condition(&text), parser.update(&text), parser.projection(&text));
    }

    #[test]
    fn messages_are_found_whatever_the_pieces(values in vec(value(), 1..5), cuts in vec(0usize..400, 0..8)) {
        let bytes: Vec<u8> = values.iter().flat_map(written).collect();
        let mut extent = Extent::default();
        let mut cuts = cuts;
        cuts.sort_unstable();
        for cut in cuts.into_iter().filter(|cut| *cut < bytes.len()) {
            prop_assert_eq!(extent.of(values.len(), &bytes[..cut]).unwrap(), None);
        }
        prop_assert_eq!(extent.of(values.len(), &bytes).unwrap(), Some(bytes.len()));
    }

    #[test]
    fn projections_find_what_they_build(item in an_item(), paths in btree_map("[a-z]{1,2}", Just(()), 1..4)) {
        let (names, values) = (HashMap::new(), HashMap::new());
        // Some of these are keywords.
        let text = paths.into_keys().filter(|it| !["in", "or"].contains(&it.as_str()));
        let text = text.collect::<Vec<_>>().join(", ");
        prop_assume!(!text.is_empty());
        let projection = Parser::new(&names, &values).projection(&text).unwrap();
        prop_assert_eq!(&Projection::decode(&projection.encode()).unwrap(), &projection);
        let built = projection.build(projection.pick(&item)).unwrap();
        for (name, value) in built {
            prop_assert_eq!(item.get(&name), Some(&value));
        }
    }
}
