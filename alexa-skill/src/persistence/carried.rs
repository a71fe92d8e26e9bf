//! An item as a text that travels in a session's attributes.
//!
//! What comes back comes from outside. A text that is not whole, or that belongs to another item,
//! store or version of this library, reads as none.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::revision::digest;
use super::{Item, Key, Revision, Version};
use crate::attributes::{Attributes, Number, Value};

/// Changes with everything that this module writes.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Carried {
    format: u32,
    owner: String,
    revision: Written,
    attributes: Map<String, Json>,
    others: Map<String, Json>,
}

/// A [`Revision`]. The history travels as well: a write that left it out would leave other turns
/// in doubt about their lost answers.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum Written {
    Absent,
    /// The attributes that were read are those that travel.
    Unversioned {
        tag: Option<String>,
    },
    Version {
        number: u64,
        request: String,
        earlier: String,
        tag: Option<String>,
    },
}

/// The item as a text, if it has one of at most `limit` bytes in a JSON document.
pub(crate) fn write(item: &Item, store: &str, key: &Key, limit: usize) -> Option<String> {
    let revision = match &item.revision {
        Revision::Absent => Written::Absent,
        Revision::Unversioned { attributes, tag } if *attributes == item.attributes => {
            let tag = tag.clone();
            Written::Unversioned { tag }
        }
        Revision::Unversioned { .. } => return None,
        Revision::Version(version) => Written::Version {
            number: version.number,
            request: version.request_id.clone(),
            earlier: hex(version
                .earlier
                .iter()
                .flat_map(|digest| digest.to_be_bytes())),
            tag: version.tag.clone(),
        },
    };
    let carried = Carried {
        format: FORMAT,
        owner: owner(store, key),
        revision,
        attributes: json_of_map(&item.attributes)?,
        others: json_of_map(&item.others)?,
    };
    let text = serde_json::to_string(&carried).ok()?;
    let escaped = serde_json::to_string(&text).ok()?;
    (escaped.len() <= limit).then_some(text)
}

/// The item that `text` holds, if it is the one under `key` in the store `store`.
pub(crate) fn read(text: &str, store: &str, key: &Key) -> Option<Item> {
    let carried: Carried = serde_json::from_slice(text.as_bytes()).ok()?;
    if carried.format != FORMAT || carried.owner != owner(store, key) {
        return None;
    }
    let attributes = map_of(carried.attributes)?;
    let revision = match carried.revision {
        Written::Absent => Revision::Absent,
        Written::Unversioned { tag } => Revision::Unversioned {
            attributes: attributes.clone(),
            tag,
        },
        Written::Version {
            number,
            request,
            earlier,
            tag,
        } => {
            let bytes = bytes_of(&earlier)?;
            let (digests, rest) = bytes.as_chunks();
            let earlier = digests.iter().map(|digest| u64::from_be_bytes(*digest));
            Revision::Version(Version {
                number,
                request_id: request,
                earlier: rest.is_empty().then(|| earlier.collect())?,
                tag,
            })
        }
    };
    Some(Item {
        attributes,
        others: map_of(carried.others)?,
        revision,
    })
}

/// Tells items apart that could be taken for each other by accident. It keeps no secret: whoever can
/// forge a request can forge this.
fn owner(store: &str, key: &Key) -> String {
    format!("{:016x}", digest(&format!("{store:?} {}", key.expose())))
}

fn json_of_map(attributes: &Attributes) -> Option<Map<String, Json>> {
    let mut entries = Map::new();
    for (name, value) in attributes {
        entries.insert(name.clone(), json_of(value)?);
    }
    Some(entries)
}

/// What JSON has stands for itself, and everything else in an object under the name that DynamoDB
/// has for its type. `None` for a number that [`value_of`] would refuse, as S3 may hold.
fn json_of(value: &Value) -> Option<Json> {
    let digits = |number: &Number| {
        number
            .as_str()
            .parse::<Number>()
            .ok()
            .map(|_| number.as_str().to_owned())
    };
    Some(match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => json!(flag),
        Value::String(text) => json!(text),
        Value::List(values) => values.iter().map(json_of).collect::<Option<_>>()?,
        Value::Number(number) => match number.as_str().parse::<i64>() {
            Ok(integer) if integer.to_string() == number.as_str() => json!(integer),
            _ => json!({ "N": digits(number)? }),
        },
        Value::Binary(bytes) => json!({ "B": hex(bytes.iter().copied()) }),
        Value::Map(attributes) => json!({ "M": json_of_map(attributes)? }),
        Value::StringSet(set) => json!({ "SS": set }),
        Value::NumberSet(set) => {
            json!({ "NS": set.iter().map(digits).collect::<Option<Vec<_>>>()? })
        }
        Value::BinarySet(set) => {
            let set = set.iter().map(|bytes| hex(bytes.iter().copied()));
            json!({ "BS": set.collect::<Vec<_>>() })
        }
    })
}

fn map_of(entries: Map<String, Json>) -> Option<Attributes> {
    let mut attributes = Attributes::new();
    for (name, json) in entries {
        attributes.insert(name, value_of(json)?);
    }
    Some(attributes)
}

fn value_of(json: Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(flag),
        Json::String(text) => Value::String(text),
        Json::Number(number) => Value::from(number.as_i64()?),
        Json::Array(values) => {
            Value::List(values.into_iter().map(value_of).collect::<Option<_>>()?)
        }
        Json::Object(entries) => {
            let mut entries = entries.into_iter();
            match (entries.next()?, entries.next()) {
                ((kind, value), None) => typed(&kind, value)?,
                _ => return None,
            }
        }
    })
}

fn typed(kind: &str, value: Json) -> Option<Value> {
    Some(match (kind, value) {
        ("N", Json::String(digits)) => Value::Number(digits.parse().ok()?),
        ("B", Json::String(digits)) => Value::Binary(bytes_of(&digits)?),
        ("M", Json::Object(entries)) => Value::Map(map_of(entries)?),
        ("SS", Json::Array(set)) => Value::StringSet(set_of(set, Some)?),
        ("NS", Json::Array(set)) => Value::NumberSet(set_of(set, |digits| digits.parse().ok())?),
        ("BS", Json::Array(set)) => Value::BinarySet(set_of(set, |digits| bytes_of(&digits))?),
        _ => return None,
    })
}

/// DynamoDB has no empty sets.
fn set_of<T>(set: Vec<Json>, element: impl Fn(String) -> Option<T>) -> Option<Vec<T>> {
    let elements = set.into_iter().map(|json| match json {
        Json::String(text) => element(text),
        _ => None,
    });
    let set: Vec<T> = elements.collect::<Option<_>>()?;
    (!set.is_empty()).then_some(set)
}

fn hex(bytes: impl Iterator<Item = u8>) -> String {
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()
    };
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

#[cfg(test)]
mod tests;
