//! BatchGetItem: up to 100 items of one or more tables, by their keys.

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use super::consumed_capacity::ConsumedCapacity;
use super::options::{self, Options};
use super::request::{Message, Method, Request};
use super::stored_item::StoredItem;
use crate::error::{DecodeError, Error};
use crate::expression::Projection;
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BatchGetItemRequest {
    pub(crate) tables: Vec<TableReads>,
    pub(crate) consumed_capacity: Option<ReturnConsumedCapacity>,
}

/// What is read from one table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TableReads {
    pub(crate) table: String,
    pub(crate) consistent_read: bool,
    pub(crate) projection: Option<Projection>,
    pub(crate) keys: Vec<Vec<u8>>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct BatchGetItemReply {
    /// The items of each table.
    pub(crate) responses: Vec<(String, Vec<StoredItem>)>,
    /// The keys of each table whose items were not read.
    pub(crate) unprocessed: Vec<(String, Vec<Vec<u8>>)>,
    pub(crate) consumed_capacity: Vec<ConsumedCapacity>,
}

impl Request for BatchGetItemRequest {
    // Amazon's clients read this reply as an array of two values and one more value after the array.
    const METHOD: Method = Method::reads(-697_851_100, 2).with_reply(2);
    type Reply = BatchGetItemReply;
}

impl Message for BatchGetItemRequest {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.map(self.tables.len());
        self.tables.iter().for_each(|table| table.write(writer));
        options::write_of_batch(writer, self.consumed_capacity.as_ref())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut tables = Vec::new();
        reader.map(|reader| {
            tables.push(TableReads::read(reader)?);
            Ok(())
        })?;
        Ok(BatchGetItemRequest {
            tables,
            consumed_capacity: Options::read(reader)?.consumed_capacity,
        })
    }
}

impl TableReads {
    fn write(&self, writer: &mut Writer) {
        writer.text(&self.table);
        writer.array(3);
        writer.bool(self.consistent_read);
        let projection = self.projection.as_ref().map(Projection::encode);
        writer.optional(projection.as_deref(), Writer::bytes);
        writer.array(self.keys.len());
        self.keys.iter().for_each(|key| writer.bytes(key));
    }

    fn read(reader: &mut Reader<'_>) -> Result<TableReads, DecodeError> {
        let table = reader.text_or_bytes()?;
        reader.array_of(3)?;
        Ok(TableReads {
            table,
            consistent_read: reader.bool()?,
            projection: reader.optional(|reader| Projection::decode(&reader.bytes()?))?,
            keys: reader.array(Reader::owned_bytes)?,
        })
    }
}

impl Message for BatchGetItemReply {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.array(2);
        writer.map(self.responses.len());
        for (table, items) in &self.responses {
            writer.text(table);
            write_items(items, writer)?;
        }
        writer.map(self.unprocessed.len());
        for (table, keys) in &self.unprocessed {
            writer.text(table);
            writer.array(keys.len());
            keys.iter().for_each(|key| writer.bytes(key));
        }
        ConsumedCapacity::write_list(&self.consumed_capacity, writer)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut reply = BatchGetItemReply::default();
        reader.array_of(2)?;
        reader.map(|reader| {
            let table = reader.text()?.into_owned();
            reply.responses.push((table, read_items(reader)?));
            Ok(())
        })?;
        reader.map(|reader| {
            let table = reader.text()?.into_owned();
            let keys = reader.array(Reader::owned_bytes)?;
            reply.unprocessed.push((table, keys));
            Ok(())
        })?;
        reply.consumed_capacity = ConsumedCapacity::read_list(reader)?;
        Ok(reply)
    }
}

/// Writes a table's items: keys and values in turn, or what the projection found.
fn write_items(items: &[StoredItem], writer: &mut Writer) -> Result<(), Error> {
    let is_keyed = |item: &&StoredItem| matches!(item, StoredItem::Keyed { .. });
    writer.array(items.len() + items.iter().filter(is_keyed).count());
    for item in items {
        match item {
            StoredItem::Keyed { key, values } => {
                writer.bytes(key);
                writer.bytes(values);
            }
            other => other.write(writer)?,
        }
    }
    Ok(())
}

fn read_items(reader: &mut Reader<'_>) -> Result<Vec<StoredItem>, DecodeError> {
    let mut items = Vec::new();
    let mut key: Option<Vec<u8>> = None;
    reader.array(|reader| {
        match (key.take(), StoredItem::read(reader)?) {
            (None, Some(StoredItem::Values(bytes))) => key = Some(bytes),
            (Some(key), Some(StoredItem::Values(values))) => {
                items.push(StoredItem::Keyed { key, values });
            }
            (None, Some(projected)) => items.push(projected),
            (None, None) => {}
            (Some(_), _) => return Err(DecodeError("a key without values")),
        }
        Ok(())
    })?;
    Ok(items)
}
