//! What a call costs where its answer does not say: DynamoDB's own rules.

use alexa_skill::attributes::size_in_bytes;
use serde_json::Value as Json;

use crate::dynamodb_json;

/// A write unit pays for so many bytes.
const WRITE_UNIT: usize = 1024;

/// What a write takes that its condition refused. It is charged by the size of the item, and by the
/// larger one where the item that is there and the one that was sent differ (Developer Guide,
/// "DynamoDB capacity unit consumption for write operations").
pub fn units_of_refused_write(there: Option<&Json>, sent: Option<&Json>) -> f64 {
    let larger = size_of(there).max(size_of(sent));
    larger.div_ceil(WRITE_UNIT).max(1) as f64
}

/// The size in bytes of an item in DynamoDB's JSON; nothing of one that is not.
fn size_of(item: Option<&Json>) -> usize {
    let item = item.and_then(Json::as_object);
    let item = item.and_then(|item| dynamodb_json::read(item).ok());
    item.as_ref().map_or(0, size_in_bytes)
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
    fn an_item_is_as_large_as_the_library_counts_it() {
        let item = json!({
            "userId": {"S": "alice"},
            "mapAttr": {"M": {"count": {"N": "1200"}, "list": {"L": [{"S": "é"}, {"BOOL": true}]}}},
            "earlier": {"B": "AAAAAAAAAAA="},
            "numbers": {"NS": ["1200", "-7"]},
            "binary": {"BS": ["AAA=", "AA=="]},
        });
        // The map: 3, an entry each, "count" with 2, "list" with 3 and 1 + 2 and 1 + 1.
        let map = 3 + 2 + (5 + 2) + (4 + 3 + 3 + 2);
        let sets = (7 + 2 + 3) + (6 + 2 + 1);
        let all = (6 + 5) + (7 + map) + (7 + 8) + sets;
        assert_eq!(size_of(Some(&item)), all);
        assert_eq!(size_of(Some(&json!({"userId": "alice"}))), 0);
    }
}
