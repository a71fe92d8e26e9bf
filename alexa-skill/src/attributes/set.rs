//! Sets that are stored as SS, NS or BS.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::unordered::all_distinct;
use super::{AttributesError, Number, Problem, Value};

/// The name under which a [`Set`] tells this crate's serializer that its list is a set.
pub(super) const SET_TOKEN: &str = "$alexa_skill::Set";

/// A set, stored as DynamoDB's SS, NS or BS.
///
/// Its elements are text, numbers (integers, floats in a wrapper with an order, or
/// [`Number`](super::Number)) or [`Bytes`](super::Bytes), all of one kind; anything else is a named
/// error when it is saved. serde has no sets, so a `BTreeSet<String>` becomes a list; a set that
/// another program stored stays one, though, as long as its elements can be one.
///
/// An empty one is stored as an empty list, because DynamoDB refuses an empty set (Developer Guide,
/// "Supported data types"). It is read from a set and from a list, and from the `NULL` that the
/// Node.js SDK v2 writes for an empty set.
///
/// ```
/// use alexa_skill::attributes::{to_attributes, Set, Value};
///
/// #[derive(Default, serde::Serialize, serde::Deserialize)]
/// #[serde(default)]
/// struct Heard { facts: Set<String> }
///
/// let mut heard = Heard::default();
/// assert_eq!(to_attributes(&heard)?["facts"], Value::List(vec![]));
/// heard.facts.insert("Venus turns backwards".into());
/// let stored = Value::StringSet(vec!["Venus turns backwards".into()]);
/// assert_eq!(to_attributes(&heard)?["facts"], stored);
/// # Ok::<(), alexa_skill::attributes::AttributesError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set<T>(pub BTreeSet<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Set(BTreeSet::new())
    }
}

impl<T> Deref for Set<T> {
    type Target = BTreeSet<T>;

    fn deref(&self) -> &BTreeSet<T> {
        &self.0
    }
}

impl<T> DerefMut for Set<T> {
    fn deref_mut(&mut self) -> &mut BTreeSet<T> {
        &mut self.0
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Set(elements.into_iter().collect())
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::collections::btree_set::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = std::collections::btree_set::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Serialize> Serialize for Set<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(SET_TOKEN, &self.0)
    }
}

impl<'de, T: Deserialize<'de> + Ord> Deserialize<'de> for Set<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SetVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + Ord> Visitor<'de> for SetVisitor<T> {
            type Value = Set<T>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a set or a list")
            }
            fn visit_unit<E>(self) -> Result<Set<T>, E> {
                Ok(Set::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Set<T>, A::Error> {
                let mut elements = BTreeSet::new();
                while let Some(element) = seq.next_element()? {
                    elements.insert(element);
                }
                Ok(Set(elements))
            }
        }
        deserializer.deserialize_seq(SetVisitor(PhantomData))
    }
}

/// The elements as a set; as an empty list where there are none.
pub(super) fn of(elements: Vec<Value>) -> Result<Value, AttributesError> {
    let Some(first) = elements.first() else {
        return Ok(Value::List(elements));
    };
    let kind = first.kind();
    for (index, element) in elements.iter().enumerate() {
        let problem = match element {
            Value::String(_) | Value::Number(_) | Value::Binary(_) if element.kind() == kind => {
                continue;
            }
            Value::String(_) | Value::Number(_) | Value::Binary(_) => {
                Problem::MixedSet(kind, element.kind())
            }
            other => Problem::SetElement(other.kind()),
        };
        return Err(AttributesError::from(problem).at_index(index));
    }
    set_of_kind(kind, &elements).ok_or_else(|| Problem::SetDuplicate.into())
}

/// The elements of `new` as a set of the type of `stored`, when they make one: a set that was read
/// into a `Vec` or `BTreeSet` comes back as a list.
pub(super) fn as_the_same_set(stored: &Value, new: &Value) -> Option<Value> {
    let Value::List(elements) = new else {
        return None;
    };
    match stored {
        Value::StringSet(_) => set_of_kind("S", elements),
        Value::NumberSet(_) => set_of_kind("N", elements),
        Value::BinarySet(_) => set_of_kind("B", elements),
        _ => None,
    }
}

/// A set, if the elements are all of one kind, distinct, and at least one, as DynamoDB asks.
fn set_of_kind(kind: &str, elements: &[Value]) -> Option<Value> {
    let is_set = !elements.is_empty()
        && elements.iter().all(|element| element.kind() == kind)
        && all_distinct(elements);
    if !is_set {
        return None;
    }
    let elements = elements.iter().cloned();
    Some(match kind {
        "S" => Value::StringSet(elements.filter_map(string).collect()),
        "N" => Value::NumberSet(elements.filter_map(number).collect()),
        _ => Value::BinarySet(elements.filter_map(binary).collect()),
    })
}

fn string(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn number(value: Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

fn binary(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::Binary(bytes) => Some(bytes),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::{Attributes, Bytes, Number, from_attributes, to_attributes, to_value};

    #[derive(Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
    #[serde(default)]
    struct Sets {
        texts: Set<String>,
        integers: Set<i64>,
        numbers: Set<Number>,
        bytes: Set<Bytes>,
    }

    #[test]
    fn sets_of_text_numbers_and_bytes_are_stored_as_sets_and_come_back() {
        let sets = Sets {
            texts: ["b".to_owned(), "a".into()].into_iter().collect(),
            integers: [3, -1].into_iter().collect(),
            numbers: ["0.1", "1e100"]
                .map(|text| text.parse().unwrap())
                .into_iter()
                .collect(),
            bytes: [Bytes(vec![]), Bytes(vec![1])].into_iter().collect(),
        };
        let attributes = to_attributes(&sets).unwrap();
        let kinds: Vec<_> = attributes.values().map(Value::kind).collect();
        assert_eq!(kinds, ["BS", "NS", "NS", "SS"]);
        assert_eq!(from_attributes::<Sets>(&attributes).unwrap(), sets);
        let json = serde_json::to_value(&sets.texts).unwrap();
        assert_eq!(json, serde_json::json!(["a", "b"]));
    }

    #[test]
    fn an_empty_set_is_an_empty_list_and_read_from_null_too() {
        let empty = to_attributes(&Sets::default()).unwrap();
        assert_eq!(empty["texts"], Value::List(vec![]));
        assert_eq!(from_attributes::<Sets>(&empty).unwrap(), Sets::default());
        let null = Attributes::from([("texts".to_owned(), Value::Null)]);
        assert_eq!(from_attributes::<Sets>(&null).unwrap(), Sets::default());
    }

    #[test]
    fn what_is_no_set_is_named() {
        #[derive(PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
        #[serde(untagged)]
        enum Either {
            Number(i64),
            Text(String),
            Flag(bool),
        }
        let of = |elements: [Either; 2]| {
            let set: Set<Either> = elements.into_iter().collect();
            to_value(&set).unwrap_err()
        };
        let mixed = of([Either::Number(1), Either::Text("a".into())]);
        assert_eq!(*mixed.problem(), Problem::MixedSet("N", "S"));
        assert_eq!(mixed.place(), "[1]");
        let flag = of([Either::Text("a".into()), Either::Flag(true)]);
        assert_eq!(*flag.problem(), Problem::SetElement("BOOL"));

        #[derive(PartialEq, Eq, PartialOrd, Ord)]
        struct Named(&'static str, u8);
        impl Serialize for Named {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0)
            }
        }
        let twice: Set<Named> = [Named("a", 1), Named("a", 2)].into_iter().collect();
        assert_eq!(
            *to_value(&twice).unwrap_err().problem(),
            Problem::SetDuplicate
        );
    }
}
