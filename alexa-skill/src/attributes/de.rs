//! From [`Value`]s to Rust values, through serde.

use std::fmt::Display;

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Expected, IntoDeserializer, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::number::{Number, TOKEN};
use super::{AttributesError, Value};

impl de::Error for AttributesError {
    fn custom<T: Display>(message: T) -> Self {
        AttributesError::Message(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        AttributesError::Message(format!(
            "invalid type: {}, expected {expected}",
            kind(found)
        ))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        AttributesError::Message(format!(
            "invalid value: {}, expected {expected}",
            kind(found)
        ))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        let expected = expected.join("`, `");
        AttributesError::Message(format!("unknown variant, expected one of `{expected}`"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        AttributesError::Twice(field)
    }
}

/// What was found, by its type. The value itself is the user's and goes into no message.
fn kind(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer",
        Unexpected::Float(_) => "a decimal",
        Unexpected::Char(_) | Unexpected::Str(_) => "a string",
        Unexpected::Bytes(_) => "binary",
        Unexpected::Unit => "null",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a map",
        _ => "another type",
    }
}

type Result<T> = std::result::Result<T, AttributesError>;

pub(super) struct ValueDeserializer(pub(super) Value);

impl IntoDeserializer<'_, AttributesError> for ValueDeserializer {
    type Deserializer = ValueDeserializer;

    fn into_deserializer(self) -> ValueDeserializer {
        self
    }
}

fn visit_number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value> {
    if let Some(integer) = number.integer::<i64>() {
        return visitor.visit_i64(integer);
    }
    if let Some(integer) = number.integer::<u64>() {
        return visitor.visit_u64(integer);
    }
    match (number.integer::<i128>(), number.float()) {
        // Types such as JSON's know no larger integers, but floats that are as exact.
        (Some(_), Some(float)) if Number::try_from(float).as_ref() == Ok(number) => {
            visitor.visit_f64(float)
        }
        (Some(integer), _) => visitor.visit_i128(integer),
        (None, Some(float)) => visitor.visit_f64(float),
        (None, None) => visitor.visit_str(number.as_str()),
    }
}

macro_rules! exact {
    ($($method:ident: $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            match &self.0 {
                Value::Number(number) => match number.integer() {
                    Some(integer) => visitor.$visit(integer),
                    None => self.deserialize_any(visitor),
                },
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for ValueDeserializer {
    type Error = AttributesError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(flag),
            Value::Number(number) => visit_number(&number, visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Binary(bytes) => visitor.visit_byte_buf(bytes),
            Value::List(values) => visit_list(values, visitor),
            Value::Map(attributes) => {
                let entries = attributes.into_iter();
                let mut map = MapDeserializer::new(
                    entries.map(|(name, value)| (Key(name), ValueDeserializer(value))),
                );
                let value = visitor.visit_map(&mut map)?;
                map.end()?;
                Ok(value)
            }
            Value::StringSet(set) => {
                visit_list(set.into_iter().map(Value::String).collect(), visitor)
            }
            Value::NumberSet(set) => {
                visit_list(set.into_iter().map(Value::Number).collect(), visitor)
            }
            Value::BinarySet(set) => {
                visit_list(set.into_iter().map(Value::Binary).collect(), visitor)
            }
        }
    }

    exact!(deserialize_i128: visit_i128 deserialize_u128: visit_u128);

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    /// The Node.js SDK v2 stores an empty string as `NULL`, at any depth.
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_str(""),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_string(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        match self.0 {
            // The digits themselves, which an integer or a float may not hold.
            Value::Number(number) if name == TOKEN => visitor.visit_str(number.as_str()),
            value if name == TOKEN => ValueDeserializer(value).deserialize_any(visitor),
            value => visitor.visit_newtype_struct(ValueDeserializer(value)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.0 {
            Value::String(variant) => visitor.visit_enum(variant.into_deserializer()),
            Value::Map(mut attributes) => match (attributes.pop_first(), attributes.len()) {
                (Some((variant, content)), 0) => visitor.visit_enum(Tagged { variant, content }),
                _ => Err(de::Error::custom(
                    "an enum variant is an M of exactly one entry",
                )),
            },
            other => Err(de::Error::custom(format!(
                "an enum variant is an S or an M, not {}",
                other.kind()
            ))),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

fn visit_list<'de, V: Visitor<'de>>(values: Vec<Value>, visitor: V) -> Result<V::Value> {
    let mut seq = SeqDeserializer::new(values.into_iter().map(ValueDeserializer));
    let value = visitor.visit_seq(&mut seq)?;
    seq.end()?;
    Ok(value)
}

/// A map's key: text, which also stands for the number, flag or variant that it spells.
struct Key(String);

impl IntoDeserializer<'_, AttributesError> for Key {
    type Deserializer = Key;

    fn into_deserializer(self) -> Key {
        self
    }
}

macro_rules! parsed {
    ($($method:ident: $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            match self.0.parse() {
                Ok(parsed) => visitor.$visit(parsed),
                Err(_) => visitor.visit_string(self.0),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Key {
    type Error = AttributesError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_string(self.0)
    }

    parsed! {
        deserialize_i8: visit_i8 deserialize_i16: visit_i16 deserialize_i32: visit_i32
        deserialize_i64: visit_i64 deserialize_i128: visit_i128
        deserialize_u8: visit_u8 deserialize_u16: visit_u16 deserialize_u32: visit_u32
        deserialize_u64: visit_u64 deserialize_u128: visit_u128
        deserialize_bool: visit_bool
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

struct Tagged {
    variant: String,
    content: Value,
}

impl<'de> EnumAccess<'de> for Tagged {
    type Error = AttributesError;
    type Variant = Content;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content)> {
        let name: StrDeserializer<'_, AttributesError> = self.variant.as_str().into_deserializer();
        Ok((seed.deserialize(name)?, Content(self.content)))
    }
}

struct Content(Value);

impl<'de> VariantAccess<'de> for Content {
    type Error = AttributesError;

    fn unit_variant(self) -> Result<()> {
        match self.0 {
            Value::Null => Ok(()),
            other => Err(de::Error::custom(format!(
                "a variant without content holds {}",
                other.kind()
            ))),
        }
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(ValueDeserializer(self.0))
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        ValueDeserializer(self.0).deserialize_any(visitor)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        ValueDeserializer(self.0).deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use crate::attributes::{Attributes, Number, Value, from_attributes, to_attributes, to_value};
    use serde::{Deserialize, Serialize};
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Game {
        Over,
        Guessing { low: u8, high: u8 },
        Won(u32),
        Tied(u8, u8),
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Everything {
        small: i8,
        large: u64,
        huge: i128,
        half: f64,
        single: f32,
        exact: Number,
        empty: String,
        letter: char,
        none: Option<u8>,
        some: Option<String>,
        games: Vec<Game>,
        by_number: BTreeMap<u32, bool>,
        pair: (u8, String),
        unit: (),
    }

    #[test]
    fn every_serde_shape_comes_back_equal() {
        let everything = Everything {
            small: -128,
            large: u64::MAX,
            huge: -99_999_999_999_999_999_999_999_999_999_999_999_999,
            half: 0.5,
            single: 0.1,
            exact: "0.10000000000000000000000000000000000001".parse().unwrap(),
            empty: String::new(),
            letter: 'é',
            none: None,
            some: Some("x".into()),
            games: vec![
                Game::Over,
                Game::Guessing { low: 1, high: 9 },
                Game::Won(3),
                Game::Tied(1, 2),
            ],
            by_number: BTreeMap::from([(7, true)]),
            pair: (1, "two".into()),
            unit: (),
        };
        let attributes = to_attributes(&everything).unwrap();
        assert_eq!(attributes["single"], Value::try_from(0.1).unwrap());
        assert_eq!(
            from_attributes::<Everything>(&attributes).unwrap(),
            everything
        );
    }

    #[test]
    fn the_null_that_node_writes_for_an_empty_string_reads_as_one() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Named {
            name: String,
            nick: Option<String>,
        }
        let stored = Attributes::from([
            ("name".to_owned(), Value::Null),
            ("nick".to_owned(), Value::Null),
        ]);
        let named: Named = from_attributes(&stored).unwrap();
        assert_eq!(
            named,
            Named {
                name: String::new(),
                nick: None
            }
        );
    }

    #[test]
    fn a_value_of_another_type_is_an_error_that_says_so() {
        #[derive(Debug, Deserialize)]
        struct Counted {
            #[allow(dead_code)]
            count: u32,
        }
        for wrong in [
            Value::from("two"),
            Value::from(-1),
            Value::Null,
            Value::try_from(1.5).unwrap(),
        ] {
            let stored = Attributes::from([("count".to_owned(), wrong)]);
            let error = from_attributes::<Counted>(&stored).unwrap_err();
            assert!(error.to_string().contains("u32"), "{error}");
        }
    }

    #[test]
    fn what_dynamodb_would_refuse_is_refused_here() {
        assert!(to_value(&f64::NAN).is_err());
        assert!(to_value(&u128::MAX).is_err(), "39 digits");
        assert!(
            to_attributes(&[1, 2])
                .unwrap_err()
                .to_string()
                .contains("not L")
        );
        let by_pair = BTreeMap::from([((1, 2), 3)]);
        assert!(
            to_value(&by_pair)
                .unwrap_err()
                .to_string()
                .contains("a list")
        );
    }
}
