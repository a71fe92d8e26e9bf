//! How large DynamoDB counts attributes (Developer Guide, "DynamoDB item sizes and formats").

#[cfg(feature = "metrics")]
use super::{Attributes, Value};

/// The bytes of a map of attributes: its names in UTF-8 and its values.
#[cfg(feature = "metrics")]
pub(crate) fn size_of(attributes: &Attributes) -> usize {
    let attributes = attributes.iter();
    attributes
        .map(|(name, value)| name.len() + size_of_value(value))
        .sum()
}

#[cfg(feature = "metrics")]
fn size_of_value(value: &Value) -> usize {
    let number = |number: &super::Number| size_of_number(number.as_str());
    match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Number(digits) => number(digits),
        Value::String(text) => text.len(),
        Value::Binary(bytes) => bytes.len(),
        // Three bytes for the list or map itself, one for each element.
        Value::List(values) => {
            let values = values.iter();
            3 + values.map(|value| 1 + size_of_value(value)).sum::<usize>()
        }
        Value::Map(entries) => 3 + entries.len() + size_of(entries),
        Value::StringSet(set) => set.iter().map(String::len).sum(),
        Value::NumberSet(set) => set.iter().map(number).sum(),
        Value::BinarySet(set) => set.iter().map(Vec::len).sum(),
    }
}

/// About a byte for two digits, and one more.
pub(crate) fn size_of_number(digits: &str) -> usize {
    let mantissa = digits.split(['e', 'E']).next().unwrap_or(digits);
    let negative = usize::from(mantissa.starts_with('-'));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len().div_ceil(2) + 1 + negative
}
