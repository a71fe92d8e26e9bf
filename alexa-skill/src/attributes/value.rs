//! A value as DynamoDB's tables hold it.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Attributes, Number, NumberError};

/// One attribute value, in DynamoDB's own types.
///
/// Unlike JSON it has exact numbers, binary and sets, so that what another SDK stored survives a
/// rewrite. As a field of a struct of your own, though, it passes through serde, which has no sets
/// and no decimals: use [`Number`] where every digit of a decimal counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `NULL`; the Node.js SDK v2 also writes it for an empty string.
    Null,
    /// `BOOL`.
    Bool(bool),
    /// `N`.
    Number(Number),
    /// `S`; may be empty.
    String(String),
    /// `B`.
    Binary(Vec<u8>),
    /// `L`.
    List(Vec<Value>),
    /// `M`.
    Map(Attributes),
    /// `SS`; DynamoDB refuses an empty set.
    StringSet(Vec<String>),
    /// `NS`.
    NumberSet(Vec<Number>),
    /// `BS`.
    BinarySet(Vec<Vec<u8>>),
}

impl Value {
    /// DynamoDB's name of the value's type, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "NULL",
            Value::Bool(_) => "BOOL",
            Value::Number(_) => "N",
            Value::String(_) => "S",
            Value::Binary(_) => "B",
            Value::List(_) => "L",
            Value::Map(_) => "M",
            Value::StringSet(_) => "SS",
            Value::NumberSet(_) => "NS",
            Value::BinarySet(_) => "BS",
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Self {
        Value::Number(integer.into())
    }
}

impl TryFrom<f64> for Value {
    type Error = NumberError;

    fn try_from(float: f64) -> Result<Self, NumberError> {
        Number::try_from(float).map(Value::Number)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Number(number) => serialize_number(number, serializer),
            Value::String(text) => serializer.serialize_str(text),
            Value::Binary(bytes) => serializer.serialize_bytes(bytes),
            Value::List(values) => serializer.collect_seq(values),
            Value::Map(attributes) => {
                let mut map = serializer.serialize_map(Some(attributes.len()))?;
                for (name, value) in attributes {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
            Value::StringSet(set) => serializer.collect_seq(set),
            Value::NumberSet(set) => serializer.collect_seq(set.iter().cloned().map(Value::Number)),
            Value::BinarySet(set) => serializer.collect_seq(set.iter().cloned().map(Value::Binary)),
        }
    }
}

/// Formats other than DynamoDB's get the nearest number that they have.
fn serialize_number<S: Serializer>(number: &Number, serializer: S) -> Result<S::Ok, S::Error> {
    if let Some(integer) = number.integer() {
        serializer.serialize_i64(integer)
    } else if let Some(integer) = number.integer() {
        serializer.serialize_u64(integer)
    } else if let Some(integer) = number.integer() {
        serializer.serialize_i128(integer)
    } else {
        match number.float() {
            Some(float) => serializer.serialize_f64(float),
            None => number.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValueVisitor;

        impl<'de> Visitor<'de> for ValueVisitor {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a value that DynamoDB can hold")
            }
            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }
            fn visit_none<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }
            fn visit_some<D: Deserializer<'de>>(self, some: D) -> Result<Value, D::Error> {
                Value::deserialize(some)
            }
            fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
                Ok(flag.into())
            }
            fn visit_i64<E>(self, integer: i64) -> Result<Value, E> {
                Ok(Value::Number(integer.into()))
            }
            fn visit_u64<E>(self, integer: u64) -> Result<Value, E> {
                Ok(Value::Number(integer.into()))
            }
            fn visit_i128<E: de::Error>(self, integer: i128) -> Result<Value, E> {
                integer.try_into().map(Value::Number).map_err(E::custom)
            }
            fn visit_u128<E: de::Error>(self, integer: u128) -> Result<Value, E> {
                integer.try_into().map(Value::Number).map_err(E::custom)
            }
            fn visit_f64<E: de::Error>(self, float: f64) -> Result<Value, E> {
                float.try_into().map_err(E::custom)
            }
            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(text.into())
            }
            fn visit_string<E>(self, text: String) -> Result<Value, E> {
                Ok(text.into())
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Value, E> {
                Ok(Value::Binary(bytes.into()))
            }
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Value, E> {
                Ok(Value::Binary(bytes))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element()? {
                    values.push(value);
                }
                Ok(Value::List(values))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let mut attributes = Attributes::new();
                while let Some((name, value)) = map.next_entry()? {
                    attributes.insert(name, value);
                }
                Ok(Value::Map(attributes))
            }
        }
        deserializer.deserialize_any(ValueVisitor)
    }
}
