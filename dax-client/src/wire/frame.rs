//! Where a message ends. The protocol has no frames: a message is so many CBOR values.

use minicbor::Decoder;
use minicbor::data::Type;

use crate::error::DecodeError;

/// The deepest nesting that is followed. DynamoDB's items nest 32 deep, requests a few more.
const DEEPEST: usize = 96;

/// The longest message. DynamoDB's largest answer is a batch of 16 MB.
const LONGEST: usize = 64 << 20;

/// Follows values as their bytes arrive, without reading any byte twice.
#[derive(Debug, Default)]
pub(crate) struct Extent {
    /// How far the input has been followed.
    position: usize,
    /// The values that are complete.
    values: usize,
    /// The containers around `position`.
    open: Vec<Open>,
}

/// A container that still lacks elements.
#[derive(Debug, Clone, Copy)]
enum Open {
    Elements(u64),
    UntilBreak,
}

impl Extent {
    /// The length of the first `values` values of `input`, or `None` if they are not all there.
    /// The next call passes the same bytes and more.
    pub(crate) fn of(&mut self, values: usize, input: &[u8]) -> Result<Option<usize>, DecodeError> {
        while self.values < values {
            let mut decoder = Decoder::new(input);
            decoder.set_position(self.position);
            match self.step(&mut decoder) {
                Ok(()) => self.position = decoder.position(),
                Err(Step::Incomplete) if input.len() > LONGEST => {
                    return Err(DecodeError("a message is longer than 64 MiB"));
                }
                Err(Step::Incomplete) => return Ok(None),
                Err(Step::Malformed(what)) => return Err(DecodeError(what)),
            }
        }
        Ok(Some(self.position))
    }

    fn step(&mut self, decoder: &mut Decoder<'_>) -> Result<(), Step> {
        let opened = match decoder.datatype()? {
            Type::Array => decoder.array()?.map(Open::Elements),
            Type::Map => match decoder.map()?.map(|entries| entries.checked_mul(2)) {
                Some(None) => return Err(Step::Malformed("a map is too long")),
                elements => elements.flatten().map(Open::Elements),
            },
            Type::ArrayIndef | Type::MapIndef | Type::BytesIndef | Type::StringIndef => {
                decoder.set_position(decoder.position() + 1);
                Some(Open::UntilBreak)
            }
            Type::Tag => {
                decoder.tag()?;
                Some(Open::Elements(1))
            }
            Type::Break => {
                let Some(Open::UntilBreak) = self.open.pop() else {
                    return Err(Step::Malformed("a break that ends nothing"));
                };
                decoder.set_position(decoder.position() + 1);
                self.complete();
                return Ok(());
            }
            _ => {
                decoder.skip()?;
                None
            }
        };
        match opened {
            Some(Open::Elements(0)) | None => self.complete(),
            Some(_) if self.open.len() == DEEPEST => {
                return Err(Step::Malformed("values nest too deep"));
            }
            Some(container) => self.open.push(container),
        }
        Ok(())
    }

    /// A value is complete, and with it every container of which it was the last element.
    fn complete(&mut self) {
        loop {
            match self.open.last_mut() {
                None => {
                    self.values += 1;
                    return;
                }
                Some(Open::UntilBreak) => return,
                Some(Open::Elements(left)) if *left > 1 => {
                    *left -= 1;
                    return;
                }
                Some(Open::Elements(_)) => {
                    self.open.pop();
                }
            }
        }
    }
}

enum Step {
    Incomplete,
    Malformed(&'static str),
}

impl From<minicbor::decode::Error> for Step {
    fn from(error: minicbor::decode::Error) -> Self {
        if error.is_end_of_input() {
            return Step::Incomplete;
        }
        Step::Malformed("a byte that begins no value")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_found_whatever_the_pieces() {
        // [], {0: h'0102', 1: (tag 4 [1, 2])}, then another message.
        let bytes = b"\x80\xbf\x00\x42\x01\x02\x01\xc4\x82\x01\x02\xff\x80";
        let mut extent = Extent::default();
        for end in 0..12 {
            assert_eq!(extent.of(2, &bytes[..end]).unwrap(), None, "{end}");
        }
        assert_eq!(extent.of(2, bytes).unwrap(), Some(12));
    }

    #[test]
    fn rubbish_is_refused() {
        for bytes in [&b"\xff"[..], b"\x1c", &[0x81; 100]] {
            assert!(Extent::default().of(1, bytes).is_err(), "{bytes:x?}");
        }
    }
}
