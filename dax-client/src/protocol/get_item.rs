//! GetItem: one item, by its key.

use super::body::{self, field};
use super::consumed_capacity::ConsumedCapacity;
use super::options::{Flag, Options};
use super::request::{Message, Method, Request};
use super::stored_item::StoredItem;
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GetItemRequest {
    pub(crate) table: String,
    pub(crate) key: Vec<u8>,
    pub(crate) options: Options,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct GetItemReply {
    pub(crate) item: Option<StoredItem>,
    pub(crate) consumed_capacity: Option<ConsumedCapacity>,
}

impl Request for GetItemRequest {
    const METHOD: Method = Method::reads(263_244_906, 3);
    type Reply = GetItemReply;
}

impl Message for GetItemRequest {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.bytes(self.table.as_bytes());
        writer.bytes(&self.key);
        self.options.write(writer, Flag::Bool)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(GetItemRequest {
            table: reader.text_or_bytes()?,
            key: reader.owned_bytes()?,
            options: Options::read(reader)?,
        })
    }
}

impl Message for GetItemReply {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.begin_map();
        if let Some(item) = &self.item {
            writer.int(field::ITEM);
            item.write(writer)?;
        }
        ConsumedCapacity::write_field(self.consumed_capacity.as_ref(), writer)?;
        writer.end();
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut reply = GetItemReply::default();
        body::read(reader, |field, reader| {
            match field {
                field::ITEM => reply.item = StoredItem::read(reader)?,
                field::CONSUMED_CAPACITY => {
                    reply.consumed_capacity = ConsumedCapacity::read(reader)?;
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(reply)
    }
}
