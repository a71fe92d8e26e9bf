//! What a node answers: an empty array and the method's values, or the codes of a refusal and what
//! belongs to it.

use super::refusal;
use super::request::{Message, Method};
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

/// How many values a reply has whose first value, the array of codes, is there already.
pub(crate) fn values(reply: &[u8], method: Method) -> Result<usize, DecodeError> {
    let codes = Reader::new(reply).array(Reader::int)?;
    Ok(1 + match codes.is_empty() {
        true => method.reply,
        false => refusal::VALUES,
    })
}

/// Reads a whole reply; a refusal is [`Error::Refused`].
pub(crate) fn read<M: Message>(reply: &[u8]) -> Result<M, Error> {
    let mut reader = Reader::new(reply);
    let codes = reader.array(Reader::int)?;
    if codes.is_empty() {
        return Ok(M::read(&mut reader)?);
    }
    Err(Error::Refused(refusal::read(codes, &mut reader)?))
}

pub(crate) fn encode<M: Message>(values: &M) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new();
    writer.array(0);
    values.write(&mut writer)?;
    Ok(writer.into_bytes())
}
