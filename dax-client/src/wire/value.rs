//! Attribute values, as they go over the wire.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use minicbor::data::Type;

use super::cbor::{Reader, Writer};
use super::decimal;
use crate::error::{DecodeError, Error};

/// An item as the AWS SDK has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

const STRING_SET: u64 = 3321;
const NUMBER_SET: u64 = 3322;
const BINARY_SET: u64 = 3323;

/// DynamoDB nests 32 deep.
const DEEPEST: usize = 40;

/// Writes one value.
pub(crate) fn write(writer: &mut Writer, value: &AttributeValue) -> Result<(), Error> {
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
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<AttributeValue, DecodeError> {
    read_nested(reader, 0)
}

fn read_nested(reader: &mut Reader<'_>, depth: usize) -> Result<AttributeValue, DecodeError> {
    if depth > DEEPEST {
        return Err(DecodeError("an item nests too deep"));
    }
    Ok(match reader.peek()? {
        Type::String | Type::StringIndef => AttributeValue::S(reader.text()?.into_owned()),
        Type::Bytes | Type::BytesIndef => AttributeValue::B(Blob::new(reader.owned_bytes()?)),
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
            BINARY_SET => {
                AttributeValue::Bs(reader.array(|reader| Ok(Blob::new(reader.owned_bytes()?)))?)
            }
            tag => AttributeValue::N(decimal::read_tagged(reader, tag)?),
        },
        kind if decimal::is_number(kind) => AttributeValue::N(decimal::read(reader)?),
        _ => return Err(DecodeError("a value that is no attribute value")),
    })
}
