//! Putting a handler's changes over what is stored.

use std::collections::HashSet;
use std::hash::Hash;

use super::{Attributes, Number, Value};

/// Applies the difference between `before` and `after`, two serialised states of one typed view,
/// to the `stored` attributes that the view was read from.
///
/// What the view does not know stays: names that only other code uses, also inside nested maps.
/// What the view did not change stays in the form in which it was stored, such as a set that the
/// view reads as a list. Lists are replaced whole, for nothing tells which element is which.
pub(crate) fn overlay(stored: &mut Attributes, before: &Attributes, after: &Attributes) {
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        stored.remove(name);
    }
    for (name, new) in after {
        let old = before.get(name);
        match (stored.get_mut(name), old, new) {
            (Some(Value::Map(stored)), Some(Value::Map(before)), Value::Map(after)) => {
                overlay(stored, before, after);
            }
            (Some(_), Some(old), new) if old == new => {}
            (Some(stored), _, new) => {
                *stored = as_the_same_set(stored, new).unwrap_or_else(|| new.clone());
            }
            (None, _, new) => {
                stored.insert(name.clone(), new.clone());
            }
        }
    }
}

/// The elements of `new` as a set of the type of `stored`, when they make one: serde has no sets,
/// so a set that was read into a `Vec` or `BTreeSet` comes back as a list.
fn as_the_same_set(stored: &Value, new: &Value) -> Option<Value> {
    let Value::List(elements) = new else {
        return None;
    };
    match stored {
        Value::StringSet(_) => distinct(elements, |element| match element {
            Value::String(text) => Some(text.clone()),
            _ => None,
        })
        .map(Value::StringSet),
        Value::NumberSet(_) => distinct::<Number>(elements, |element| match element {
            Value::Number(number) => Some(number.clone()),
            _ => None,
        })
        .map(Value::NumberSet),
        Value::BinarySet(_) => distinct(elements, |element| match element {
            Value::Binary(bytes) => Some(bytes.clone()),
            _ => None,
        })
        .map(Value::BinarySet),
        _ => None,
    }
}

/// Distinct and at least one, as DynamoDB asks of a set.
fn distinct<T: Hash + Eq>(
    elements: &[Value],
    element: impl Fn(&Value) -> Option<T>,
) -> Option<Vec<T>> {
    let members: Vec<T> = elements.iter().map(element).collect::<Option<_>>()?;
    let different = members.iter().collect::<HashSet<_>>().len();
    (different == members.len() && different > 0).then_some(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::to_attributes;
    use serde_json::{Value as Json, json};

    fn attributes(json: Json) -> Attributes {
        to_attributes(&json).unwrap()
    }

    fn overlaid(stored: Json, before: Json, after: Json) -> Attributes {
        let mut stored = attributes(stored);
        overlay(&mut stored, &attributes(before), &attributes(after));
        stored
    }

    #[test]
    fn what_the_view_does_not_know_survives_at_any_depth() {
        let result = overlaid(
            json!({"count": 1, "theirs": true, "nested": {"ours": 1, "theirs": 2}}),
            json!({"count": 1, "nested": {"ours": 1}}),
            json!({"count": 2, "nested": {"ours": 5}}),
        );
        assert_eq!(
            result,
            attributes(json!({"count": 2, "theirs": true, "nested": {"ours": 5, "theirs": 2}}))
        );
    }

    #[test]
    fn what_the_view_removed_is_gone() {
        let result = overlaid(
            json!({"game": {"low": 1}, "lists": {"a": 1, "b": 2}}),
            json!({"game": {"low": 1}, "lists": {"a": 1, "b": 2}}),
            json!({"lists": {"b": 2}}),
        );
        assert_eq!(result, attributes(json!({"lists": {"b": 2}})));
    }

    #[test]
    fn a_set_that_was_read_as_a_list_stays_a_set() {
        let stored_set = || Value::StringSet(vec!["a".into(), "b".into()]);
        let view = |names: &[&str]| attributes(json!({ "names": names }));
        let with = |names: &[&str]| {
            let mut stored = Attributes::from([("names".into(), stored_set())]);
            overlay(&mut stored, &view(&["a", "b"]), &view(names));
            stored["names"].clone()
        };
        assert_eq!(with(&["a", "b"]), stored_set());
        assert_eq!(
            with(&["b", "c"]),
            Value::StringSet(vec!["b".into(), "c".into()])
        );
        assert_eq!(with(&["c", "c"]), Value::List(vec!["c".into(), "c".into()]));
        assert_eq!(
            with(&[]),
            Value::List(vec![]),
            "DynamoDB refuses an empty set"
        );
    }

    #[test]
    fn what_the_view_left_alone_keeps_its_stored_form() {
        let mut stored = Attributes::from([("name".into(), Value::Null)]);
        let view = attributes(json!({"name": ""}));
        overlay(&mut stored, &view, &view);
        assert_eq!(stored["name"], Value::Null);
    }
}
