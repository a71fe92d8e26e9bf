//! Items as the chapters show them.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value as Json, json};

/// An item with its key first, its attributes second, and an example for what differs from run to
/// run.
pub fn shown(mut item: HashMap<String, AttributeValue>) -> String {
    if item.contains_key("requestId") {
        let id = "amzn1.echo-api.request.EXAMPLE".to_owned();
        item.insert("requestId".into(), AttributeValue::S(id));
    }
    if item.contains_key("earlierRequests") {
        let digests = AttributeValue::B(Blob::new("EXAMPLE!"));
        item.insert("earlierRequests".into(), digests);
    }
    let mut lines = Vec::new();
    let first = [
        "userId",
        "id",
        "owner",
        "skill",
        "mapAttr",
        "attributes",
        "state",
        "version",
    ];
    for name in first {
        lines.extend(item.remove(name).map(|value| (name.to_owned(), value)));
    }
    lines.extend(item.into_iter().collect::<BTreeMap<_, _>>());
    let lines = lines
        .iter()
        .map(|(name, value)| format!("  \"{name}\": {}", notation(value)));
    format!("{{\n{}\n}}\n", lines.collect::<Vec<_>>().join(",\n"))
}

/// A value in DynamoDB's JSON notation, which names each value's type.
pub fn notation(value: &AttributeValue) -> Json {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(digits) => json!({ "N": digits }),
        AttributeValue::B(bytes) => json!({ "B": aws_smithy_types::base64::encode(bytes) }),
        AttributeValue::Null(flag) => json!({ "NULL": flag }),
        AttributeValue::M(entries) => {
            let entries = entries.iter().collect::<BTreeMap<_, _>>().into_iter();
            let entries = entries.map(|(name, value)| (name.clone(), notation(value)));
            json!({ "M": entries.collect::<Map<_, _>>() })
        }
        other => unimplemented!("no snapshot shows {other:?}"),
    }
}
