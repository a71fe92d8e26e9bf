//! How large DynamoDB counts an item (Developer Guide, "DynamoDB item sizes and formats").

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::attributes::size::size_of_number;

/// The largest item, in bytes; a KB is 1,024 bytes here.
pub(super) const MOST_BYTES: usize = 400 * 1024;

/// An item's size in bytes: its names in UTF-8 and its values. Numbers are counted as the guide
/// says, about a byte for two digits and one more, so the sum may be a few bytes off.
pub(super) fn size_of(item: &HashMap<String, AttributeValue>) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + size_of_value(value))
        .sum()
}

fn size_of_value(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => size_of_number(digits),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Bool(_) | AttributeValue::Null(_) => 1,
        // Three bytes for the list or map itself, one for each element.
        AttributeValue::L(values) => {
            3 + values
                .iter()
                .map(|value| 1 + size_of_value(value))
                .sum::<usize>()
        }
        AttributeValue::M(entries) => 3 + entries.len() + size_of(entries),
        AttributeValue::Ss(set) => set.iter().map(String::len).sum(),
        AttributeValue::Ns(set) => set.iter().map(|digits| size_of_number(digits)).sum(),
        AttributeValue::Bs(set) => set.iter().map(|bytes| bytes.as_ref().len()).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_developer_guide() {
        let item = |value| HashMap::from([("ab".to_owned(), value)]);
        assert_eq!(size_of(&item(AttributeValue::S("é".into()))), 2 + 2);
        assert_eq!(size_of(&item(AttributeValue::N("123".into()))), 2 + 3);
        assert_eq!(size_of(&item(AttributeValue::N("-12000".into()))), 2 + 3);
        assert_eq!(size_of(&item(AttributeValue::Null(true))), 2 + 1);
        let list = AttributeValue::L(vec![AttributeValue::Bool(true)]);
        assert_eq!(size_of(&item(list)), 2 + 3 + 1 + 1);
        let map = AttributeValue::M(item(AttributeValue::Bool(true)));
        assert_eq!(size_of(&item(map)), 2 + 3 + 1 + 2 + 1);
    }
}
