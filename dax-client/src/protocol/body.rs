//! The body of a reply about one table: a map from the numbers of its fields.

use minicbor::data::Type;

use crate::error::DecodeError;
use crate::wire::cbor::Reader;

pub(super) mod field {
    pub(crate) const ITEM: i64 = 0;
    pub(crate) const CONSUMED_CAPACITY: i64 = 1;
    pub(crate) const ATTRIBUTES: i64 = 2;
    pub(crate) const ITEMS: i64 = 7;
    pub(crate) const COUNT: i64 = 8;
    pub(crate) const LAST_EVALUATED_KEY: i64 = 9;
    pub(crate) const SCANNED_COUNT: i64 = 10;
}

/// Calls `value` for each field with its number. An empty body is null, an empty map or an empty
/// array.
pub(super) fn read(
    reader: &mut Reader<'_>,
    mut value: impl FnMut(i64, &mut Reader<'_>) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    match reader.peek()? {
        Type::Null => reader.null().map(drop),
        Type::Array | Type::ArrayIndef => reader
            .array(|_| Err::<(), _>(DecodeError("a body that is a list")))
            .map(drop),
        _ => reader.map(|reader| {
            let field = reader.int()?;
            value(field, reader)
        }),
    }
}
