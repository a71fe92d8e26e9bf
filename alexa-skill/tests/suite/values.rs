//! Whatever DynamoDB can hold comes back equal.

use alexa_skill::attributes::{Attributes, Number, Value, from_attributes, to_attributes};
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, Save};
use local_dynamodb::LocalDynamoDb;
use proptest::collection::{btree_map, hash_set, vec};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Any number within DynamoDB's range: up to 38 digits, scaled so that the value lies inside.
fn number() -> impl Strategy<Value = Number> {
    let digits = "[1-9][0-9]{0,37}";
    (any::<bool>(), digits, -130i64..=88).prop_map(|(negative, digits, exponent)| {
        let sign = if negative { "-" } else { "" };
        format!("{sign}{digits}e{exponent}").parse().unwrap()
    })
}

fn set<T: Eq + std::hash::Hash + std::fmt::Debug>(
    element: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<T>> {
    hash_set(element, 1..4).prop_map(Vec::from_iter)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        number().prop_map(Value::Number),
        ".*".prop_map(Value::String),
        vec(any::<u8>(), 0..16).prop_map(Value::Binary),
        set("[a-z]{1,4}").prop_map(Value::StringSet),
        set(number()).prop_map(Value::NumberSet),
        set(vec(any::<u8>(), 1..4)).prop_map(Value::BinarySet),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::List),
            btree_map(".{1,8}", inner, 0..5).prop_map(Value::Map),
        ]
    })
}

/// Any JSON whose numbers DynamoDB can hold.
fn json() -> impl Strategy<Value = Json> {
    let float =
        any::<f64>().prop_filter("DynamoDB's range", |float| Number::try_from(*float).is_ok());
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        float.prop_map(Json::from),
        ".*".prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Json::from),
            btree_map(".{1,8}", inner, 0..8)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

/// Equal, except that a float may come back as an integer of its value: DynamoDB has one kind of
/// number.
fn alike(back: &Json, json: &Json) -> bool {
    match (back, json) {
        (Json::Number(back), Json::Number(number)) if number.is_f64() => {
            back.as_f64() == number.as_f64()
        }
        (Json::Array(back), Json::Array(values)) => {
            back.len() == values.len()
                && back
                    .iter()
                    .zip(values)
                    .all(|(back, value)| alike(back, value))
        }
        (Json::Object(back), Json::Object(entries)) => {
            back.len() == entries.len()
                && entries
                    .iter()
                    .all(|(name, value)| back.get(name).is_some_and(|back| alike(back, value)))
        }
        _ => back == json,
    }
}

/// Two sets are equal in any order; DynamoDB keeps none.
fn sorted(value: Value) -> Value {
    match value {
        Value::StringSet(mut set) => {
            set.sort();
            Value::StringSet(set)
        }
        Value::NumberSet(mut set) => {
            set.sort_by_key(|number| format!("{:e}", number.as_str().parse::<f64>().unwrap()));
            Value::NumberSet(set)
        }
        Value::BinarySet(mut set) => {
            set.sort();
            Value::BinarySet(set)
        }
        Value::List(values) => Value::List(values.into_iter().map(sorted).collect()),
        Value::Map(attributes) => Value::Map(
            attributes
                .into_iter()
                .map(|(name, value)| (name, sorted(value)))
                .collect(),
        ),
        other => other,
    }
}

#[test]
fn any_value_comes_back_from_a_table_equal() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let local = LocalDynamoDb::start().unwrap();
    let name = runtime.block_on(local.new_table()).unwrap();
    let table = DynamoDb::new(local.client(), name);
    let users = std::sync::atomic::AtomicU32::new(0);
    proptest!(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() }, |(attributes in btree_map(".{1,8}", value(), 0..6))| {
        let user = users.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let (key, read) = (Key::from(format!("user {user}").as_str()), Item::default());
        let save = Save { key: &key, read: &read, attributes: &attributes, request_id: "r" };
        runtime.block_on(table.save(save)).unwrap();
        let loaded = runtime.block_on(table.load(&key)).unwrap().attributes;
        prop_assert_eq!(sorted(Value::Map(loaded)), sorted(Value::Map(attributes)));
    });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_becomes_attributes_and_back(json in btree_map(".*", json(), 0..8)) {
        let attributes: Attributes = to_attributes(&json).unwrap();
        let back: std::collections::BTreeMap<String, Json> = from_attributes(&attributes).unwrap();
        prop_assert!(alike(&json!(back), &json!(json)), "{back:?}");
    }

    #[test]
    fn any_integer_of_38_digits_is_exact(integer in any::<i128>()) {
        match Number::try_from(integer) {
            Ok(number) => {
                let state = Attributes::from([("n".to_owned(), Value::Number(number))]);
                let back: std::collections::BTreeMap<String, i128> = from_attributes(&state).unwrap();
                prop_assert_eq!(back["n"], integer);
            }
            Err(_) => prop_assert!(integer.unsigned_abs() >= 10u128.pow(38)),
        }
    }

    #[test]
    fn no_envelope_makes_the_parser_panic(json in json(), bytes in vec(any::<u8>(), 0..64)) {
        let _ = alexa_skill::parse_request(&serde_json::to_vec(&json).unwrap());
        let _ = alexa_skill::parse_request(&bytes);
    }
}
