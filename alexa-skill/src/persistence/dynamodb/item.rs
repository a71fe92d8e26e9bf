//! From an item of the table to what a turn reads, and back.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

use super::table::Table;
use crate::attributes::size::size_of_map;
use crate::attributes::{Attributes, Number, Value, size_in_bytes};
use crate::persistence::{Item, Key, PersistenceError, Revision, Save, Version};

/// Counts the writes of an item; beside the attributes, where it is no business of the handlers.
const VERSION: &str = "version";
/// The id of the request that wrote the item.
const REQUEST_ID: &str = "requestId";
/// Digests of the requests that wrote before it, eight bytes each, the latest first.
const EARLIER_REQUESTS: &str = "earlierRequests";

/// A condition that holds as long as an item is what was read.
pub(super) struct Condition {
    pub(super) expression: &'static str,
    pub(super) names: HashMap<String, String>,
    pub(super) values: Option<HashMap<String, AttributeValue>>,
}

impl Table {
    pub(super) fn key_of(&self, key: &Key) -> HashMap<String, AttributeValue> {
        self.key_texts(key)
            .map(|(name, text)| (name.to_owned(), AttributeValue::S(text.to_owned())))
            .collect()
    }

    /// The attributes of the key, all of type S.
    fn key_texts<'a>(&'a self, key: &'a Key) -> impl Iterator<Item = (&'a str, &'a str)> {
        let partition_key = (self.layout.partition_key(), key.expose());
        let sort_key = self.sort_key.iter();
        let sort_key = sort_key.map(|key| (key.name.as_ref(), key.value.as_str()));
        [partition_key].into_iter().chain(sort_key)
    }

    pub(super) fn read(
        &self,
        mut stored: HashMap<String, AttributeValue>,
        key: &Key,
    ) -> Result<Item, PersistenceError> {
        let wrong_type = |attribute: &str, expected, found| PersistenceError::WrongType {
            key: key.clone(),
            attribute: attribute.into(),
            expected,
            found,
        };
        for (name, _) in self.key_texts(key) {
            stored.remove(name);
        }
        let mut others = Attributes::new();
        for (name, value) in stored {
            let Some(value) = value_of(value) else {
                return Err(wrong_type(
                    &name,
                    "a type that this library knows",
                    "a newer one",
                ));
            };
            others.insert(name, value);
        }
        let map = self.layout.attributes();
        let attributes = match others.remove(map) {
            None => Attributes::new(),
            Some(Value::Map(attributes)) => attributes,
            Some(other) => return Err(wrong_type(map, "M", other.kind())),
        };
        let version = match others.remove(VERSION) {
            None => None,
            Some(Value::Number(number)) => match number.integer::<u64>() {
                Some(number) => Some(number),
                None => return Err(wrong_type(VERSION, "a whole number", "N")),
            },
            Some(other) => return Err(wrong_type(VERSION, "N", other.kind())),
        };
        let request_id = match others.remove(REQUEST_ID) {
            None => String::new(),
            Some(Value::String(request_id)) => request_id,
            Some(other) => return Err(wrong_type(REQUEST_ID, "S", other.kind())),
        };
        let earlier = match others.remove(EARLIER_REQUESTS) {
            None => Vec::new(),
            Some(Value::Binary(bytes)) => {
                let (digests, _) = bytes.as_chunks();
                digests
                    .iter()
                    .map(|digest| u64::from_be_bytes(*digest))
                    .collect()
            }
            Some(other) => return Err(wrong_type(EARLIER_REQUESTS, "B", other.kind())),
        };
        let revision = match version {
            Some(number) => Revision::Version(Version {
                number,
                request_id,
                earlier,
                tag: None,
            }),
            None => Revision::Unversioned {
                attributes: attributes.clone(),
                tag: None,
            },
        };
        // DynamoDB deletes expired items days late, and reads give them until then.
        if self.expired(&others) {
            return Ok(Item {
                attributes: Attributes::new(),
                others: Attributes::new(),
                revision,
            });
        }
        Ok(Item {
            attributes,
            others,
            revision,
        })
    }

    fn expired(&self, others: &Attributes) -> bool {
        let Some(time_to_live) = &self.time_to_live else {
            return false;
        };
        match others.get(&time_to_live.attribute) {
            Some(Value::Number(at)) => at
                .integer()
                .is_some_and(|at: u64| at <= seconds_since_1970()),
            _ => false,
        }
    }

    /// The item that a save writes, and its size in bytes as DynamoDB counts it.
    pub(super) fn write(
        &self,
        save: &Save<'_>,
        version: &Version,
    ) -> (HashMap<String, AttributeValue>, usize) {
        let mut beside = save.read.others.clone();
        for (name, text) in self.key_texts(save.key) {
            beside.insert(name.to_owned(), text.into());
        }
        let number = Number::from(version.number);
        beside.insert(VERSION.into(), Value::Number(number));
        beside.insert(REQUEST_ID.into(), version.request_id.clone().into());
        if !version.earlier.is_empty() {
            let digests = version.earlier.iter();
            let digests = digests.flat_map(|digest| digest.to_be_bytes());
            beside.insert(EARLIER_REQUESTS.into(), Value::Binary(digests.collect()));
        }
        if let Some(time_to_live) = &self.time_to_live {
            let at = seconds_since_1970().saturating_add(time_to_live.after.as_secs());
            let at = Value::Number(Number::from(at));
            beside.insert(time_to_live.attribute.clone(), at);
        }
        let map = self.layout.attributes();
        let bytes = size_in_bytes(&beside) + map.len() + size_of_map(save.attributes);
        let mut stored: HashMap<_, _> = beside
            .iter()
            .map(|(name, value)| (name.clone(), attribute_of(value)))
            .collect();
        stored.insert(map.into(), map_of(save.attributes));
        (stored, bytes)
    }

    pub(super) fn condition(&self, read: &Item) -> Condition {
        let names = |names: &[(&str, &str)]| {
            names
                .iter()
                .map(|(alias, name)| (alias.to_string(), name.to_string()))
                .collect()
        };
        match &read.revision {
            Revision::Absent => Condition {
                expression: "attribute_not_exists(#key)",
                names: names(&[("#key", self.layout.partition_key())]),
                values: None,
            },
            Revision::Version(Version {
                number, request_id, ..
            }) if request_id.is_empty() => Condition {
                expression: "#version = :version AND attribute_not_exists(#request)",
                names: names(&[("#version", VERSION), ("#request", REQUEST_ID)]),
                values: Some(HashMap::from([(
                    ":version".into(),
                    AttributeValue::N(number.to_string()),
                )])),
            },
            Revision::Version(Version {
                number, request_id, ..
            }) => Condition {
                expression: "#version = :version AND #request = :request",
                names: names(&[("#version", VERSION), ("#request", REQUEST_ID)]),
                values: Some(HashMap::from([
                    (":version".into(), AttributeValue::N(number.to_string())),
                    (":request".into(), AttributeValue::S(request_id.clone())),
                ])),
            },
            // Without a version, the attributes themselves tell whether they are still the same.
            Revision::Unversioned { attributes, .. } => Condition {
                expression: match attributes.is_empty() {
                    true => {
                        "attribute_exists(#key) AND attribute_not_exists(#version) AND \
                         (attribute_not_exists(#attributes) OR #attributes = :read)"
                    }
                    false => {
                        "attribute_exists(#key) AND attribute_not_exists(#version) AND \
                         #attributes = :read"
                    }
                },
                names: names(&[
                    ("#key", self.layout.partition_key()),
                    ("#version", VERSION),
                    ("#attributes", self.layout.attributes()),
                ]),
                values: Some(HashMap::from([(":read".into(), map_of(attributes))])),
            },
        }
    }
}

/// A clock before 1970 expires nothing.
fn seconds_since_1970() -> u64 {
    crate::clock::since_1970().as_secs()
}

fn map_of(attributes: &Attributes) -> AttributeValue {
    let entries = attributes
        .iter()
        .map(|(name, value)| (name.clone(), attribute_of(value)));
    AttributeValue::M(entries.collect())
}

fn attribute_of(value: &Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(flag) => AttributeValue::Bool(*flag),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(text) => AttributeValue::S(text.clone()),
        Value::Binary(bytes) => AttributeValue::B(Blob::new(bytes.clone())),
        Value::List(values) => AttributeValue::L(values.iter().map(attribute_of).collect()),
        Value::Map(attributes) => map_of(attributes),
        Value::StringSet(set) => AttributeValue::Ss(set.clone()),
        Value::NumberSet(set) => AttributeValue::Ns(set.iter().map(Number::to_string).collect()),
        Value::BinarySet(set) => {
            AttributeValue::Bs(set.iter().map(|bytes| Blob::new(bytes.clone())).collect())
        }
    }
}

/// `None` for a type that this version of the AWS SDK does not know: it could not be written back.
fn value_of(attribute: AttributeValue) -> Option<Value> {
    Some(match attribute {
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::Bool(flag) => Value::Bool(flag),
        AttributeValue::N(digits) => Value::Number(Number::as_stored(digits)),
        AttributeValue::S(text) => Value::String(text),
        AttributeValue::B(bytes) => Value::Binary(bytes.into_inner()),
        AttributeValue::L(values) => {
            Value::List(values.into_iter().map(value_of).collect::<Option<_>>()?)
        }
        AttributeValue::M(entries) => {
            let mut attributes = Attributes::new();
            for (name, value) in entries {
                attributes.insert(name, value_of(value)?);
            }
            Value::Map(attributes)
        }
        AttributeValue::Ss(set) => Value::StringSet(set),
        AttributeValue::Ns(set) => {
            Value::NumberSet(set.into_iter().map(Number::as_stored).collect())
        }
        AttributeValue::Bs(set) => {
            Value::BinarySet(set.into_iter().map(Blob::into_inner).collect())
        }
        _ => return None,
    })
}
