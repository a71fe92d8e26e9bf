//! How large DynamoDB counts attributes (Developer Guide, "DynamoDB item sizes and formats").

use super::{Attributes, Number, Value};

/// The bytes that DynamoDB counts for an item or a map of attributes: the names in UTF-8 and the
/// values. Numbers are counted as the guide says, about a byte for two digits and one more, so the
/// sum may be a few bytes off.
///
/// ```
/// use alexa_skill::attributes::{size_in_bytes, to_attributes};
///
/// let visits = to_attributes(&serde_json::json!({"count": 12}))?;
/// assert_eq!(size_in_bytes(&visits), "count".len() + 2);
/// # Ok::<(), alexa_skill::attributes::AttributesError>(())
/// ```
pub fn size_in_bytes(attributes: &Attributes) -> usize {
    let attributes = attributes.iter();
    attributes
        .map(|(name, value)| name.len() + size_of_value(value))
        .sum()
}

/// The bytes of an M: three for itself, and one for each entry.
pub(crate) fn size_of_map(entries: &Attributes) -> usize {
    3 + entries.len() + size_in_bytes(entries)
}

fn size_of_value(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Number(number) => size_of_number(number),
        Value::String(text) => text.len(),
        Value::Binary(bytes) => bytes.len(),
        Value::List(values) => {
            let values = values.iter();
            3 + values.map(|value| 1 + size_of_value(value)).sum::<usize>()
        }
        Value::Map(entries) => size_of_map(entries),
        Value::StringSet(set) => set.iter().map(String::len).sum(),
        Value::NumberSet(set) => set.iter().map(size_of_number).sum(),
        Value::BinarySet(set) => set.iter().map(Vec::len).sum(),
    }
}

/// Zeros at either end are not counted.
fn size_of_number(number: &Number) -> usize {
    let digits = number.as_str();
    let mantissa = digits.split(['e', 'E']).next().unwrap_or(digits);
    let negative = usize::from(mantissa.starts_with('-'));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len().div_ceil(2) + 1 + negative
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_developer_guide() {
        let item = |value| Attributes::from([("ab".to_owned(), value)]);
        let size = |value| size_in_bytes(&item(value));
        let number = |digits: &str| Value::Number(digits.parse().unwrap());
        assert_eq!(size("é".into()), 2 + 2);
        assert_eq!(size(number("123")), 2 + 3);
        assert_eq!(size(number("-12000")), 2 + 3);
        assert_eq!(size(number("1.50")), 2 + 2);
        assert_eq!(size(Value::Null), 2 + 1);
        assert_eq!(size(Value::List(vec![true.into()])), 2 + 3 + 1 + 1);
        assert_eq!(size(Value::Map(item(true.into()))), 2 + 3 + 1 + 2 + 1);
        let numbers = ["10", "-7"].map(|digits| digits.parse().unwrap());
        assert_eq!(size(Value::NumberSet(numbers.into())), 2 + 2 + 3);
        let binary = vec![vec![0; 3], vec![0]];
        assert_eq!(size(Value::BinarySet(binary)), 2 + 3 + 1);
        let strings = ["é".to_owned(), String::new()];
        assert_eq!(size(Value::StringSet(strings.into())), 2 + 2);
    }
}
