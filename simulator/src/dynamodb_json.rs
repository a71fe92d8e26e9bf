//! DynamoDB's JSON, as `aws dynamodb get-item` prints an item: each value under its type's name.

use std::fmt;

use alexa_skill::attributes::{Attributes, Number, Value};
use base64_simd::STANDARD as BASE64;
use serde_json::{Map, Value as Json, json};

/// Where a JSON text is not in DynamoDB's notation.
#[derive(Debug, PartialEq)]
pub(crate) struct NotNotation(String);

impl fmt::Display for NotNotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NotNotation(place) = self;
        write!(
            f,
            "`{place}` is no value in DynamoDB's JSON, such as {{\"N\": \"1\"}}"
        )
    }
}

/// Reads the attributes of an item or of an M.
pub(crate) fn read(entries: &Map<String, Json>) -> Result<Attributes, NotNotation> {
    let value = |(name, json): (&String, &Json)| {
        let value = value_of(json).ok_or_else(|| NotNotation(name.clone()));
        Ok((name.clone(), value?))
    };
    entries.iter().map(value).collect()
}

fn value_of(json: &Json) -> Option<Value> {
    let entries = json.as_object()?;
    let (kind, content) = entries.iter().next().filter(|_| entries.len() == 1)?;
    Some(match kind.as_str() {
        "NULL" => Value::Null,
        "BOOL" => Value::Bool(content.as_bool()?),
        "N" => Value::Number(number(content)?),
        "S" => Value::String(text(content)?),
        "B" => Value::Binary(bytes(content)?),
        "L" => Value::List(each(content, value_of)?),
        "M" => Value::Map(read(content.as_object()?).ok()?),
        "SS" => Value::StringSet(each(content, text)?),
        "NS" => Value::NumberSet(each(content, number)?),
        "BS" => Value::BinarySet(each(content, bytes)?),
        _ => return None,
    })
}

fn each<T>(list: &Json, element: fn(&Json) -> Option<T>) -> Option<Vec<T>> {
    list.as_array()?.iter().map(element).collect()
}

fn text(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned)
}

fn number(json: &Json) -> Option<Number> {
    json.as_str()?.parse().ok()
}

fn bytes(json: &Json) -> Option<Vec<u8>> {
    BASE64.decode_to_vec(json.as_str()?).ok()
}

/// Writes attributes as an item or M has them.
pub(crate) fn write(attributes: &Attributes) -> Json {
    let entries = attributes
        .iter()
        .map(|(name, value)| (name.clone(), written(value)));
    Json::Object(entries.collect())
}

fn written(value: &Value) -> Json {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(flag) => json!({ "BOOL": flag }),
        Value::Number(number) => json!({"N": number.as_str()}),
        Value::String(text) => json!({ "S": text }),
        Value::Binary(bytes) => json!({"B": BASE64.encode_to_string(bytes)}),
        Value::List(values) => json!({"L": values.iter().map(written).collect::<Json>()}),
        Value::Map(attributes) => json!({"M": write(attributes)}),
        Value::StringSet(set) => json!({ "SS": set }),
        Value::NumberSet(set) => json!({"NS": set.iter().map(Number::as_str).collect::<Json>()}),
        Value::BinarySet(set) => {
            json!({"BS": set.iter().map(|bytes| BASE64.encode_to_string(bytes)).collect::<Json>()})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_comes_back_as_it_was_written() {
        let json = json!({
            "null": {"NULL": true}, "bool": {"BOOL": false}, "n": {"N": "0.10"}, "s": {"S": "x"},
            "b": {"B": "AP8="}, "l": {"L": [{"N": "1"}, {"S": ""}]}, "m": {"M": {"a": {"L": []}}},
            "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2e3"]}, "bs": {"BS": ["AA=="]}
        });
        let attributes = read(json.as_object().unwrap()).unwrap();
        assert_eq!(write(&attributes), json);
    }

    #[test]
    fn what_is_no_notation_is_named() {
        for wrong in [
            json!({"a": 1}),
            json!({"a": {}}),
            json!({"a": {"N": 1}}),
            json!({"a": {"S": "x", "N": "1"}}),
            json!({"a": {"L": [{"X": 1}]}}),
        ] {
            let error = read(wrong.as_object().unwrap()).unwrap_err();
            assert_eq!(error, NotNotation("a".into()), "{wrong}");
        }
    }
}
