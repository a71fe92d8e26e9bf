//! The items of a table.
//!
//! An item's values travel without their names: a number stands for the sorted list of names that
//! both sides agreed on before, and the values follow one after the other.

use super::cbor::{Reader, Writer};
use super::key::KeySchema;
use super::value::{self, Item};
use crate::error::{DecodeError, Error};

/// The id of the list of attribute names that is empty.
pub(crate) const NO_ATTRIBUTES: i64 = 1;

/// The names of an item's attributes that are not part of its key, sorted.
pub(crate) fn attribute_names(item: &Item, schema: &KeySchema) -> Vec<String> {
    let mut names: Vec<String> = item
        .keys()
        .filter(|name| !schema.contains(name))
        .cloned()
        .collect();
    names.sort_unstable();
    names
}

/// Writes an item's values in the order of `names`, for which `list_id` stands.
pub(crate) fn write_values(item: &Item, names: &[String], list_id: i64) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new();
    writer.int(list_id);
    for value in names.iter().filter_map(|name| item.get(name)) {
        value::write(&mut writer, value)?;
    }
    Ok(writer.into_bytes())
}

/// The id of the list of names under which values are written.
pub(crate) fn list_id(values: &[u8]) -> Result<i64, DecodeError> {
    Reader::new(values).int()
}

/// Puts values and names together.
pub(crate) fn read_values(values: &[u8], names: &[String]) -> Result<Item, DecodeError> {
    let mut reader = Reader::new(values);
    reader.int()?;
    let mut item = Item::new();
    for name in names {
        item.insert(name.clone(), value::read(&mut reader)?);
    }
    if !reader.is_at_end() {
        return Err(DecodeError("an item has more values than names"));
    }
    Ok(item)
}

/// Writes the attributes that an update changed, each with its place in the list of names.
pub(crate) fn write_changed(
    changed: &Item,
    names: &[String],
    list_id: i64,
) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new();
    writer.int(list_id);
    writer.map(names.len());
    for (place, value) in names
        .iter()
        .filter_map(|name| changed.get(name))
        .enumerate()
    {
        writer.int(place as i64);
        value::write(&mut writer, value)?;
    }
    Ok(writer.into_bytes())
}

/// Puts the values that an update changed and their names together.
pub(crate) fn read_changed(values: &[u8], names: &[String]) -> Result<Item, DecodeError> {
    let mut reader = Reader::new(values);
    reader.int()?;
    let mut item = Item::new();
    reader.map(|reader| {
        let place = usize::try_from(reader.int()?).ok();
        let name = place.and_then(|place| names.get(place));
        let name = name.ok_or(DecodeError("a value without a name"))?;
        item.insert(name.clone(), value::read(reader)?);
        Ok(())
    })?;
    Ok(item)
}
