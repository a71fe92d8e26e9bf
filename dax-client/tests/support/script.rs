//! The calls of `official/calls.json`, which every client makes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ScalarAttributeType};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dax_client::local::LocalDax;
use serde_json::{Map, Value, json};

use super::{Item, make_table};

/// A call of the script.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Scripted {
    pub call: String,
    pub input: Value,
    pub answer: Value,
    /// Only the official clients have this call.
    #[serde(default)]
    pub theirs: bool,
}

pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/official")
        .join(name)
}

pub fn script() -> Vec<Scripted> {
    let text = std::fs::read_to_string(path("calls.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The tables that the script uses, in an embedded store, where their names are free.
pub async fn start() -> LocalDax {
    let dax = LocalDax::start().unwrap();
    make_table(&dax, "users", None).await;
    make_table(&dax, "visits", Some(ScalarAttributeType::N)).await;
    dax
}

/// An answer without what says nothing, and with lists whose order is open in one order.
pub fn normalized(mut answer: Value) -> Value {
    const SHOWN: [&str; 8] = [
        "Attributes",
        "Count",
        "Item",
        "Items",
        "LastEvaluatedKey",
        "Responses",
        "ScannedCount",
        "error",
    ];
    let Some(fields) = answer.as_object_mut() else {
        return answer;
    };
    fields.retain(|name, value| {
        let is_empty = value.as_object().is_some_and(Map::is_empty)
            || value.as_array().is_some_and(Vec::is_empty);
        SHOWN.contains(&name.as_str()) && !value.is_null() && !is_empty
    });
    for items in fields
        .get_mut("Responses")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        if let Some(items) = items.1.as_array_mut() {
            items.sort_by_key(Value::to_string);
        }
    }
    plain_numbers(&mut answer);
    answer
}

/// Writes `1.25e+1` as `12.5`: the Node.js clients give large numbers with an exponent.
fn plain_numbers(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(number)) = fields.get_mut("N") {
                *number = plain(number);
            }
            fields.values_mut().for_each(plain_numbers);
        }
        Value::Array(elements) => elements.iter_mut().for_each(plain_numbers),
        _ => {}
    }
}

fn plain(number: &str) -> String {
    let Some((digits, exponent)) = number.split_once("e+") else {
        return number.to_owned();
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let exponent: usize = exponent.parse().unwrap();
    let fraction = format!("{fraction:0<exponent$}");
    let (more, rest) = fraction.split_at(exponent);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{whole}{more}{point}{rest}")
}

pub fn value_of(value: &Value) -> AttributeValue {
    let (kind, value) = value.as_object().unwrap().iter().next().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let bytes = |value: &Value| Blob::new(STANDARD.decode(text(value)).unwrap());
    let list = || value.as_array().unwrap().iter();
    match kind.as_str() {
        "S" => AttributeValue::S(text(value)),
        "N" => AttributeValue::N(text(value)),
        "B" => AttributeValue::B(bytes(value)),
        "BOOL" => AttributeValue::Bool(value.as_bool().unwrap()),
        "NULL" => AttributeValue::Null(true),
        "L" => AttributeValue::L(list().map(value_of).collect()),
        "M" => AttributeValue::M(item_of(value)),
        "SS" => AttributeValue::Ss(list().map(text).collect()),
        "NS" => AttributeValue::Ns(list().map(text).collect()),
        "BS" => AttributeValue::Bs(list().map(bytes).collect()),
        other => panic!("{other}"),
    }
}

pub fn item_of(value: &Value) -> Item {
    let entries = value.as_object().unwrap().iter();
    entries
        .map(|(name, value)| (name.clone(), value_of(value)))
        .collect()
}

pub fn names_of(value: &Value) -> HashMap<String, String> {
    serde_json::from_value(value.clone()).unwrap()
}

pub fn batch_of(value: &Value) -> HashMap<String, KeysAndAttributes> {
    let tables = value.as_object().unwrap().iter();
    let keys = |value: &Value| {
        KeysAndAttributes::builder()
            .set_keys(Some(
                value["Keys"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(item_of)
                    .collect(),
            ))
            .set_consistent_read(value.get("ConsistentRead").and_then(Value::as_bool))
            .set_projection_expression(string(value, "ProjectionExpression"))
            .build()
            .unwrap()
    };
    tables
        .map(|(table, value)| (table.clone(), keys(value)))
        .collect()
}

pub fn string(input: &Value, name: &str) -> Option<String> {
    input.get(name).and_then(Value::as_str).map(str::to_owned)
}

pub fn json_of(value: &AttributeValue) -> Value {
    let bytes = |bytes: &Blob| STANDARD.encode(bytes.as_ref());
    match value {
        AttributeValue::S(text) => json!({"S": text}),
        AttributeValue::N(number) => json!({"N": number}),
        AttributeValue::B(blob) => json!({"B": bytes(blob)}),
        AttributeValue::Bool(value) => json!({"BOOL": value}),
        AttributeValue::Null(_) => json!({"NULL": true}),
        AttributeValue::L(values) => json!({"L": values.iter().map(json_of).collect::<Vec<_>>()}),
        AttributeValue::M(entries) => json!({"M": json_of_item(entries)}),
        AttributeValue::Ss(set) => json!({"SS": set}),
        AttributeValue::Ns(set) => json!({"NS": set}),
        AttributeValue::Bs(set) => json!({"BS": set.iter().map(bytes).collect::<Vec<_>>()}),
        other => panic!("{other:?}"),
    }
}

pub fn json_of_item(item: &Item) -> Value {
    item.iter()
        .map(|(name, value)| (name.clone(), json_of(value)))
        .collect::<Map<_, _>>()
        .into()
}

pub fn json_of_items(items: &[Item]) -> Value {
    items.iter().map(json_of_item).collect()
}

pub fn json_of_error<E: ProvideErrorMetadata + std::fmt::Debug>(error: SdkError<E>) -> Value {
    match error.code() {
        Some(code) => json!({ "error": code }),
        None => panic!("{error:?}"),
    }
}

/// Makes one of the script's calls with `$client`, this crate's or the AWS SDK's: the same lines
/// compile for both.
#[macro_export]
macro_rules! make_call {
    ($client:expr, $scripted:expr) => {{
        use serde_json::{Value, json};
        use $crate::support::script::*;
        let input = &$scripted.input;
        let text = |name| string(input, name);
        let names = || input.get("ExpressionAttributeNames").map(names_of);
        let values = || input.get("ExpressionAttributeValues").map(item_of);
        let key = || input.get("Key").map(item_of);
        let truth = |name| input.get(name).and_then(Value::as_bool);
        let number = |name| input.get(name).and_then(Value::as_i64).map(|it| it as i32);
        let returned = || text("ReturnValues").map(|it| it.as_str().into());
        macro_rules! answer {
            ($sent:expr, $name:literal, $field:ident) => {
                match $sent {
                    Ok(answer) => match answer.$field {
                        Some(item) => json!({ $name: json_of_item(&item) }),
                        None => json!({}),
                    },
                    Err(error) => json_of_error(error),
                }
            };
        }
        let answer = match $scripted.call.as_str() {
            "GetItem" => answer!(
                $client
                    .get_item()
                    .set_table_name(text("TableName"))
                    .set_key(key())
                    .set_consistent_read(truth("ConsistentRead"))
                    .set_projection_expression(text("ProjectionExpression"))
                    .set_expression_attribute_names(names())
                    .send()
                    .await,
                "Item",
                item
            ),
            "PutItem" => answer!(
                $client
                    .put_item()
                    .set_table_name(text("TableName"))
                    .set_item(input.get("Item").map(item_of))
                    .set_condition_expression(text("ConditionExpression"))
                    .set_expression_attribute_names(names())
                    .set_expression_attribute_values(values())
                    .set_return_values(returned())
                    .send()
                    .await,
                "Attributes",
                attributes
            ),
            "UpdateItem" => answer!(
                $client
                    .update_item()
                    .set_table_name(text("TableName"))
                    .set_key(key())
                    .set_update_expression(text("UpdateExpression"))
                    .set_condition_expression(text("ConditionExpression"))
                    .set_expression_attribute_names(names())
                    .set_expression_attribute_values(values())
                    .set_return_values(returned())
                    .send()
                    .await,
                "Attributes",
                attributes
            ),
            "DeleteItem" => answer!(
                $client
                    .delete_item()
                    .set_table_name(text("TableName"))
                    .set_key(key())
                    .set_condition_expression(text("ConditionExpression"))
                    .set_expression_attribute_names(names())
                    .set_expression_attribute_values(values())
                    .set_return_values(returned())
                    .send()
                    .await,
                "Attributes",
                attributes
            ),
            "Query" => {
                let sent = $client
                    .query()
                    .set_table_name(text("TableName"))
                    .set_key_condition_expression(text("KeyConditionExpression"))
                    .set_filter_expression(text("FilterExpression"))
                    .set_projection_expression(text("ProjectionExpression"))
                    .set_expression_attribute_names(names())
                    .set_expression_attribute_values(values())
                    .set_consistent_read(truth("ConsistentRead"))
                    .set_scan_index_forward(truth("ScanIndexForward"))
                    .set_limit(number("Limit"))
                    .set_select(text("Select").map(|it| it.as_str().into()))
                    .set_exclusive_start_key(input.get("ExclusiveStartKey").map(item_of))
                    .send()
                    .await;
                match sent {
                    Ok(answer) => json!({
                        "Count": answer.count(),
                        "ScannedCount": answer.scanned_count(),
                        "Items": json_of_items(answer.items()),
                        "LastEvaluatedKey": answer.last_evaluated_key().map(json_of_item),
                    }),
                    Err(error) => json_of_error(error),
                }
            }
            "BatchGetItem" => {
                let batch = batch_of(&input["RequestItems"]);
                match $client.batch_get_item().set_request_items(Some(batch)).send().await {
                    Ok(answer) => {
                        let tables = answer.responses.unwrap_or_default();
                        let tables: serde_json::Map<_, _> = tables
                            .iter()
                            .map(|(table, items)| (table.clone(), json_of_items(items)))
                            .collect();
                        json!({ "Responses": tables })
                    }
                    Err(error) => json_of_error(error),
                }
            }
            other => panic!("{other}"),
        };
        normalized(answer)
    }};
}
