//! DefineAttributeListId: the number that stands for a list of attribute names.

use super::request::{Message, Method, Request};
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DefineAttributeListIdRequest {
    /// Sorted, and without the key's.
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AttributeListId(pub(crate) i64);

impl Request for DefineAttributeListIdRequest {
    const METHOD: Method = Method::reads(-1_230_579_644, 1);
    type Reply = AttributeListId;
}

impl Message for DefineAttributeListIdRequest {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.array(self.names.len());
        self.names.iter().for_each(|name| writer.text(name));
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(DefineAttributeListIdRequest {
            names: reader.array(Reader::text_or_bytes)?,
        })
    }
}

impl Message for AttributeListId {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.int(self.0);
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(AttributeListId(reader.int()?))
    }
}
