//! BatchWriteItem: up to 25 puts and deletes in one or more tables.

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use super::consumed_capacity::ConsumedCapacity;
use super::options::{self, Options};
use super::request::{Message, Method, Request};
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BatchWriteItemRequest {
    pub(crate) tables: Vec<TableWrites>,
    pub(crate) consumed_capacity: Option<ReturnConsumedCapacity>,
}

/// What is written into one table: keys, with values to put or without to delete.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TableWrites {
    pub(crate) table: String,
    pub(crate) writes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct BatchWriteItemReply {
    /// What was not written.
    pub(crate) unprocessed: Vec<TableWrites>,
    pub(crate) consumed_capacity: Vec<ConsumedCapacity>,
}

impl Request for BatchWriteItemRequest {
    const METHOD: Method = Method::writes(116_217_951, 2).with_reply(3);
    type Reply = BatchWriteItemReply;
}

impl Message for BatchWriteItemRequest {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        TableWrites::write_all(&self.tables, writer);
        options::write_of_batch(writer, self.consumed_capacity.as_ref())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(BatchWriteItemRequest {
            tables: TableWrites::read_all(reader)?,
            consumed_capacity: Options::read(reader)?.consumed_capacity,
        })
    }
}

impl Message for BatchWriteItemReply {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        TableWrites::write_all(&self.unprocessed, writer);
        ConsumedCapacity::write_list(&self.consumed_capacity, writer)?;
        // The sizes of item collections, which are never asked for here.
        writer.map(0);
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let reply = BatchWriteItemReply {
            unprocessed: TableWrites::read_all(reader)?,
            consumed_capacity: ConsumedCapacity::read_list(reader)?,
        };
        reader.skip()?;
        Ok(reply)
    }
}

impl TableWrites {
    fn write_all(tables: &[TableWrites], writer: &mut Writer) {
        writer.map(tables.len());
        for TableWrites { table, writes } in tables {
            writer.text(table);
            writer.array(2 * writes.len());
            for (key, values) in writes {
                writer.bytes(key);
                writer.optional(values.as_deref(), Writer::bytes);
            }
        }
    }

    fn read_all(reader: &mut Reader<'_>) -> Result<Vec<TableWrites>, DecodeError> {
        let mut tables = Vec::new();
        reader.map(|reader| {
            let table = reader.text_or_bytes()?;
            let mut writes = Vec::new();
            let mut key = None;
            reader.array(|reader| {
                match key.take() {
                    None => key = Some(reader.owned_bytes()?),
                    Some(key) => writes.push((key, reader.optional(Reader::owned_bytes)?)),
                }
                Ok(())
            })?;
            tables.push(TableWrites { table, writes });
            Ok(())
        })?;
        Ok(tables)
    }
}
