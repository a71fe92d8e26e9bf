//! DefineAttributeList: the list of attribute names that a number stands for.

use std::sync::Arc;

use super::request::{Message, Method, Request};
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DefineAttributeListRequest {
    pub(crate) id: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AttributeList(pub(crate) Arc<[String]>);

impl Request for DefineAttributeListRequest {
    const METHOD: Method = Method::reads(670_678_385, 1);
    type Reply = AttributeList;
}

impl Message for DefineAttributeListRequest {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.int(self.id);
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(DefineAttributeListRequest { id: reader.int()? })
    }
}

impl Message for AttributeList {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.array(self.0.len());
        self.0.iter().for_each(|name| writer.text(name));
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let names = reader.array(Reader::text_or_bytes)?;
        Ok(AttributeList(names.into()))
    }
}
