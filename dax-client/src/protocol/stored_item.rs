//! An item in a reply.

use minicbor::data::Type;

use crate::error::{DecodeError, Error};
use crate::expression::Projected;
use crate::wire::cbor::{Reader, Writer};
use crate::wire::value;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum StoredItem {
    /// The values of all attributes but the key's.
    Values(Vec<u8>),
    /// A key and those values.
    Keyed { key: Vec<u8>, values: Vec<u8> },
    /// What a projection found.
    Projected(Projected),
}

impl StoredItem {
    pub(super) fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        match self {
            StoredItem::Values(values) => writer.bytes(values),
            StoredItem::Keyed { key, values } => {
                writer.array(2);
                writer.bytes(key);
                writer.bytes(values);
            }
            StoredItem::Projected(found) => {
                writer.map(found.len());
                for (place, value) in found {
                    writer.int(*place as i64);
                    value::write(writer, value)?;
                }
            }
        }
        Ok(())
    }

    /// Reads an item; `None` is one that does not exist.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Option<StoredItem>, DecodeError> {
        reader.optional(|reader| match reader.peek()? {
            Type::Bytes | Type::BytesIndef => Ok(StoredItem::Values(reader.owned_bytes()?)),
            Type::Map | Type::MapIndef => {
                let mut found = Vec::new();
                reader.map(|reader| {
                    let place = usize::try_from(reader.int()?)
                        .map_err(|_| DecodeError("a value without a path"))?;
                    found.push((place, value::read(reader)?));
                    Ok(())
                })?;
                Ok(StoredItem::Projected(found))
            }
            _ => {
                let mut parts = reader.array(Reader::owned_bytes)?.into_iter();
                match (parts.next(), parts.next(), parts.next()) {
                    (Some(key), Some(values), None) => Ok(StoredItem::Keyed { key, values }),
                    _ => Err(DecodeError("an item that is no key and values")),
                }
            }
        })
    }
}
