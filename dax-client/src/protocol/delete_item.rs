//! DeleteItem: deletes one item, by its key.

use super::options::{Flag, Options};
use super::request::{Message, Method, Request};
use super::write_reply::WriteReply;
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DeleteItemRequest {
    pub(crate) table: String,
    pub(crate) key: Vec<u8>,
    pub(crate) options: Options,
}

impl Request for DeleteItemRequest {
    const METHOD: Method = Method::writes(1_013_539_361, 3);
    type Reply = WriteReply;
}

impl Message for DeleteItemRequest {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.bytes(self.table.as_bytes());
        writer.bytes(&self.key);
        self.options.write(writer, Flag::Bool)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(DeleteItemRequest {
            table: reader.text_or_bytes()?,
            key: reader.owned_bytes()?,
            options: Options::read(reader)?,
        })
    }
}
