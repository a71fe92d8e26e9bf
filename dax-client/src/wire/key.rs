//! A table's key, and the bytes that stand for one item's.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

use super::cbor::{Reader, Writer};
use super::decimal::{self, Decimal};
use super::item::{self, Item};
use super::sortable;
use crate::error::Error;

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
    fn as_str(self) -> &'static str {
        match self {
            KeyType::S => "S",
            KeyType::N => "N",
            KeyType::B => "B",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<KeyType, Error> {
        match text {
            "S" => Ok(KeyType::S),
            "N" => Ok(KeyType::N),
            "B" => Ok(KeyType::B),
            _ => Err(Error::Malformed("a key is of no type that keys have")),
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

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.map(self.attributes().count());
        for attribute in self.attributes() {
            writer.text(&attribute.name);
            writer.text(attribute.kind.as_str());
        }
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<KeySchema, Error> {
        let mut attributes = Vec::new();
        reader.map(|reader| {
            let name = reader.text()?.into_owned();
            let kind = KeyType::parse(&reader.text()?)?;
            attributes.push(KeyAttribute { name, kind });
            Ok(())
        })?;
        let mut attributes = attributes.into_iter();
        match (attributes.next(), attributes.next(), attributes.next()) {
            (Some(partition), sort, None) => Ok(KeySchema { partition, sort }),
            _ => Err(Error::Malformed(
                "a table's key has no part, or more than two",
            )),
        }
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
        item::write_value(&mut writer, partition)?;
        match part(item, sort)? {
            AttributeValue::N(number) => writer.raw(&sortable::encode(Decimal::parse(number)?)),
            other => writer.raw(raw(other)?),
        }
        Ok(writer.into_bytes())
    }

    /// The key that the bytes stand for.
    pub(crate) fn decode(&self, bytes: &[u8]) -> Result<Item, Error> {
        let mut reader = Reader::new(bytes);
        let mut key = Item::new();
        let (partition, rest) = match (&self.sort, self.partition.kind) {
            (None, KeyType::S | KeyType::B) => (unraw(bytes, self.partition.kind)?, &[][..]),
            (None, KeyType::N) => (AttributeValue::N(decimal::read(&mut reader)?), &[][..]),
            (Some(_), _) => (item::read_value(&mut reader)?, reader.rest()),
        };
        if !is_of(&partition, self.partition.kind) {
            return Err(Error::Malformed(
                "a key is of another type than its table's",
            ));
        }
        key.insert(self.partition.name.clone(), partition);
        if let Some(sort) = &self.sort {
            let value = match sort.kind {
                KeyType::N => {
                    let decimal = sortable::decode(rest)?;
                    let mut writer = Writer::new();
                    let text = format!("{}e{}", decimal.mantissa, decimal.exponent);
                    decimal::write(&mut writer, &text)?;
                    let plain = decimal::read(&mut Reader::new(&writer.into_bytes()))?;
                    AttributeValue::N(plain)
                }
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

fn unraw(bytes: &[u8], kind: KeyType) -> Result<AttributeValue, Error> {
    if kind == KeyType::B {
        return Ok(AttributeValue::B(Blob::new(bytes)));
    }
    let text = String::from_utf8(bytes.to_vec());
    text.map(AttributeValue::S)
        .map_err(|_| Error::Malformed("a key is not UTF-8"))
}

/// The bytes of a key of an index: names and values, as they are.
pub(crate) fn encode_named(key: &Item) -> Result<Vec<u8>, Error> {
    let mut attributes: Vec<_> = key.iter().collect();
    attributes.sort_unstable_by_key(|(name, _)| *name);
    let mut writer = Writer::new();
    writer.begin_map();
    for (name, value) in attributes {
        writer.text(name);
        item::write_value(&mut writer, value)?;
    }
    writer.end();
    Ok(writer.into_bytes())
}

/// The key of an index that the bytes stand for.
pub(crate) fn decode_named(bytes: &[u8]) -> Result<Item, Error> {
    let mut key = Item::new();
    Reader::new(bytes).map(|reader| {
        key.insert(reader.text()?.into_owned(), item::read_value(reader)?);
        Ok(())
    })?;
    Ok(key)
}
