//! What a call costs where its answer does not say: DynamoDB's own rules.

use serde_json::Value as Json;

/// A write unit pays for so many bytes.
const WRITE_UNIT: usize = 1024;

/// What a write takes that its condition refused. It is charged by the size of the item, and by the
/// larger one where the item that is there and the one that was sent differ (Developer Guide,
/// "DynamoDB capacity unit consumption for write operations").
pub fn units_of_refused_write(there: Option<&Json>, sent: Option<&Json>) -> f64 {
    let larger = size_of(there).max(size_of(sent));
    larger.div_ceil(WRITE_UNIT).max(1) as f64
}

/// The size in bytes of an item in DynamoDB's JSON: its names in UTF-8 and its values (Developer
/// Guide, "DynamoDB item sizes and formats").
fn size_of(item: Option<&Json>) -> usize {
    let attributes = item.and_then(Json::as_object).into_iter().flatten();
    attributes
        .map(|(name, value)| name.len() + size_of_value(value))
        .sum()
}

fn size_of_value(value: &Json) -> usize {
    let Some((kind, value)) = value.as_object().and_then(|value| value.iter().next()) else {
        return 0;
    };
    let text = value.as_str().unwrap_or_default();
    match kind.as_str() {
        "S" => text.len(),
        // About a byte for two digits, and one more.
        "N" => text.len().div_ceil(2) + 1,
        // Base64 takes four characters for three bytes.
        "B" => text.trim_end_matches('=').len() * 3 / 4,
        "M" => 3 + value.as_object().map_or(0, |entries| entries.len()) + size_of(Some(value)),
        "L" => {
            let values = value.as_array().into_iter().flatten();
            3 + values.map(|value| 1 + size_of_value(value)).sum::<usize>()
        }
        "SS" | "NS" | "BS" => {
            let values = value.as_array().into_iter().flatten();
            values.filter_map(Json::as_str).map(str::len).sum()
        }
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refused_write_pays_for_the_larger_item() {
        let small = json!({"userId": {"S": "a"}});
        let large = json!({"userId": {"S": "a".repeat(1500)}});
        for (there, sent, units) in [
            (None, None, 1.0),
            (None, Some(&small), 1.0),
            (Some(&small), Some(&large), 2.0),
            (Some(&large), Some(&small), 2.0),
        ] {
            assert_eq!(units_of_refused_write(there, sent), units);
        }
    }

    #[test]
    fn names_and_values_of_an_item_are_counted() {
        let item = json!({
            "userId": {"S": "alice"},
            "mapAttr": {"M": {"count": {"N": "12"}, "list": {"L": [{"S": "é"}, {"BOOL": true}]}}},
            "earlier": {"B": "AAAAAAAAAAA="},
        });
        // The map: 3, an entry each, "count" with 2, "list" with 3 and 1 + 2 and 1 + 1.
        let map = 3 + 2 + (5 + 2) + (4 + 3 + 3 + 2);
        assert_eq!(size_of(Some(&item)), (6 + 5) + (7 + map) + (7 + 8));
    }
}
