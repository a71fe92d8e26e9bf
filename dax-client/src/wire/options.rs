//! The arguments of a request that may be left out: a map from small numbers.

use minicbor::data::Type;

use super::cbor::{Reader, Writer};
use super::request::Method;
use crate::error::Error;
use crate::expression::{Condition, Projection, Update};

/// What may be left out. Absent is `None`, or zero for the two levels of reporting.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Options {
    pub(crate) projection: Option<Projection>,
    pub(crate) consistent_read: bool,
    /// 0 none, 1 the total, 2 for each index.
    pub(crate) consumed_capacity: i64,
    /// 0 none, 1 the size.
    pub(crate) collection_metrics: i64,
    pub(crate) condition: Option<Condition>,
    pub(crate) return_values: ReturnValues,
    pub(crate) update: Option<Update>,
    pub(crate) exclusive_start_key: Option<Vec<u8>>,
    pub(crate) filter: Option<Condition>,
    pub(crate) index: Option<String>,
    pub(crate) limit: Option<i64>,
    pub(crate) forward: Option<bool>,
    pub(crate) select: Option<i64>,
    pub(crate) segment: Option<i64>,
    pub(crate) total_segments: Option<i64>,
}

/// Which of an item's attributes a write answers with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ReturnValues {
    #[default]
    None,
    AllOld,
    UpdatedOld,
    AllNew,
    UpdatedNew,
}

impl ReturnValues {
    const ALL: [ReturnValues; 5] = [
        ReturnValues::None,
        ReturnValues::AllOld,
        ReturnValues::UpdatedOld,
        ReturnValues::AllNew,
        ReturnValues::UpdatedNew,
    ];

    fn number(self) -> i64 {
        1 + self as i64
    }

    fn of(number: i64) -> Result<ReturnValues, Error> {
        let place = usize::try_from(number.saturating_sub(1)).ok();
        let known = place.and_then(|place| ReturnValues::ALL.get(place));
        known
            .copied()
            .ok_or(Error::Malformed("return values unknown here"))
    }

    /// Whether only what the update changed comes back.
    pub(crate) fn is_of_update(self) -> bool {
        matches!(self, ReturnValues::UpdatedOld | ReturnValues::UpdatedNew)
    }
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

impl Options {
    /// Writes the options, to the byte as the Node.js client does: in its order, an empty map where
    /// there are none, and no placeholders beside the trees that no longer need them.
    pub(crate) fn write(&self, writer: &mut Writer, method: Method) -> Result<(), Error> {
        writer.begin_map();
        if matches!(method, Method::BatchGetItem | Method::BatchWriteItem) {
            // Batches say it in any case.
            writer.int(number::CONSUMED_CAPACITY);
            writer.int(self.consumed_capacity);
            writer.end();
            return Ok(());
        }
        for (key, value, absent) in [
            (number::CONSUMED_CAPACITY, self.consumed_capacity, 0),
            (number::COLLECTION_METRICS, self.collection_metrics, 0),
            (number::RETURN_VALUES, self.return_values.number(), 1),
        ] {
            if value != absent {
                writer.int(key);
                writer.int(value);
            }
        }
        if self.consistent_read {
            writer.int(number::CONSISTENT_READ);
            // Query and Scan have an integer where GetItem has a truth value.
            match method {
                Method::Query | Method::Scan => writer.int(1),
                _ => writer.bool(true),
            }
        }
        let int = |writer: &mut Writer, key, value: Option<i64>| {
            if let Some(value) = value {
                writer.int(key);
                writer.int(value);
            }
        };
        int(writer, number::FORWARD, self.forward.map(i64::from));
        int(writer, number::TOTAL_SEGMENTS, self.total_segments);
        int(writer, number::SEGMENT, self.segment);
        let bytes = |writer: &mut Writer, key, value: Option<&[u8]>| {
            if let Some(value) = value {
                writer.int(key);
                writer.bytes(value);
            }
        };
        bytes(
            writer,
            number::INDEX,
            self.index.as_deref().map(str::as_bytes),
        );
        int(writer, number::SELECT, self.select);
        int(writer, number::LIMIT, self.limit);
        bytes(
            writer,
            number::EXCLUSIVE_START_KEY,
            self.exclusive_start_key.as_deref(),
        );
        let condition = self.condition.as_ref().map(Condition::encode).transpose()?;
        bytes(writer, number::CONDITION, condition.as_deref());
        let filter = self.filter.as_ref().map(Condition::encode).transpose()?;
        bytes(writer, number::FILTER, filter.as_deref());
        let update = self.update.as_ref().map(Update::encode).transpose()?;
        bytes(writer, number::UPDATE, update.as_deref());
        let projection = self.projection.as_ref().map(Projection::encode);
        bytes(writer, number::PROJECTION, projection.as_deref());
        writer.end();
        Ok(())
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Options, Error> {
        let mut options = Options::default();
        // The Python client sends a condition twice, first as text; the last one counts.
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
                number::CONSUMED_CAPACITY => options.consumed_capacity = reader.int()?,
                number::CONDITION => condition = Some(reader.bytes()?.into_owned()),
                number::COLLECTION_METRICS => options.collection_metrics = reader.int()?,
                number::RETURN_VALUES => options.return_values = ReturnValues::of(reader.int()?)?,
                number::UPDATE => options.update = Some(Update::decode(&reader.bytes()?)?),
                number::EXCLUSIVE_START_KEY => {
                    options.exclusive_start_key = Some(reader.bytes()?.into_owned());
                }
                number::FILTER => options.filter = Some(Condition::decode(&reader.bytes()?)?),
                number::INDEX => options.index = Some(reader.text_or_bytes()?),
                number::LIMIT => options.limit = Some(reader.int()?),
                number::FORWARD => options.forward = Some(truth(reader)?),
                number::SELECT => options.select = Some(reader.int()?),
                number::SEGMENT => options.segment = Some(reader.int()?),
                number::TOTAL_SEGMENTS => options.total_segments = Some(reader.int()?),
                // The trees hold the names and values already.
                number::NAMES | number::VALUES | number::TOKEN => reader.skip()?,
                _ => return Err(Error::Malformed("an option unknown here")),
            }
            Ok(())
        })?;
        options.condition = condition
            .map(|bytes| Condition::decode(&bytes))
            .transpose()?;
        Ok(options)
    }
}

fn truth(reader: &mut Reader<'_>) -> Result<bool, Error> {
    match reader.peek()? {
        Type::Bool => reader.bool(),
        _ => Ok(reader.int()? != 0),
    }
}
