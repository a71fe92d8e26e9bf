//! UpdateItem: changes one item by an update expression.

use super::options::{Flag, Options};
use super::request::{Message, Method, Request};
use super::write_reply::WriteReply;
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UpdateItemRequest {
    pub(crate) table: String,
    pub(crate) key: Vec<u8>,
    pub(crate) options: Options,
}

impl Request for UpdateItemRequest {
    const METHOD: Method = Method::writes(1_425_579_023, 3);
    type Reply = WriteReply;
}

impl Message for UpdateItemRequest {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.bytes(self.table.as_bytes());
        writer.bytes(&self.key);
        self.options.write(writer, Flag::Bool)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(UpdateItemRequest {
            table: reader.text_or_bytes()?,
            key: reader.owned_bytes()?,
            options: Options::read(reader)?,
        })
    }
}
