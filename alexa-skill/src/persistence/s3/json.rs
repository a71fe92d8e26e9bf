//! Attributes as JSON and back, with every digit of a number.

use std::collections::BTreeMap;

use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::attributes::{Attributes, Number, Value};

/// Deeper than any state, and shallow enough for the stack.
const DEEPEST: usize = 128;

/// Why a text is no JSON object. The message holds nothing of the text.
#[derive(Debug, thiserror::Error)]
pub(super) enum JsonError {
    #[error("it is not JSON: {0}")]
    Syntax(#[from] serde_json::Error),
    #[error("it is JSON, but {0} and no object")]
    NoObject(&'static str),
    #[error("its lists and objects are nested more than {DEEPEST} deep")]
    TooDeep,
}

/// Reads attributes; an empty text has none.
pub(super) fn read(text: &[u8]) -> Result<Attributes, JsonError> {
    if text.trim_ascii().is_empty() {
        return Ok(Attributes::new());
    }
    match value_of(serde_json::from_slice(text)?, DEEPEST)? {
        Value::Map(attributes) => Ok(attributes),
        Value::Null => Err(JsonError::NoObject("null")),
        Value::Bool(_) => Err(JsonError::NoObject("a boolean")),
        Value::Number(_) => Err(JsonError::NoObject("a number")),
        Value::String(_) => Err(JsonError::NoObject("a string")),
        _ => Err(JsonError::NoObject("an array")),
    }
}

/// serde_json by itself rounds a number that is no integer of 64 bit, so each value is looked at
/// as it is written.
fn value_of(raw: &RawValue, deepest: usize) -> Result<Value, JsonError> {
    let text = raw.get();
    let deeper = || deepest.checked_sub(1).ok_or(JsonError::TooDeep);
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let deeper = deeper()?;
            let entries: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
            let value = |(name, raw)| Ok((name, value_of(raw, deeper)?));
            Value::Map(
                entries
                    .into_iter()
                    .map(value)
                    .collect::<Result<_, JsonError>>()?,
            )
        }
        Some(b'[') => {
            let deeper = deeper()?;
            let values: Vec<&RawValue> = serde_json::from_str(text)?;
            let values = values.into_iter().map(|raw| value_of(raw, deeper));
            Value::List(values.collect::<Result<_, _>>()?)
        }
        Some(b'-' | b'0'..=b'9') => Value::Number(Number::as_stored(text.to_owned())),
        _ => serde_json::from_str(text)?,
    })
}

/// Writes attributes. JSON has no sets and no binary: they become arrays, binary one of numbers.
pub(super) fn write(attributes: &Attributes) -> serde_json::Result<Vec<u8>> {
    let entries: BTreeMap<&String, Exact<'_>> = attributes
        .iter()
        .map(|(name, value)| (name, Exact(value)))
        .collect();
    serde_json::to_vec(&entries)
}

/// A value that serialises its numbers digit for digit.
struct Exact<'a>(&'a Value);

impl Serialize for Exact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Number(number) => digits(number)?.serialize(serializer),
            Value::List(values) => serializer.collect_seq(values.iter().map(Exact)),
            Value::Map(attributes) => {
                serializer.collect_map(attributes.iter().map(|(name, value)| (name, Exact(value))))
            }
            Value::NumberSet(set) => {
                let set: Result<Vec<_>, S::Error> = set.iter().map(digits).collect();
                serializer.collect_seq(set?)
            }
            other => other.serialize(serializer),
        }
    }
}

/// A number as JSON writes it: without a plus sign or zeros in front, and with digits on both
/// sides of the point.
fn digits<E: serde::ser::Error>(number: &Number) -> Result<Box<RawValue>, E> {
    let text = number.as_str();
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => ("-", text),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, format!("e{exponent}")),
        None => (text, String::new()),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    RawValue::from_string(format!("{sign}{whole}{point}{fraction}{exponent}")).map_err(E::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(attributes: &Attributes) -> String {
        String::from_utf8(write(attributes).unwrap()).unwrap()
    }

    #[test]
    fn every_digit_of_a_number_is_kept() {
        let number = "0.1234567890123456789012345678901234567";
        let integer = "-99999999999999999999999999999999999999";
        let text = format!(r#"{{"a":[{number}],"b":{{"c":{integer}}},"d":1E+2,"e":1e300}}"#);
        let attributes = read(text.as_bytes()).unwrap();
        assert_eq!(written(&attributes), text.replace("1E+2", "1e+2"));
    }

    #[test]
    fn a_number_is_written_as_json_allows_it() {
        for (number, json) in [
            ("+1", "1"),
            ("007", "7"),
            (".5", "0.5"),
            ("-.5e1", "-0.5e1"),
            ("1.", "1"),
            ("-0", "-0"),
            ("00", "0"),
        ] {
            let number = Value::Number(number.parse().unwrap());
            let attributes = Attributes::from([("n".to_owned(), number)]);
            assert_eq!(written(&attributes), format!(r#"{{"n":{json}}}"#));
        }
    }

    #[test]
    fn texts_nulls_and_empty_values_come_back_as_they_were() {
        let text = "{\"\":\"\",\"a\\n\":[],\"b\":{},\"c\":null,\"d\":true,\"é\":\"😀\\u0000\"}";
        assert_eq!(written(&read(text.as_bytes()).unwrap()), text);
    }

    #[test]
    fn sets_and_binary_become_arrays() {
        let attributes = Attributes::from([
            ("binary".into(), Value::Binary(vec![0, 255])),
            ("numbers".into(), Value::NumberSet(vec![1.into()])),
            ("strings".into(), Value::StringSet(vec!["a".into()])),
        ]);
        let text = r#"{"binary":[0,255],"numbers":[1],"strings":["a"]}"#;
        assert_eq!(written(&attributes), text);
    }

    #[test]
    fn what_is_no_object_is_refused_without_a_word_of_it() {
        for text in [
            "{\"name\":\"secret",
            "[\"secret\"]",
            "\"secret\"",
            "null",
            "1",
            "secret",
        ] {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
        assert!(matches!(read(b"\xff{}"), Err(JsonError::Syntax(_))));
        assert!(read(b" \n").unwrap().is_empty());
    }

    #[test]
    fn any_depth_is_answered_and_128_is_read() {
        let nested = |depth: usize| {
            let (open, close) = ("[".repeat(depth - 1), "]".repeat(depth - 1));
            read(format!(r#"{{"a":{open}{close}}}"#).as_bytes())
        };
        assert!(nested(128).is_ok());
        assert!(matches!(nested(129), Err(JsonError::TooDeep)));
        assert!(nested(100_000).is_err());
    }
}
