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
    const METHOD: Method = Method::reads(-931_250_863, 3);
    type Reply = Page;
}

impl Message for QueryRequest {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.bytes(self.table.as_bytes());
        let condition = self.key_condition.as_ref().map(Condition::encode);
        writer.optional(condition.transpose()?.as_deref(), Writer::bytes);
        self.options.write(writer, Flag::Int)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(QueryRequest {
            table: reader.text_or_bytes()?,
            key_condition: reader.optional(|reader| Condition::decode(&reader.bytes()?))?,
            options: Options::read(reader)?,
        })
    }
}
