//! PutItem: writes one whole item.

use super::options::{Flag, Options};
use super::request::{Message, Method, Request};
use super::write_reply::WriteReply;
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PutItemRequest {
    pub(crate) table: String,
    pub(crate) key: Vec<u8>,
    /// All but the key, as [`item`](crate::wire::item) writes it.
    pub(crate) values: Vec<u8>,
    pub(crate) options: Options,
}

impl Request for PutItemRequest {
    const METHOD: Method = Method::writes(-2_106_490_455, 4);
    type Reply = WriteReply;
}

impl Message for PutItemRequest {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.bytes(self.table.as_bytes());
        writer.bytes(&self.key);
        writer.bytes(&self.values);
        self.options.write(writer, Flag::Bool)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(PutItemRequest {
            table: reader.text_or_bytes()?,
            key: reader.owned_bytes()?,
            values: reader.owned_bytes()?,
            options: Options::read(reader)?,
        })
    }
}
