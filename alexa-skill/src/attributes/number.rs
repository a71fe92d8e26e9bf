//! DynamoDB's number: decimal, exact, 38 digits.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

/// Digits that DynamoDB keeps (Developer Guide, "Supported data types").
const MOST_DIGITS: usize = 38;
/// The exponents, in scientific notation with one digit before the point, of the smallest and the
/// largest magnitude that DynamoDB keeps (1E-130 and 9.99…E+125).
const EXPONENTS: std::ops::RangeInclusive<i64> = -130..=125;

/// The name under which a [`Number`] tells this crate's serializer that its text is a number.
pub(super) const TOKEN: &str = "$alexa_skill::Number";

/// A decimal number, kept digit for digit.
///
/// A field of this type reads and writes any number that DynamoDB can hold without rounding it,
/// where an `f64` would.
///
/// ```
/// use alexa_skill::attributes::Number;
///
/// let price: Number = "0.10000000000000000000000000000000000001".parse()?;
/// assert_eq!(price.as_str(), "0.10000000000000000000000000000000000001");
/// assert!("1e126".parse::<Number>().is_err());
/// # Ok::<(), alexa_skill::attributes::NumberError>(())
/// ```
///
/// Numbers are equal when their values are: `1`, `1.0` and `10E-1` are one number.
#[derive(Debug, Clone)]
pub struct Number(String);

/// Why a text or a float is no DynamoDB number. The message does not show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// Not a decimal number at all, NaN and infinity among them.
    #[error("not a number that DynamoDB can hold, as NaN, infinity and other text are none")]
    NotANumber,
    /// More significant digits than 38.
    #[error("a number of more than 38 significant digits, the most that DynamoDB keeps")]
    TooManyDigits,
    /// A magnitude outside 1E-130 to 9.99E+125.
    #[error("a number outside DynamoDB's range of 1E-130 to 9.99E+125")]
    OutOfRange,
}

impl Number {
    /// The number as DynamoDB's wire format writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A number that lies in a table: the store has judged it, and it goes back as it came.
    #[cfg(any(feature = "dynamodb-core", feature = "s3"))]
    pub(crate) fn as_stored(digits: String) -> Number {
        Number(digits)
    }

    /// The number as an integer, when it is one: `100`, `1E2` and `100.0` all are.
    pub(crate) fn integer<T: FromStr>(&self) -> Option<T> {
        if let Ok(whole) = self.0.parse() {
            return Some(whole);
        }
        let parts = Parts::of(&self.0)?;
        let zeros = usize::try_from(parts.exponent).ok()?;
        if zeros > MOST_DIGITS + 1 {
            return None;
        }
        let sign = if parts.negative { "-" } else { "" };
        format!("{sign}{}{}", parts.digits, "0".repeat(zeros))
            .parse()
            .ok()
    }

    pub(super) fn float(&self) -> Option<f64> {
        self.0.parse().ok()
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.0 == other.0
            || Parts::of(&self.0).is_some_and(|parts| Some(parts) == Parts::of(&other.0))
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // `as_stored` takes any text. One that is no number has no parts, and equals only itself.
        match Parts::of(&self.0) {
            Some(parts) => parts.hash(state),
            None => self.0.hash(state),
        }
    }
}

/// By value. A text that is no number, which `as_stored` takes too, comes after all numbers.
impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        match (Parts::of(&self.0), Parts::of(&other.0)) {
            (Some(parts), Some(others)) => parts.cmp(&others),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => self.0.cmp(&other.0),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A decimal text taken apart: `digits` without leading and trailing zeros, times 10^`exponent`.
#[derive(PartialEq, Eq, Hash)]
struct Parts {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Parts {
    fn of(text: &str) -> Option<Parts> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let negative = mantissa.starts_with('-');
        let mantissa = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = digits.trim_end_matches('0');
        let exponent = exponent
            .checked_sub(i64::try_from(fraction.len()).ok()?)?
            .checked_add(i64::try_from(digits.len() - significant.len()).ok()?)?;
        let significant = significant.trim_start_matches('0');
        if significant.is_empty() {
            return Some(Parts {
                negative: false,
                digits: "0".into(),
                exponent: 0,
            });
        }
        Some(Parts {
            negative,
            digits: significant.into(),
            exponent,
        })
    }
}

impl Parts {
    fn sign(&self) -> i8 {
        match (self.digits.as_str(), self.negative) {
            ("0", _) => 0,
            (_, true) => -1,
            (_, false) => 1,
        }
    }

    /// The exponent in scientific notation, with one digit before the point.
    fn magnitude(&self) -> i64 {
        self.exponent.saturating_add(self.digits.len() as i64 - 1)
    }

    fn cmp(&self, other: &Parts) -> Ordering {
        let sign = self.sign();
        // Without zeros at the ends, digits of one magnitude are ordered as texts.
        let distance = || (self.magnitude(), &self.digits).cmp(&(other.magnitude(), &other.digits));
        sign.cmp(&other.sign()).then_with(|| match sign {
            0 => Ordering::Equal,
            1 => distance(),
            _ => distance().reverse(),
        })
    }
}

impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let parts = Parts::of(text).ok_or(NumberError::NotANumber)?;
        if parts.digits.len() > MOST_DIGITS {
            return Err(NumberError::TooManyDigits);
        }
        if parts.digits != "0" && !EXPONENTS.contains(&parts.magnitude()) {
            return Err(NumberError::OutOfRange);
        }
        Ok(Number(text.into()))
    }
}

impl TryFrom<f64> for Number {
    type Error = NumberError;

    fn try_from(float: f64) -> Result<Self, NumberError> {
        // Scientific notation keeps 1e125 from being written as 126 digits.
        let text = if float == 0.0 || (1e-5..1e17).contains(&float.abs()) {
            float.to_string()
        } else {
            format!("{float:e}")
        };
        text.parse()
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! from_small_integers {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Number {
            fn from(integer: $integer) -> Self {
                Number(integer.to_string())
            }
        }
    )*};
}
from_small_integers!(i8 u8 i16 u16 i32 u32 i64 u64);

impl TryFrom<i128> for Number {
    type Error = NumberError;

    fn try_from(integer: i128) -> Result<Self, NumberError> {
        integer.to_string().parse()
    }
}

impl TryFrom<u128> for Number {
    type Error = NumberError;

    fn try_from(integer: u128) -> Result<Self, NumberError> {
        integer.to_string().parse()
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(TOKEN, &self.0)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;

        impl<'de> Visitor<'de> for NumberVisitor {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Number, D::Error> {
                deserializer.deserialize_any(self)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
                // The error of `parse` has the text, which is the user's.
                let refused = |_| E::invalid_value(Unexpected::Str(text), &self);
                text.parse().map_err(refused)
            }
            fn visit_i64<E: de::Error>(self, integer: i64) -> Result<Number, E> {
                Ok(integer.into())
            }
            fn visit_u64<E: de::Error>(self, integer: u64) -> Result<Number, E> {
                Ok(integer.into())
            }
            fn visit_i128<E: de::Error>(self, integer: i128) -> Result<Number, E> {
                integer.try_into().map_err(E::custom)
            }
            fn visit_u128<E: de::Error>(self, integer: u128) -> Result<Number, E> {
                integer.try_into().map_err(E::custom)
            }
            fn visit_f64<E: de::Error>(self, float: f64) -> Result<Number, E> {
                float.try_into().map_err(E::custom)
            }
        }
        deserializer.deserialize_newtype_struct(TOKEN, NumberVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_of_dynamodbs_range_are_kept_and_one_beyond_is_refused() {
        for kept in [
            "0",
            "-0",
            "1e-130",
            "9.99e125",
            "-9.99e125",
            &"9".repeat(38),
            "1e125",
            "0e999",
        ] {
            assert!(kept.parse::<Number>().is_ok(), "{kept}");
        }
        for refused in ["1e126", "9e-131", &"9".repeat(39)] {
            let error = refused.parse::<Number>().unwrap_err();
            assert!(
                !matches!(error, NumberError::NotANumber),
                "{refused}: {error}"
            );
        }
        for no_number in [
            "",
            "-",
            ".",
            "e5",
            "NaN",
            "inf",
            "1.2.3",
            "0x10",
            "1e",
            "١",
            "1e99999999999999999999",
        ] {
            let error = no_number.parse::<Number>().unwrap_err();
            assert!(
                matches!(error, NumberError::NotANumber),
                "{no_number}: {error}"
            );
        }
    }

    #[test]
    fn an_integer_is_read_from_every_way_of_writing_it() {
        for written in ["100", "1e2", "1E+2", "100.0", "10.0e1", "+100"] {
            let number: Number = written.parse().unwrap();
            assert_eq!(number.integer::<u8>(), Some(100), "{written}");
        }
        let fraction: Number = "1.5".parse().unwrap();
        assert_eq!(fraction.integer::<i64>(), None);
        assert_eq!(fraction.float(), Some(1.5));
        let huge: Number = "1e125".parse().unwrap();
        assert_eq!(huge.integer::<u128>(), None);
    }

    #[test]
    fn numbers_are_equal_by_value() {
        let number = |text: &str| text.parse::<Number>().unwrap();
        for same in ["1.0", "10e-1", "+1", "001", "0.1E1"] {
            assert_eq!(number(same), number("1"));
        }
        assert_eq!(number("-0"), number("0.00"));
        assert_ne!(number("-1"), number("1"));
        assert_ne!(number("10"), number("1"));
    }

    #[test]
    fn numbers_are_ordered_by_value() {
        let ordered = [
            "-2e3", "-1.5", "-1", "-1e-9", "0", "1e-130", "0.9", "1", "1.05", "1.1", "9", "10",
            "9e125",
        ];
        let ordered = ordered.map(|text| text.parse::<Number>().unwrap());
        assert!(ordered.is_sorted_by(|one, next| one < next));
        assert!(ordered.iter().rev().is_sorted_by(|one, next| one > next));
        let one: Number = "1.0".parse().unwrap();
        assert_eq!(one.cmp(&ordered[7]), Ordering::Equal);
    }

    #[test]
    fn floats_become_numbers_except_those_that_are_none() {
        assert_eq!(Number::try_from(0.1).unwrap().as_str(), "0.1");
        assert_eq!(Number::try_from(-0.0).unwrap().integer::<i64>(), Some(0));
        assert_eq!(Number::try_from(1e120).unwrap().as_str(), "1e120");
        for refused in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, 1e-300] {
            assert!(Number::try_from(refused).is_err(), "{refused}");
        }
    }
}
