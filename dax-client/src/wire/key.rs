//! A table's key, and the bytes that stand for one item's.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

use super::cbor::{Reader, Writer};
use super::decimal::{self, Decimal};
use super::sortable;
use super::value::{self, Item};
use crate::error::{DecodeError, Error};

/// The names and types of a table's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeySchema {
    pub(crate) partition: KeyAttribute,
    pub(crate) sort: Option<KeyAttribute>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyAttribute {
    pub(crate) name: String,
    pub(crate) kind: KeyType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyType {
    S,
    N,
    B,
}

impl KeyType {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            KeyType::S => "S",
            KeyType::N => "N",
            KeyType::B => "B",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<KeyType, DecodeError> {
        match text {
            "S" => Ok(KeyType::S),
            "N" => Ok(KeyType::N),
            "B" => Ok(KeyType::B),
            _ => Err(DecodeError("a key is of no type that keys have")),
        }
    }
}

impl KeySchema {
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.attributes().any(|attribute| attribute.name == name)
    }

    pub(crate) fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.partition).chain(&self.sort)
    }

    /// The bytes of a key that has these attributes and no others.
    pub(crate) fn encode(&self, key: &Item) -> Result<Vec<u8>, Error> {
        if key.len() != self.attributes().count() {
            return Err(mismatch());
        }
        self.encode_of(key)
    }

    /// The bytes of the key of an item.
    pub(crate) fn encode_of(&self, item: &Item) -> Result<Vec<u8>, Error> {
        let partition = part(item, &self.partition)?;
        let Some(sort) = &self.sort else {
            return match partition {
                AttributeValue::N(number) => number_bytes(number),
                other => Ok(raw(other)?.to_vec()),
            };
        };
        let mut writer = Writer::new();
        value::write(&mut writer, partition)?;
        match part(item, sort)? {
            AttributeValue::N(number) => writer.raw(&sortable::encode(Decimal::parse(number)?)),
            other => writer.raw(raw(other)?),
        }
        Ok(writer.into_bytes())
    }

    /// The key that the bytes stand for.
    pub(crate) fn decode(&self, bytes: &[u8]) -> Result<Item, DecodeError> {
        let mut reader = Reader::new(bytes);
        let mut key = Item::new();
        let (partition, rest) = match (&self.sort, self.partition.kind) {
            (None, KeyType::S | KeyType::B) => (unraw(bytes, self.partition.kind)?, &[][..]),
            (None, KeyType::N) => (AttributeValue::N(decimal::read(&mut reader)?), &[][..]),
            (Some(_), _) => (value::read(&mut reader)?, reader.rest()),
        };
        if !is_of(&partition, self.partition.kind) {
            return Err(DecodeError("a key is of another type than its table's"));
        }
        key.insert(self.partition.name.clone(), partition);
        if let Some(sort) = &self.sort {
            let value = match sort.kind {
                KeyType::N => AttributeValue::N(sortable::decode(rest)?.to_plain()?),
                kind => unraw(rest, kind)?,
            };
            key.insert(sort.name.clone(), value);
        }
        Ok(key)
    }
}

fn mismatch() -> Error {
    Error::Invalid("The provided key element does not match the schema".into())
}

fn part<'a>(item: &'a Item, attribute: &KeyAttribute) -> Result<&'a AttributeValue, Error> {
    let value = item.get(&attribute.name).ok_or_else(mismatch)?;
    if is_of(value, attribute.kind) {
        Ok(value)
    } else {
        Err(mismatch())
    }
}

fn is_of(value: &AttributeValue, kind: KeyType) -> bool {
    matches!(
        (kind, value),
        (KeyType::S, AttributeValue::S(_))
            | (KeyType::N, AttributeValue::N(_))
            | (KeyType::B, AttributeValue::B(_))
    )
}

fn number_bytes(number: &str) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new();
    decimal::write(&mut writer, number)?;
    Ok(writer.into_bytes())
}

fn raw(value: &AttributeValue) -> Result<&[u8], Error> {
    match value {
        AttributeValue::S(text) => Ok(text.as_bytes()),
        AttributeValue::B(bytes) => Ok(bytes.as_ref()),
        _ => Err(mismatch()),
    }
}

fn unraw(bytes: &[u8], kind: KeyType) -> Result<AttributeValue, DecodeError> {
    if kind == KeyType::B {
        return Ok(AttributeValue::B(Blob::new(bytes)));
    }
    let text = String::from_utf8(bytes.to_vec());
    text.map(AttributeValue::S)
        .map_err(|_| DecodeError("a key is not UTF-8"))
}

/// The bytes of a key of an index. Its attributes are named, because the schema is the table's.
pub(crate) fn encode_index_key(key: &Item) -> Result<Vec<u8>, Error> {
    let mut attributes: Vec<_> = key.iter().collect();
    attributes.sort_unstable_by_key(|(name, _)| *name);
    let mut writer = Writer::new();
    writer.begin_map();
    for (name, value) in attributes {
        writer.text(name);
        value::write(&mut writer, value)?;
    }
    writer.end();
    Ok(writer.into_bytes())
}

/// The key of an index that the bytes stand for.
pub(crate) fn decode_index_key(bytes: &[u8]) -> Result<Item, DecodeError> {
    let mut key = Item::new();
    Reader::new(bytes).map(|reader| {
        key.insert(reader.text()?.into_owned(), value::read(reader)?);
        Ok(())
    })?;
    Ok(key)
}
