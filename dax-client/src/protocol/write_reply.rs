//! The reply to PutItem, UpdateItem and DeleteItem.

use super::body::{self, field};
use super::consumed_capacity::ConsumedCapacity;
use super::request::Message;
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct WriteReply {
    /// What the request's `ReturnValues` asked for: the values of an item, or only the changed
    /// ones.
    pub(crate) attributes: Option<Vec<u8>>,
    pub(crate) consumed_capacity: Option<ConsumedCapacity>,
}

impl Message for WriteReply {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.begin_map();
        ConsumedCapacity::write_field(self.consumed_capacity.as_ref(), writer)?;
        if let Some(attributes) = &self.attributes {
            writer.int(field::ATTRIBUTES);
            writer.bytes(attributes);
        }
        writer.end();
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut reply = WriteReply::default();
        body::read(reader, |field, reader| {
            match field {
                field::CONSUMED_CAPACITY => {
                    reply.consumed_capacity = ConsumedCapacity::read(reader)?;
                }
                field::ATTRIBUTES => reply.attributes = reader.optional(Reader::owned_bytes)?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(reply)
    }
}
