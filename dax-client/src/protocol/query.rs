//! Query: a page of the items that share a partition key.

use super::options::{Flag, Options};
use super::page::Page;
use super::request::{Message, Method, Request};
use crate::error::{DecodeError, Error};
use crate::expression::Condition;
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueryRequest {
    pub(crate) table: String,
    pub(crate) key_condition: Option<Condition>,
    pub(crate) options: Options,
}

impl Request for QueryRequest {
    const METHOD: Method = Method {
        number: -931_250_863,
        arguments: 3,
        reply: 1,
        writes: false,
    };

    type Reply = Page;
}

impl Message for QueryRequest {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.bytes(self.table.as_bytes());
        match &self.key_condition {
            Some(condition) => writer.bytes(&condition.encode()?),
            None => writer.null(),
        }
        self.options.write(writer, Flag::Int)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(QueryRequest {
            table: reader.text_or_bytes()?,
            key_condition: match reader.null()? {
                true => None,
                false => Some(Condition::decode(&reader.bytes()?)?),
            },
            options: Options::read(reader)?,
        })
    }
}
