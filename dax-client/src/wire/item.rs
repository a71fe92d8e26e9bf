//! Attribute values and the items made of them.
//!
//! An item's values travel without their names: a number stands for the sorted list of names that
//! both sides agreed on before, and the values follow one after the other.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use minicbor::data::Type;

use super::cbor::{Reader, Writer};
use super::decimal;
use super::key::KeySchema;
use crate::error::Error;

/// An item as the AWS SDK has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The id of the list of attribute names that is empty.
pub(crate) const NO_ATTRIBUTES: i64 = 1;

const STRING_SET: u64 = 3321;
const NUMBER_SET: u64 = 3322;
const BINARY_SET: u64 = 3323;

/// DynamoDB nests 32 deep.
const DEEPEST: usize = 40;

/// Writes one value.
pub(crate) fn write_value(writer: &mut Writer, value: &AttributeValue) -> Result<(), Error> {
    write_nested(writer, value, 0)
}

fn write_nested(writer: &mut Writer, value: &AttributeValue, depth: usize) -> Result<(), Error> {
    if depth > DEEPEST {
        return Err(Error::Invalid(
            "nesting levels have exceeded supported limits".into(),
        ));
    }
    match value {
        AttributeValue::S(text) => writer.text(text),
        AttributeValue::N(number) => decimal::write(writer, number)?,
        AttributeValue::B(bytes) => writer.bytes(bytes.as_ref()),
        AttributeValue::Bool(value) => writer.bool(*value),
        AttributeValue::Null(_) => writer.null(),
        AttributeValue::L(values) => {
            writer.array(values.len());
            for value in values {
                write_nested(writer, value, depth + 1)?;
            }
        }
        AttributeValue::M(entries) => {
            // Sorted, so that equal items have equal bytes.
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_unstable_by_key(|(name, _)| *name);
            writer.map(entries.len());
            for (name, value) in entries {
                writer.text(name);
                write_nested(writer, value, depth + 1)?;
            }
        }
        AttributeValue::Ss(set) => {
            begin_set(writer, STRING_SET, set.len());
            set.iter().for_each(|text| writer.text(text));
        }
        AttributeValue::Ns(set) => {
            begin_set(writer, NUMBER_SET, set.len());
            for number in set {
                decimal::write(writer, number)?;
            }
        }
        AttributeValue::Bs(set) => {
            begin_set(writer, BINARY_SET, set.len());
            set.iter().for_each(|bytes| writer.bytes(bytes.as_ref()));
        }
        _ => {
            return Err(Error::Invalid(
                "an attribute value of a type unknown here".into(),
            ));
        }
    }
    Ok(())
}

fn begin_set(writer: &mut Writer, tag: u64, length: usize) {
    writer.tag(tag);
    writer.array(length);
}

/// Reads one value.
pub(crate) fn read_value(reader: &mut Reader<'_>) -> Result<AttributeValue, Error> {
    read_nested(reader, 0)
}

fn read_nested(reader: &mut Reader<'_>, depth: usize) -> Result<AttributeValue, Error> {
    if depth > DEEPEST {
        return Err(Error::Malformed("an item nests too deep"));
    }
    Ok(match reader.peek()? {
        Type::String | Type::StringIndef => AttributeValue::S(reader.text()?.into_owned()),
        Type::Bytes | Type::BytesIndef => {
            AttributeValue::B(Blob::new(reader.bytes()?.into_owned()))
        }
        Type::Bool => AttributeValue::Bool(reader.bool()?),
        Type::Null => {
            reader.null()?;
            AttributeValue::Null(true)
        }
        Type::Array | Type::ArrayIndef => {
            AttributeValue::L(reader.array(|reader| read_nested(reader, depth + 1))?)
        }
        Type::Map | Type::MapIndef => {
            let mut entries = HashMap::new();
            reader.map(|reader| {
                let name = reader.text()?.into_owned();
                entries.insert(name, read_nested(reader, depth + 1)?);
                Ok(())
            })?;
            AttributeValue::M(entries)
        }
        Type::Tag => match reader.tag()? {
            STRING_SET => {
                AttributeValue::Ss(reader.array(|reader| Ok(reader.text()?.into_owned()))?)
            }
            NUMBER_SET => AttributeValue::Ns(reader.array(decimal::read)?),
            BINARY_SET => AttributeValue::Bs(
                reader.array(|reader| Ok(Blob::new(reader.bytes()?.into_owned())))?,
            ),
            tag => AttributeValue::N(decimal::read_tagged(reader, tag)?),
        },
        kind if decimal::is_number(kind) => AttributeValue::N(decimal::read(reader)?),
        _ => return Err(Error::Malformed("a value that is no attribute value")),
    })
}

/// The names of an item's attributes that are not part of its key, sorted.
pub(crate) fn attribute_names(item: &Item, schema: &KeySchema) -> Vec<String> {
    let mut names: Vec<String> = item
        .keys()
        .filter(|name| !schema.contains(name))
        .cloned()
        .collect();
    names.sort_unstable();
    names
}

/// Writes an item's values in the order of `names`, for which `list_id` stands.
pub(crate) fn write_values(item: &Item, names: &[String], list_id: i64) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new();
    writer.int(list_id);
    for value in names.iter().filter_map(|name| item.get(name)) {
        write_value(&mut writer, value)?;
    }
    Ok(writer.into_bytes())
}

/// The id of the list of names under which values are written.
pub(crate) fn list_id(values: &[u8]) -> Result<i64, Error> {
    Reader::new(values).int()
}

/// Puts values and names together.
pub(crate) fn read_values(values: &[u8], names: &[String]) -> Result<Item, Error> {
    let mut reader = Reader::new(values);
    reader.int()?;
    let mut item = Item::new();
    for name in names {
        item.insert(name.clone(), read_value(&mut reader)?);
    }
    if !reader.is_at_end() {
        return Err(Error::Malformed("an item has more values than names"));
    }
    Ok(item)
}

/// Puts some of an item's values and their names together: the changed ones of an update, each
/// with its place in the list of names.
pub(crate) fn read_some_values(values: &[u8], names: &[String]) -> Result<Item, Error> {
    let mut reader = Reader::new(values);
    reader.int()?;
    let mut item = Item::new();
    reader.map(|reader| {
        let place = usize::try_from(reader.int()?).ok();
        let name = place.and_then(|place| names.get(place));
        let name = name.ok_or(Error::Malformed("a value without a name"))?;
        item.insert(name.clone(), read_value(reader)?);
        Ok(())
    })?;
    Ok(item)
}
