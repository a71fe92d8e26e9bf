//! The arguments of a request that may be left out: a map from small numbers.

use std::fmt::Display;

use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValue, Select};
use minicbor::data::Type;

use crate::error::{DecodeError, Error};
use crate::expression::{Condition, Projection, Update};
use crate::wire::cbor::{Reader, Writer};

/// What may be left out of the requests of all operations; each has its own part of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Options {
    pub(crate) projection: Option<Projection>,
    pub(crate) consistent_read: bool,
    pub(crate) consumed_capacity: Option<ReturnConsumedCapacity>,
    /// Whether the sizes of item collections are asked for.
    pub(crate) collection_metrics: bool,
    pub(crate) condition: Option<Condition>,
    pub(crate) return_values: Option<ReturnValue>,
    pub(crate) update: Option<Update>,
    pub(crate) exclusive_start_key: Option<Vec<u8>>,
    pub(crate) filter: Option<Condition>,
    pub(crate) index: Option<String>,
    pub(crate) limit: Option<i64>,
    pub(crate) forward: Option<bool>,
    pub(crate) select: Option<Select>,
    pub(crate) segment: Option<i64>,
    pub(crate) total_segments: Option<i64>,
}

/// How a method writes `ConsistentRead`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    Bool,
    /// Query and Scan.
    Int,
}

mod number {
    pub(super) const PROJECTION: i64 = 0;
    pub(super) const NAMES: i64 = 1;
    pub(super) const CONSISTENT_READ: i64 = 2;
    pub(super) const CONSUMED_CAPACITY: i64 = 3;
    pub(super) const CONDITION: i64 = 4;
    pub(super) const VALUES: i64 = 5;
    pub(super) const COLLECTION_METRICS: i64 = 6;
    pub(super) const RETURN_VALUES: i64 = 7;
    pub(super) const UPDATE: i64 = 8;
    pub(super) const EXCLUSIVE_START_KEY: i64 = 9;
    pub(super) const FILTER: i64 = 10;
    pub(super) const INDEX: i64 = 11;
    pub(super) const LIMIT: i64 = 13;
    pub(super) const FORWARD: i64 = 14;
    pub(super) const SELECT: i64 = 15;
    pub(super) const SEGMENT: i64 = 16;
    pub(super) const TOTAL_SEGMENTS: i64 = 17;
    pub(super) const TOKEN: i64 = 19;
}

/// Numbered from 0. The first is the default, which is not written.
const CONSUMED_CAPACITY: [ReturnConsumedCapacity; 3] = [
    ReturnConsumedCapacity::None,
    ReturnConsumedCapacity::Total,
    ReturnConsumedCapacity::Indexes,
];

/// Numbered from 1. The first is the default, which is not written.
const RETURN_VALUES: [ReturnValue; 5] = [
    ReturnValue::None,
    ReturnValue::AllOld,
    ReturnValue::UpdatedOld,
    ReturnValue::AllNew,
    ReturnValue::UpdatedNew,
];

/// Numbered from 1.
const SELECT: [Select; 4] = [
    Select::AllAttributes,
    Select::AllProjectedAttributes,
    Select::Count,
    Select::SpecificAttributes,
];

/// Whether only what the update changed comes back.
pub(crate) fn is_of_update(returned: Option<&ReturnValue>) -> bool {
    matches!(
        returned,
        Some(ReturnValue::UpdatedOld | ReturnValue::UpdatedNew)
    )
}

impl Options {
    /// Writes the options, to the byte as the Node.js client does: in its order, an empty map where
    /// there are none, and no placeholders beside the trees that no longer need them.
    pub(super) fn write(&self, writer: &mut Writer, flag: Flag) -> Result<(), Error> {
        writer.begin_map();
        let capacity = place(
            "ReturnConsumedCapacity",
            &CONSUMED_CAPACITY,
            self.consumed_capacity.as_ref(),
        )?;
        write_int(
            writer,
            number::CONSUMED_CAPACITY,
            capacity.filter(|it| *it > 0),
        );
        let metrics = self.collection_metrics.then_some(1);
        write_int(writer, number::COLLECTION_METRICS, metrics);
        let returned = place("ReturnValues", &RETURN_VALUES, self.return_values.as_ref())?;
        let returned = returned.filter(|it| *it > 0).map(|it| it + 1);
        write_int(writer, number::RETURN_VALUES, returned);
        if self.consistent_read {
            writer.int(number::CONSISTENT_READ);
            match flag {
                Flag::Bool => writer.bool(true),
                Flag::Int => writer.int(1),
            }
        }
        write_int(writer, number::FORWARD, self.forward.map(i64::from));
        write_int(writer, number::TOTAL_SEGMENTS, self.total_segments);
        write_int(writer, number::SEGMENT, self.segment);
        let index = self.index.as_deref().map(str::as_bytes);
        write_bytes(writer, number::INDEX, index);
        let select = place("Select", &SELECT, self.select.as_ref())?.map(|it| it + 1);
        write_int(writer, number::SELECT, select);
        write_int(writer, number::LIMIT, self.limit);
        let start = self.exclusive_start_key.as_deref();
        write_bytes(writer, number::EXCLUSIVE_START_KEY, start);
        let condition = self.condition.as_ref().map(Condition::encode).transpose()?;
        write_bytes(writer, number::CONDITION, condition.as_deref());
        let filter = self.filter.as_ref().map(Condition::encode).transpose()?;
        write_bytes(writer, number::FILTER, filter.as_deref());
        let update = self.update.as_ref().map(Update::encode).transpose()?;
        write_bytes(writer, number::UPDATE, update.as_deref());
        let projection = self.projection.as_ref().map(Projection::encode);
        write_bytes(writer, number::PROJECTION, projection.as_deref());
        writer.end();
        Ok(())
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Options, DecodeError> {
        let mut options = Options::default();
        // The Python client sends a condition twice, first as text: the last one is the tree.
        let mut condition: Option<Vec<u8>> = None;
        if reader.null()? {
            return Ok(options);
        }
        reader.map(|reader| {
            match reader.int()? {
                number::PROJECTION => {
                    options.projection = Some(Projection::decode(&reader.bytes()?)?);
                }
                number::CONSISTENT_READ => options.consistent_read = truth(reader)?,
                number::CONSUMED_CAPACITY => {
                    options.consumed_capacity = chosen(&CONSUMED_CAPACITY, reader.int()?);
                }
                number::CONDITION => condition = Some(reader.owned_bytes()?),
                number::COLLECTION_METRICS => options.collection_metrics = reader.int()? != 0,
                number::RETURN_VALUES => {
                    let returned = chosen(&RETURN_VALUES, reader.int()?.saturating_sub(1));
                    options.return_values =
                        Some(returned.ok_or(DecodeError("a ReturnValues unknown here"))?);
                }
                number::UPDATE => options.update = Some(Update::decode(&reader.bytes()?)?),
                number::EXCLUSIVE_START_KEY => {
                    options.exclusive_start_key = Some(reader.owned_bytes()?);
                }
                number::FILTER => options.filter = Some(Condition::decode(&reader.bytes()?)?),
                number::INDEX => options.index = Some(reader.text_or_bytes()?),
                number::LIMIT => options.limit = Some(reader.int()?),
                number::FORWARD => options.forward = Some(truth(reader)?),
                number::SELECT => {
                    let select = chosen(&SELECT, reader.int()?.saturating_sub(1));
                    options.select = Some(select.ok_or(DecodeError("a Select unknown here"))?);
                }
                number::SEGMENT => options.segment = Some(reader.int()?),
                number::TOTAL_SEGMENTS => options.total_segments = Some(reader.int()?),
                // The trees hold the names and values already.
                number::NAMES | number::VALUES | number::TOKEN => reader.skip()?,
                _ => return Err(DecodeError("an option unknown here")),
            }
            Ok(())
        })?;
        options.condition = condition
            .map(|bytes| Condition::decode(&bytes))
            .transpose()?;
        Ok(options)
    }
}

/// Writes the one option of a batch, which is there in any case.
pub(super) fn write_of_batch(
    writer: &mut Writer,
    consumed_capacity: Option<&ReturnConsumedCapacity>,
) -> Result<(), Error> {
    let capacity = place(
        "ReturnConsumedCapacity",
        &CONSUMED_CAPACITY,
        consumed_capacity,
    )?;
    writer.begin_map();
    write_int(
        writer,
        number::CONSUMED_CAPACITY,
        Some(capacity.unwrap_or_default()),
    );
    writer.end();
    Ok(())
}

fn write_int(writer: &mut Writer, number: i64, value: Option<i64>) {
    if let Some(value) = value {
        writer.int(number);
        writer.int(value);
    }
}

fn write_bytes(writer: &mut Writer, number: i64, value: Option<&[u8]>) {
    if let Some(value) = value {
        writer.int(number);
        writer.bytes(value);
    }
}

fn place<T: PartialEq + Display>(
    parameter: &str,
    all: &[T],
    value: Option<&T>,
) -> Result<Option<i64>, Error> {
    let Some(value) = value else {
        return Ok(None);
    };
    let place = all.iter().position(|it| it == value);
    let unknown = || Error::Invalid(format!("{parameter} has no value {value}"));
    Ok(Some(place.ok_or_else(unknown)? as i64))
}

fn chosen<T: Clone>(all: &[T], place: i64) -> Option<T> {
    all.get(usize::try_from(place).ok()?).cloned()
}

fn truth(reader: &mut Reader<'_>) -> Result<bool, DecodeError> {
    match reader.peek()? {
        Type::Bool => reader.bool(),
        _ => Ok(reader.int()? != 0),
    }
}
