//! Comparing what a type serializes to, where a `HashSet` has another order each time.

use std::cmp::Ordering;
use std::mem::take;

use super::{Attributes, AttributesError, Problem, Value};

/// Whether the two hold the same, their lists in any order: a `HashSet` has another order each time.
pub fn same_in_any_order(one: &Attributes, other: &Attributes) -> bool {
    differ(one, other).is_none()
}

/// An error with the first place at which the two differ, lists being equal in any order.
pub(super) fn differ(one: &Attributes, other: &Attributes) -> Option<AttributesError> {
    if one == other {
        return None;
    }
    let here = || AttributesError::from(Problem::ReadsDifferently);
    let of_one = one.iter().find_map(|(name, value)| {
        let error = match other.get(name) {
            Some(other) => differ_values(value, other),
            None => Some(here()),
        };
        error.map(|error| error.at_name(name))
    });
    let mut others = other.keys().filter(|name| !one.contains_key(*name));
    of_one.or_else(|| others.next().map(|name| here().at_name(name)))
}

fn differ_values(one: &Value, other: &Value) -> Option<AttributesError> {
    match (one, other) {
        _ if one == other => None,
        (Value::Map(one), Value::Map(other)) => differ(one, other),
        _ if sorted(one) == sorted(other) => None,
        (Value::List(one), Value::List(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(index, (one, other))| {
                differ_values(one, other).map(|error| error.at_index(index))
            })
        }
        _ => Some(Problem::ReadsDifferently.into()),
    }
}

/// The value with all its lists and sets in one order, so that comparing two of `n` elements takes
/// `n log n` steps, and not `n` times `n`.
fn sorted(value: &Value) -> Value {
    let mut value = value.clone();
    sort(&mut value);
    value
}

fn sort(value: &mut Value) {
    match value {
        Value::List(values) => {
            values.iter_mut().for_each(sort);
            values.sort_by(order);
        }
        Value::Map(attributes) => attributes.values_mut().for_each(sort),
        // As lists, so that one sort is compiled and not one for each type.
        Value::StringSet(set) => {
            *value = as_list("SS", take(set).into_iter().map(Value::String).collect());
        }
        Value::NumberSet(set) => {
            *value = as_list("NS", take(set).into_iter().map(Value::Number).collect());
        }
        Value::BinarySet(set) => {
            *value = as_list("BS", take(set).into_iter().map(Value::Binary).collect());
        }
        _ => {}
    }
}

fn as_list(kind: &str, mut elements: Vec<Value>) -> Value {
    elements.sort_by(order);
    elements.insert(0, kind.into());
    Value::List(elements)
}

/// Whether no two of the values, which hold no others, are equal.
pub(super) fn all_distinct(values: &[Value]) -> bool {
    let mut sorted = values.to_vec();
    sorted.sort_by(order);
    sorted.is_sorted_by(|one, other| one != other)
}

/// Some total order of values without sets in which equal values are equal.
fn order(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (Value::Number(one), Value::Number(other)) => one.cmp(other),
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (Value::Binary(one), Value::Binary(other)) => one.cmp(other),
        (Value::List(one), Value::List(other)) => {
            let pairs = one.iter().zip(other).map(|(one, other)| order(one, other));
            first_difference(pairs, one.len(), other.len())
        }
        (Value::Map(one), Value::Map(other)) => {
            let entries = one.iter().zip(other);
            let pairs = entries.map(|((name, value), (other_name, other))| {
                name.cmp(other_name).then_with(|| order(value, other))
            });
            first_difference(pairs, one.len(), other.len())
        }
        _ => one.kind().cmp(other.kind()),
    }
}

fn first_difference(
    mut pairs: impl Iterator<Item = Ordering>,
    length: usize,
    other: usize,
) -> Ordering {
    pairs
        .find(|ordering| ordering.is_ne())
        .unwrap_or_else(|| length.cmp(&other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::to_attributes;
    use serde_json::{Value as Json, json};

    fn place(one: Json, other: Json) -> Option<String> {
        let [one, other] = [one, other].map(|json| to_attributes(&json).unwrap());
        differ(&one, &other).map(|error| error.place().to_owned())
    }

    #[test]
    fn lists_are_equal_in_any_order_at_any_depth() {
        let one = json!({"sets": [[1, 2], [{"a": [3, 4]}, null]], "n": 1.0});
        let other = json!({"sets": [[null, {"a": [4, 3]}], [2, 1]], "n": 1});
        assert_eq!(place(one, other), None);
        assert_ne!(
            place(json!({"l": [1, 1, 2]}), json!({"l": [1, 2, 2]})),
            None
        );
    }

    #[test]
    fn the_first_place_that_differs_is_named() {
        for (one, other, expected) in [
            (json!({"a": 1}), json!({"a": 2}), "a"),
            (json!({"a": 1}), json!({}), "a"),
            (json!({}), json!({"b": 1}), "b"),
            (json!({"l": [{"x": 1}]}), json!({"l": [{"x": 2}]}), "l[0].x"),
            (json!({"l": [1]}), json!({"l": [1, 2]}), "l"),
            (
                json!({"a b": {"c": [0]}}),
                json!({"a b": {"c": 0}}),
                "[\"a b\"].c",
            ),
        ] {
            assert_eq!(place(one, other).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_long_list_in_another_order_is_compared_in_time() {
        let list = |order: fn(&mut Vec<u32>)| {
            let mut list: Vec<u32> = (0..40_000).collect();
            order(&mut list);
            to_attributes(&json!({ "list": list })).unwrap()
        };
        let (forward, backward) = (list(|_| {}), list(|list| list.reverse()));
        let start = std::time::Instant::now();
        assert_eq!(differ(&forward, &backward), None);
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }
}
