//! The reply to Query and Scan.

use super::body::{self, field};
use super::consumed_capacity::ConsumedCapacity;
use super::request::Message;
use super::stored_item::StoredItem;
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Page {
    pub(crate) items: Option<Vec<StoredItem>>,
    pub(crate) count: Option<i64>,
    pub(crate) scanned_count: Option<i64>,
    /// Where the next page starts.
    pub(crate) last_evaluated_key: Option<Vec<u8>>,
    pub(crate) consumed_capacity: Option<ConsumedCapacity>,
}

impl Message for Page {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.begin_map();
        ConsumedCapacity::write_field(self.consumed_capacity.as_ref(), writer)?;
        if let Some(items) = &self.items {
            writer.int(field::ITEMS);
            writer.array(items.len());
            items.iter().try_for_each(|item| item.write(writer))?;
        }
        for (field, count) in [
            (field::COUNT, self.count),
            (field::SCANNED_COUNT, self.scanned_count),
        ] {
            if let Some(count) = count {
                writer.int(field);
                writer.int(count);
            }
        }
        if let Some(key) = &self.last_evaluated_key {
            writer.int(field::LAST_EVALUATED_KEY);
            writer.bytes(key);
        }
        writer.end();
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut page = Page::default();
        body::read(reader, |field, reader| {
            match field {
                field::CONSUMED_CAPACITY => {
                    page.consumed_capacity = ConsumedCapacity::read(reader)?;
                }
                field::ITEMS => {
                    let items = reader.array(StoredItem::read)?;
                    page.items = Some(items.into_iter().flatten().collect());
                }
                field::COUNT => page.count = Some(reader.int()?),
                field::SCANNED_COUNT => page.scanned_count = Some(reader.int()?),
                field::LAST_EVALUATED_KEY => {
                    page.last_evaluated_key = reader.optional(Reader::owned_bytes)?;
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(page)
    }
}
