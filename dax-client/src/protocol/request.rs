//! What all requests have in common: the number of the protocol, the number of the method, and the
//! method's arguments.

use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

const PROTOCOL: i64 = 1;

/// How many values the head of a request has.
pub(crate) const HEAD: usize = 2;

/// A method of the protocol. Messages have no lengths: whoever reads one knows by the method how
/// many values it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Method {
    pub(crate) number: i64,
    /// How many values the arguments are.
    pub(crate) arguments: usize,
    /// How many values a reply has after the array that says how it went.
    pub(crate) reply: usize,
    /// Whether the method changes items.
    pub(crate) writes: bool,
}

impl Method {
    /// A method that only reads, with one value after the array.
    pub(super) const fn reads(number: i64, arguments: usize) -> Method {
        Method {
            number,
            arguments,
            reply: 1,
            writes: false,
        }
    }

    /// A method that changes items.
    pub(super) const fn writes(number: i64, arguments: usize) -> Method {
        Method {
            writes: true,
            ..Method::reads(number, arguments)
        }
    }

    pub(super) const fn with_reply(self, reply: usize) -> Method {
        Method { reply, ..self }
    }
}

/// What one side writes and the other reads.
pub(crate) trait Message: Sized {
    fn write(&self, writer: &mut Writer) -> Result<(), Error>;

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

/// The arguments of a method.
pub(crate) trait Request: Message {
    const METHOD: Method;

    type Reply: Message;

    /// The whole request, with its head.
    fn encode(&self) -> Result<Vec<u8>, Error> {
        let mut writer = Writer::new();
        write_head(&mut writer, Self::METHOD);
        self.write(&mut writer)?;
        Ok(writer.into_bytes())
    }
}

pub(super) fn write_head(writer: &mut Writer, method: Method) {
    writer.int(PROTOCOL);
    writer.int(method.number);
}

/// Reads the head of a request: the number of its method.
pub(crate) fn read_head(reader: &mut Reader<'_>) -> Result<i64, DecodeError> {
    if reader.int()? != PROTOCOL {
        return Err(DecodeError("a request of another protocol"));
    }
    reader.int()
}
