//! Reading and writing CBOR values, with the latitude that DAX's readers need.

use std::borrow::Cow;

use minicbor::data::{Tag, Type};
use minicbor::{Decoder, Encoder};

use crate::error::DecodeError;

/// Writes CBOR values one after the other.
#[derive(Debug)]
pub(crate) struct Writer(Encoder<Vec<u8>>);

// A `Vec` takes every write, so the encoder's results carry nothing.
impl Writer {
    pub(crate) fn new() -> Writer {
        Writer(Encoder::new(Vec::new()))
    }

    pub(crate) fn int(&mut self, value: i64) {
        let _ = self.0.i64(value);
    }

    /// An integer of at most 38 digits, as a bignum where 64 bits do not hold it.
    pub(crate) fn big_int(&mut self, value: i128) {
        let _ = self.0.i128(value);
    }

    pub(crate) fn text(&mut self, value: &str) {
        let _ = self.0.str(value);
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) {
        let _ = self.0.bytes(value);
    }

    pub(crate) fn bool(&mut self, value: bool) {
        let _ = self.0.bool(value);
    }

    pub(crate) fn null(&mut self) {
        let _ = self.0.null();
    }

    /// Writes a value, or a null for none.
    pub(crate) fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        match value {
            Some(value) => write(self, value),
            None => self.null(),
        }
    }

    pub(crate) fn tag(&mut self, tag: u64) {
        let _ = self.0.tag(Tag::new(tag));
    }

    pub(crate) fn array(&mut self, elements: usize) {
        let _ = self.0.array(elements as u64);
    }

    pub(crate) fn map(&mut self, entries: usize) {
        let _ = self.0.map(entries as u64);
    }

    /// Begins a map of a length that is not said; [`end`](Writer::end) closes it.
    pub(crate) fn begin_map(&mut self) {
        let _ = self.0.begin_map();
    }

    pub(crate) fn end(&mut self) {
        let _ = self.0.end();
    }

    /// Values that are encoded already, or bytes that are no CBOR at all.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.writer_mut().extend_from_slice(bytes);
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0.into_writer()
    }
}

/// Reads CBOR values one after the other.
///
/// Containers and strings may be of definite or indefinite length. Nothing is allocated for a
/// length that the input only claims: a collection grows by what was really read.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'b>(Decoder<'b>);

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Reader<'b> {
        Reader(Decoder::new(bytes))
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.0.position() >= self.0.input().len()
    }

    /// What is left, as it is.
    pub(crate) fn rest(&mut self) -> &'b [u8] {
        let rest = self.0.input().get(self.0.position()..).unwrap_or_default();
        self.0.set_position(self.0.input().len());
        rest
    }

    pub(crate) fn peek(&self) -> Result<Type, DecodeError> {
        Ok(self.0.datatype()?)
    }

    pub(crate) fn int(&mut self) -> Result<i64, DecodeError> {
        Ok(self.0.i64()?)
    }

    /// An integer of 64 bits and a sign, as CBOR has it.
    pub(crate) fn wide_int(&mut self) -> Result<i128, DecodeError> {
        Ok(self.0.int()?.into())
    }

    /// Any real number of at most 64 bits.
    pub(crate) fn float(&mut self) -> Result<f64, DecodeError> {
        Ok(match self.peek()? {
            Type::F32 => self.0.f32()?.into(),
            Type::F64 => self.0.f64()?,
            _ => self.wide_int()? as f64,
        })
    }

    pub(crate) fn bool(&mut self) -> Result<bool, DecodeError> {
        Ok(self.0.bool()?)
    }

    pub(crate) fn tag(&mut self) -> Result<u64, DecodeError> {
        Ok(self.0.tag()?.as_u64())
    }

    pub(crate) fn skip(&mut self) -> Result<(), DecodeError> {
        Ok(self.0.skip()?)
    }

    /// Takes a null, if that is what comes.
    pub(crate) fn null(&mut self) -> Result<bool, DecodeError> {
        let is_null = self.peek()? == Type::Null;
        if is_null {
            self.0.null()?;
        }
        Ok(is_null)
    }

    /// Reads a value, or `None` where a null stands for it.
    pub(crate) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        match self.null()? {
            true => Ok(None),
            false => read(self).map(Some),
        }
    }

    pub(crate) fn text(&mut self) -> Result<Cow<'b, str>, DecodeError> {
        if self.peek()? != Type::StringIndef {
            return Ok(Cow::Borrowed(self.0.str()?));
        }
        let mut text = String::new();
        for part in self.0.str_iter()? {
            text.push_str(part?);
        }
        Ok(Cow::Owned(text))
    }

    pub(crate) fn bytes(&mut self) -> Result<Cow<'b, [u8]>, DecodeError> {
        if self.peek()? != Type::BytesIndef {
            return Ok(Cow::Borrowed(self.0.bytes()?));
        }
        let mut bytes = Vec::new();
        for part in self.0.bytes_iter()? {
            bytes.extend_from_slice(part?);
        }
        Ok(Cow::Owned(bytes))
    }

    pub(crate) fn owned_bytes(&mut self) -> Result<Vec<u8>, DecodeError> {
        Ok(self.bytes()?.into_owned())
    }

    /// A text that some clients send as bytes.
    pub(crate) fn text_or_bytes(&mut self) -> Result<String, DecodeError> {
        match self.peek()? {
            Type::Bytes | Type::BytesIndef => String::from_utf8(self.bytes()?.into_owned())
                .map_err(|_| DecodeError("a name is not UTF-8")),
            _ => Ok(self.text()?.into_owned()),
        }
    }

    /// Calls `element` before each element of an array.
    pub(crate) fn array<T>(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let length = self.0.array()?;
        let mut elements = Vec::new();
        self.each(length, |reader| {
            elements.push(element(reader)?);
            Ok(())
        })?;
        Ok(elements)
    }

    /// The head of an array that must have `length` elements.
    pub(crate) fn array_of(&mut self, length: u64) -> Result<(), DecodeError> {
        if self.0.array()? == Some(length) {
            return Ok(());
        }
        Err(DecodeError(
            "an array has another length than the protocol says",
        ))
    }

    /// Calls `entry` before each entry of a map; it reads the key and the value.
    pub(crate) fn map(
        &mut self,
        entry: impl FnMut(&mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let length = self.0.map()?;
        self.each(length, entry)
    }

    fn each(
        &mut self,
        length: Option<u64>,
        mut element: impl FnMut(&mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let mut read = 0;
        loop {
            match length {
                Some(length) if read == length => return Ok(()),
                Some(_) => {}
                None if self.peek()? == Type::Break => return self.skip_break(),
                None => {}
            }
            element(self)?;
            read += 1;
        }
    }

    fn skip_break(&mut self) -> Result<(), DecodeError> {
        self.0.set_position(self.0.position() + 1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definite_and_indefinite_containers_read_alike() {
        for bytes in [&b"\x83\x01\x02\x03"[..], b"\x9f\x01\x02\x03\xff"] {
            let ints = Reader::new(bytes).array(Reader::int).unwrap();
            assert_eq!(ints, [1, 2, 3]);
        }
        for bytes in [&b"\x63abc"[..], b"\x7f\x61a\x62bc\xff"] {
            assert_eq!(Reader::new(bytes).text().unwrap(), "abc");
        }
    }

    #[test]
    fn a_claimed_length_allocates_nothing() {
        // An array of 2^63 elements, of which none is there.
        let error = Reader::new(b"\x9b\x80\0\0\0\0\0\0\0").array(Reader::int);
        assert!(error.is_err(), "{error:?}");
    }
}
