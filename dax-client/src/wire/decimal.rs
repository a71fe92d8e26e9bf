//! DynamoDB's numbers: decimals of up to 38 digits, which travel as integers, bignums or decimal
//! fractions (RFC 8949, section 3.4).

use minicbor::data::Type;
use num_bigint::{BigInt, BigUint, Sign};

use super::cbor::{Reader, Writer};
use crate::error::{DecodeError, Error};

const POSITIVE_BIGNUM: u64 = 2;
const NEGATIVE_BIGNUM: u64 = 3;
const DECIMAL_FRACTION: u64 = 4;

/// The most significant digits, and the largest magnitude of an exponent that is still written
/// out: DynamoDB's numbers end at 9.9E+125 and 1E-130.
const DIGITS: usize = 38;
const EXPONENT: i64 = 200;

/// `mantissa * 10^exponent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) mantissa: i128,
    pub(crate) exponent: i32,
}

impl Decimal {
    /// Reads a number as DynamoDB's API writes it, digits as they are given.
    pub(crate) fn parse(text: &str) -> Result<Decimal, Error> {
        parse(text).ok_or_else(|| Error::Number(text.to_owned()))
    }

    /// The same number with no zero at the end of the mantissa.
    pub(crate) fn normalized(mut self) -> Decimal {
        if self.mantissa == 0 {
            self.exponent = 0;
        }
        while self.mantissa != 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.exponent += 1;
        }
        self
    }

    /// The number written out, as DynamoDB does.
    pub(crate) fn to_plain(self) -> Result<String, DecodeError> {
        plain(&self.mantissa.to_string(), self.exponent.into())
    }
}

fn parse(text: &str) -> Option<Decimal> {
    let (text, negative) = match text.as_bytes().first()? {
        b'-' => (&text[1..], true),
        b'+' => (&text[1..], false),
        _ => (text, false),
    };
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.len() + fraction.len() == 0 || fraction.len() > 1000 || exponent.abs() > 1000 {
        return None;
    }
    let mut exponent = exponent - i32::try_from(fraction.len()).ok()?;
    let mut digits = [whole, fraction].concat();
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let leading = digits.len() - digits.trim_start_matches('0').len();
    digits.drain(..leading);
    while digits.len() > DIGITS && digits.ends_with('0') {
        digits.pop();
        exponent += 1;
    }
    if digits.len() > DIGITS {
        return None;
    }
    let mantissa: i128 = if digits.is_empty() {
        0
    } else {
        digits.parse().ok()?
    };
    let magnitude = exponent + i32::try_from(digits.len()).ok()?;
    if mantissa != 0 && !(-129..=126).contains(&magnitude) {
        return None;
    }
    Some(Decimal {
        mantissa: if negative { -mantissa } else { mantissa },
        exponent,
    })
}

/// Writes a number: what has no point and no exponent as an integer, all else as a decimal
/// fraction, as the Python client does.
pub(crate) fn write(writer: &mut Writer, text: &str) -> Result<(), Error> {
    let mut decimal = Decimal::parse(text)?;
    if decimal.exponent == 0 && !text.contains(['.', 'e', 'E']) {
        writer.big_int(decimal.mantissa);
        return Ok(());
    }
    if decimal.exponent == 0 {
        decimal = decimal.normalized();
    }
    writer.tag(DECIMAL_FRACTION);
    writer.array(2);
    writer.int(decimal.exponent.into());
    writer.big_int(decimal.mantissa);
    Ok(())
}

/// Whether a value of this type, with this tag if it is one, is a number.
pub(crate) fn is_number(kind: Type) -> bool {
    matches!(
        kind,
        Type::U8
            | Type::U16
            | Type::U32
            | Type::U64
            | Type::I8
            | Type::I16
            | Type::I32
            | Type::I64
            | Type::Int
            | Type::F32
            | Type::F64
    )
}

/// Reads a number in any of its forms into DynamoDB's text.
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<String, DecodeError> {
    match reader.peek()? {
        Type::Tag => {
            let tag = reader.tag()?;
            read_tagged(reader, tag)
        }
        Type::F32 | Type::F64 => {
            let float = reader.float()?;
            if float.is_finite() {
                return Ok(float.to_string());
            }
            Err(DecodeError("a number is not finite"))
        }
        _ => Ok(reader.wide_int()?.to_string()),
    }
}

/// Reads a number whose tag was read already.
pub(crate) fn read_tagged(reader: &mut Reader<'_>, tag: u64) -> Result<String, DecodeError> {
    match tag {
        DECIMAL_FRACTION => {
            reader.array_of(2)?;
            let exponent = reader.int()?;
            let mantissa = match reader.peek()? {
                Type::Tag => {
                    let tag = reader.tag()?;
                    bignum(reader, tag)?
                }
                _ => reader.wide_int()?.to_string(),
            };
            plain(&mantissa, exponent)
        }
        _ => bignum(reader, tag),
    }
}

fn bignum(reader: &mut Reader<'_>, tag: u64) -> Result<String, DecodeError> {
    let bytes = reader.bytes()?;
    // 10^126 has 53 bytes.
    if bytes.len() > 64 {
        return Err(DecodeError("a number is too large"));
    }
    match tag {
        POSITIVE_BIGNUM => Ok(BigUint::from_bytes_be(&bytes).to_string()),
        NEGATIVE_BIGNUM => {
            Ok((BigInt::from(-1) - BigInt::from_bytes_be(Sign::Plus, &bytes)).to_string())
        }
        _ => Err(DecodeError("a tag that marks no number")),
    }
}

/// Writes `mantissa * 10^exponent` out, as DynamoDB does.
fn plain(mantissa: &str, exponent: i64) -> Result<String, DecodeError> {
    if !(-EXPONENT..=EXPONENT).contains(&exponent) {
        return Err(DecodeError("a number is too large"));
    }
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", mantissa),
    };
    if digits == "0" {
        return Ok("0".to_owned());
    }
    if exponent >= 0 {
        let zeros = "0".repeat(exponent.unsigned_abs() as usize);
        return Ok(format!("{sign}{digits}{zeros}"));
    }
    let places = exponent.unsigned_abs() as usize;
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    Ok(format!("{sign}{whole}{point}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut writer = Writer::new();
        write(&mut writer, text).unwrap();
        hex::encode(writer.into_bytes())
    }

    #[test]
    fn numbers_are_written_as_the_python_client_writes_them() {
        for (text, expected) in [
            ("0", "00"),
            ("24", "1818"),
            ("-1", "20"),
            ("1.5", "c482200f"),
            ("1.50", "c482211896"),
            ("1e3", "c4820301"),
            ("1.00e2", "c4820201"),
            ("0.00000010", "c482270a"),
            ("18446744073709551615", "1bffffffffffffffff"),
            ("18446744073709551616", "c249010000000000000000"),
            ("-18446744073709551616", "3bffffffffffffffff"),
            ("-18446744073709551617", "c349010000000000000000"),
            ("1e100", "c482186401"),
            ("-0.5", "c4822024"),
            ("0.0", "c4822000"),
            (
                "12345678901234567890123456789012345678",
                "c2500949b0f6f0023313c4499050de38f34e",
            ),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_come_back_as_dynamodb_writes_them() {
        for (input, expected) in [
            ("00", "0"),
            ("c482200f", "1.5"),
            ("c482211896", "1.5"),
            ("c4820301", "1000"),
            ("c482270a", "0.0000001"),
            ("c349010000000000000000", "-18446744073709551617"),
            ("c240", "0"),
            ("fb3ff8000000000000", "1.5"),
        ] {
            let read = read(&mut Reader::new(&hex::decode(input).unwrap()));
            assert_eq!(read.unwrap(), expected, "{input}");
        }
    }

    #[test]
    fn what_dynamodb_does_not_keep_is_refused() {
        for text in [
            "", "-", ".", "1e", "x", "1e126", "1e-131", "٣", "NaN", "1.2.3",
        ] {
            assert!(Decimal::parse(text).is_err(), "{text}");
        }
        assert!(Decimal::parse(&"1".repeat(39)).is_err());
        assert!(Decimal::parse(&format!("1{}", "0".repeat(120))).is_ok());
    }

    #[test]
    fn an_exponent_does_not_choose_how_much_is_allocated() {
        for input in ["c4821b0fffffffffffffff01", "c4823b0fffffffffffffff01"] {
            assert!(read(&mut Reader::new(&hex::decode(input).unwrap())).is_err());
        }
    }
}
