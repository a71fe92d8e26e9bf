//! Scan: a page of a table's items.

use super::options::{Flag, Options};
use super::page::Page;
use super::request::{Message, Method, Request};
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ScanRequest {
    pub(crate) table: String,
    pub(crate) options: Options,
}

impl Request for ScanRequest {
    const METHOD: Method = Method::reads(-1_875_390_620, 2);
    type Reply = Page;
}

impl Message for ScanRequest {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.bytes(self.table.as_bytes());
        self.options.write(writer, Flag::Int)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ScanRequest {
            table: reader.text_or_bytes()?,
            options: Options::read(reader)?,
        })
    }
}
