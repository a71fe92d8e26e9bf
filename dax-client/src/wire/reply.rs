//! What a node answers: an empty array and a body, or an array of codes and what went wrong.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use minicbor::data::Type;

use super::cbor::{Reader, Writer};
use super::decimal;
use super::item;
use crate::error::{Error, Refusal};
use crate::expression::Projected;

/// How many values follow the codes of an error.
pub(crate) const AFTER_CODES: usize = 2;

/// The answer to a request about one table.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Body {
    pub(crate) item: Option<Stored>,
    pub(crate) consumed_capacity: Option<ConsumedCapacity>,
    pub(crate) attributes: Option<Vec<u8>>,
    pub(crate) items: Option<Vec<Stored>>,
    pub(crate) count: Option<i64>,
    pub(crate) scanned_count: Option<i64>,
    pub(crate) last_evaluated_key: Option<Vec<u8>>,
}

/// An item in an answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stored {
    /// The values of all attributes but the key's.
    Values(Vec<u8>),
    /// A key and those values.
    Keyed { key: Vec<u8>, values: Vec<u8> },
    /// What a projection found.
    Projected(Projected),
}

/// What a request used.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ConsumedCapacity {
    pub(crate) table: String,
    pub(crate) units: f64,
    pub(crate) of_table: Option<f64>,
    pub(crate) of_global_indexes: Option<HashMap<String, f64>>,
    pub(crate) of_local_indexes: Option<HashMap<String, f64>>,
}

/// The answer to a batch of reads.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Batch {
    pub(crate) responses: Vec<(String, Vec<Stored>)>,
    pub(crate) unprocessed: Vec<(String, Vec<Vec<u8>>)>,
    pub(crate) consumed_capacity: Vec<ConsumedCapacity>,
}

mod number {
    pub(super) const ITEM: i64 = 0;
    pub(super) const CONSUMED_CAPACITY: i64 = 1;
    pub(super) const ATTRIBUTES: i64 = 2;
    pub(super) const COLLECTION_METRICS: i64 = 3;
    pub(super) const ITEMS: i64 = 7;
    pub(super) const COUNT: i64 = 8;
    pub(super) const LAST_EVALUATED_KEY: i64 = 9;
    pub(super) const SCANNED_COUNT: i64 = 10;
}

/// Reads how a request went: `None` is well.
pub(crate) fn read_refusal(reader: &mut Reader<'_>) -> Result<Option<Refusal>, Error> {
    let codes = reader.array(Reader::int)?;
    if codes.is_empty() {
        return Ok(None);
    }
    let mut refusal = Refusal {
        codes,
        message: String::new(),
        request_id: None,
        dynamodb_code: None,
    };
    if !reader.null()? {
        refusal.message = reader.text()?.into_owned();
    }
    if reader.null()? {
        return Ok(Some(refusal));
    }
    let mut place = 0;
    reader.array(|reader| {
        let text = match reader.peek()? {
            Type::String | Type::StringIndef => Some(reader.text()?.into_owned()),
            _ => {
                reader.skip()?;
                None
            }
        };
        match place {
            0 => refusal.request_id = text,
            1 => refusal.dynamodb_code = text,
            _ => {}
        }
        place += 1;
        Ok(())
    })?;
    Ok(Some(refusal))
}

impl Body {
    /// Reads a body; a miss is null, an empty map or an empty array.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Body, Error> {
        let mut body = Body::default();
        match reader.peek()? {
            Type::Null => {
                reader.null()?;
                return Ok(body);
            }
            Type::Array | Type::ArrayIndef => {
                reader.array(|_| Err::<(), _>(Error::Malformed("a body that is a list")))?;
                return Ok(body);
            }
            _ => {}
        }
        reader.map(|reader| {
            match reader.int()? {
                number::ITEM => body.item = Stored::read(reader)?,
                number::CONSUMED_CAPACITY => {
                    body.consumed_capacity = ConsumedCapacity::read(reader)?;
                }
                number::ATTRIBUTES if reader.null()? => {}
                number::ATTRIBUTES => body.attributes = Some(reader.bytes()?.into_owned()),
                number::ITEMS => {
                    let items = reader.array(Stored::read)?;
                    body.items = Some(items.into_iter().flatten().collect());
                }
                number::COUNT => body.count = Some(reader.int()?),
                number::SCANNED_COUNT => body.scanned_count = Some(reader.int()?),
                number::LAST_EVALUATED_KEY if reader.null()? => {}
                number::LAST_EVALUATED_KEY => {
                    body.last_evaluated_key = Some(reader.bytes()?.into_owned());
                }
                number::COLLECTION_METRICS => reader.skip()?,
                // What a newer node adds is none of ours.
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(body)
    }

    pub(crate) fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.begin_map();
        if let Some(item) = &self.item {
            writer.int(number::ITEM);
            item.write(writer)?;
        }
        if let Some(capacity) = &self.consumed_capacity {
            writer.int(number::CONSUMED_CAPACITY);
            capacity.write(writer)?;
        }
        if let Some(attributes) = &self.attributes {
            writer.int(number::ATTRIBUTES);
            writer.bytes(attributes);
        }
        if let Some(items) = &self.items {
            writer.int(number::ITEMS);
            writer.array(items.len());
            items.iter().try_for_each(|item| item.write(writer))?;
        }
        for (key, count) in [
            (number::COUNT, self.count),
            (number::SCANNED_COUNT, self.scanned_count),
        ] {
            if let Some(count) = count {
                writer.int(key);
                writer.int(count);
            }
        }
        if let Some(key) = &self.last_evaluated_key {
            writer.int(number::LAST_EVALUATED_KEY);
            writer.bytes(key);
        }
        writer.end();
        Ok(())
    }
}

impl Stored {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Stored>, Error> {
        match reader.peek()? {
            Type::Null => {
                reader.null()?;
                Ok(None)
            }
            Type::Bytes | Type::BytesIndef => {
                Ok(Some(Stored::Values(reader.bytes()?.into_owned())))
            }
            Type::Map | Type::MapIndef => {
                let mut found = Vec::new();
                reader.map(|reader| {
                    let place = usize::try_from(reader.int()?)
                        .map_err(|_| Error::Malformed("a value without a path"))?;
                    found.push((place, item::read_value(reader)?));
                    Ok(())
                })?;
                Ok(Some(Stored::Projected(found)))
            }
            _ => {
                let mut parts = reader
                    .array(|reader| Ok(reader.bytes()?.into_owned()))?
                    .into_iter();
                match (parts.next(), parts.next(), parts.next()) {
                    (Some(key), Some(values), None) => Ok(Some(Stored::Keyed { key, values })),
                    _ => Err(Error::Malformed("an item that is no key and values")),
                }
            }
        }
    }

    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        match self {
            Stored::Values(values) => writer.bytes(values),
            Stored::Keyed { key, values } => {
                writer.array(2);
                writer.bytes(key);
                writer.bytes(values);
            }
            Stored::Projected(found) => {
                writer.map(found.len());
                for (place, value) in found {
                    writer.int(*place as i64);
                    item::write_value(writer, value)?;
                }
            }
        }
        Ok(())
    }
}

impl ConsumedCapacity {
    fn read(reader: &mut Reader<'_>) -> Result<Option<ConsumedCapacity>, Error> {
        if reader.null()? {
            return Ok(None);
        }
        let bytes = reader.bytes()?;
        let mut reader = Reader::new(&bytes);
        let table = reader.text()?.into_owned();
        let units = number(&mut reader)?;
        let of_table = match reader.null()? {
            true => None,
            false => Some(number(&mut reader)?),
        };
        let mut of_index = || -> Result<_, Error> {
            if reader.null()? {
                return Ok(None);
            }
            let mut units = HashMap::new();
            reader.map(|reader| {
                units.insert(reader.text()?.into_owned(), number(reader)?);
                Ok(())
            })?;
            Ok(Some(units))
        };
        Ok(Some(ConsumedCapacity {
            table,
            units,
            of_table,
            of_global_indexes: of_index()?,
            of_local_indexes: of_index()?,
        }))
    }

    pub(crate) fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        let mut inner = Writer::new();
        let write = |inner: &mut Writer, units: f64| decimal::write(inner, &units.to_string());
        inner.text(&self.table);
        write(&mut inner, self.units)?;
        match self.of_table {
            Some(units) => write(&mut inner, units)?,
            None => inner.null(),
        }
        for of_index in [&self.of_global_indexes, &self.of_local_indexes] {
            match of_index {
                Some(units) => {
                    inner.map(units.len());
                    for (index, units) in units {
                        inner.text(index);
                        write(&mut inner, *units)?;
                    }
                }
                None => inner.null(),
            }
        }
        writer.bytes(&inner.into_bytes());
        Ok(())
    }
}

fn number(reader: &mut Reader<'_>) -> Result<f64, Error> {
    let text = decimal::read(reader)?;
    text.parse()
        .map_err(|_| Error::Malformed("a capacity that is no number"))
}

impl Batch {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Batch, Error> {
        let mut batch = Batch::default();
        reader.array_of(2)?;
        reader.map(|reader| {
            let table = reader.text()?.into_owned();
            batch.responses.push((table, read_items(reader)?));
            Ok(())
        })?;
        reader.map(|reader| {
            let table = reader.text()?.into_owned();
            let keys = reader.array(|reader| Ok(reader.bytes()?.into_owned()))?;
            batch.unprocessed.push((table, keys));
            Ok(())
        })?;
        if !reader.null()? {
            let capacities = reader.array(ConsumedCapacity::read)?;
            batch.consumed_capacity = capacities.into_iter().flatten().collect();
        }
        Ok(batch)
    }

    pub(crate) fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.array(2);
        writer.map(self.responses.len());
        for (table, items) in &self.responses {
            writer.text(table);
            let keyed = items
                .iter()
                .filter(|item| matches!(item, Stored::Keyed { .. }))
                .count();
            writer.array(items.len() + keyed);
            for item in items {
                match item {
                    Stored::Keyed { key, values } => {
                        writer.bytes(key);
                        writer.bytes(values);
                    }
                    other => other.write(writer)?,
                }
            }
        }
        writer.map(self.unprocessed.len());
        for (table, keys) in &self.unprocessed {
            writer.text(table);
            writer.array(keys.len());
            keys.iter().for_each(|key| writer.bytes(key));
        }
        writer.array(self.consumed_capacity.len());
        self.consumed_capacity
            .iter()
            .try_for_each(|capacity| capacity.write(writer))
    }
}

/// A batch's items: keys and values in turn, or what the projection found.
fn read_items(reader: &mut Reader<'_>) -> Result<Vec<Stored>, Error> {
    let mut items = Vec::new();
    let mut key: Option<Vec<u8>> = None;
    reader.array(|reader| {
        match (key.take(), Stored::read(reader)?) {
            (None, Some(Stored::Values(bytes))) => key = Some(bytes),
            (Some(key), Some(Stored::Values(values))) => items.push(Stored::Keyed { key, values }),
            (None, Some(projected)) => items.push(projected),
            (None, None) => {}
            (Some(_), _) => return Err(Error::Malformed("a key without values")),
        }
        Ok(())
    })?;
    Ok(items)
}

/// A value with a number for its name, for what the local DAX answers.
pub(crate) fn some_values(
    changed: &HashMap<String, AttributeValue>,
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
        item::write_value(&mut writer, value)?;
    }
    Ok(writer.into_bytes())
}
