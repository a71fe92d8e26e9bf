//! DefineKeySchema: the names and types of a table's key.

use super::request::{Message, Method, Request};
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};
use crate::wire::key::{KeyAttribute, KeySchema, KeyType};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DefineKeySchemaRequest {
    pub(crate) table: String,
}

impl Request for DefineKeySchemaRequest {
    const METHOD: Method = Method::reads(-742_646_399, 1);
    type Reply = KeySchema;
}

impl Message for DefineKeySchemaRequest {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.bytes(self.table.as_bytes());
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(DefineKeySchemaRequest {
            table: reader.text_or_bytes()?,
        })
    }
}

impl Message for KeySchema {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.map(self.attributes().count());
        for attribute in self.attributes() {
            writer.text(&attribute.name);
            writer.text(attribute.kind.as_str());
        }
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
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
            _ => Err(DecodeError("a table's key has no part, or more than two")),
        }
    }
}
