//! What a request used, as a reply says it: bytes that hold CBOR values.

use std::collections::HashMap;

use super::body::field;
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};
use crate::wire::decimal;

/// In capacity units.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ConsumedCapacity {
    pub(crate) table: String,
    pub(crate) units: f64,
    pub(crate) of_table: Option<f64>,
    pub(crate) of_global_indexes: Option<HashMap<String, f64>>,
    pub(crate) of_local_indexes: Option<HashMap<String, f64>>,
}

impl ConsumedCapacity {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        let mut inner = Writer::new();
        inner.text(&self.table);
        write_units(&mut inner, self.units)?;
        match self.of_table {
            Some(units) => write_units(&mut inner, units)?,
            None => inner.null(),
        }
        for of_index in [&self.of_global_indexes, &self.of_local_indexes] {
            let Some(units) = of_index else {
                inner.null();
                continue;
            };
            inner.map(units.len());
            for (index, units) in units {
                inner.text(index);
                write_units(&mut inner, *units)?;
            }
        }
        writer.bytes(&inner.into_bytes());
        Ok(())
    }

    fn read_bytes(reader: &mut Reader<'_>) -> Result<ConsumedCapacity, DecodeError> {
        let bytes = reader.bytes()?;
        let mut reader = Reader::new(&bytes);
        Ok(ConsumedCapacity {
            table: reader.text()?.into_owned(),
            units: read_units(&mut reader)?,
            of_table: reader.optional(read_units)?,
            of_global_indexes: reader.optional(read_units_of_indexes)?,
            of_local_indexes: reader.optional(read_units_of_indexes)?,
        })
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Option<ConsumedCapacity>, DecodeError> {
        reader.optional(ConsumedCapacity::read_bytes)
    }

    /// Writes the field of a body, if there is anything to say.
    pub(super) fn write_field(
        capacity: Option<&ConsumedCapacity>,
        writer: &mut Writer,
    ) -> Result<(), Error> {
        let Some(capacity) = capacity else {
            return Ok(());
        };
        writer.int(field::CONSUMED_CAPACITY);
        capacity.write(writer)
    }

    /// Writes the capacities of a batch's tables.
    pub(super) fn write_list(
        capacities: &[ConsumedCapacity],
        writer: &mut Writer,
    ) -> Result<(), Error> {
        writer.array(capacities.len());
        capacities
            .iter()
            .try_for_each(|capacity| capacity.write(writer))
    }

    pub(super) fn read_list(reader: &mut Reader<'_>) -> Result<Vec<ConsumedCapacity>, DecodeError> {
        let capacities = reader.optional(|reader| reader.array(ConsumedCapacity::read))?;
        Ok(capacities.into_iter().flatten().flatten().collect())
    }
}

fn write_units(writer: &mut Writer, units: f64) -> Result<(), Error> {
    decimal::write(writer, &units.to_string())
}

fn read_units(reader: &mut Reader<'_>) -> Result<f64, DecodeError> {
    let text = decimal::read(reader)?;
    text.parse()
        .map_err(|_| DecodeError("a capacity that is no number"))
}

fn read_units_of_indexes(reader: &mut Reader<'_>) -> Result<HashMap<String, f64>, DecodeError> {
    let mut units = HashMap::new();
    reader.map(|reader| {
        units.insert(reader.text()?.into_owned(), read_units(reader)?);
        Ok(())
    })?;
    Ok(units)
}
