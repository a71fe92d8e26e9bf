//! From [`Value`]s to Rust values, through serde.
//!
//! These are readers of their own, and not serde's `MapDeserializer` and `SeqDeserializer`, so that
//! an error gets its place on the way out.

use std::cell::Cell;
use std::collections::btree_map;
use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::number::{Number, TOKEN};
use super::{Attributes, AttributesError, Problem, Value};

type Result<T> = std::result::Result<T, AttributesError>;

#[derive(Clone, Copy)]
pub(super) struct ValueDeserializer<'a>(pub(super) &'a Value);

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

impl<'a> ValueDeserializer<'a> {
    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let visited = match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(number) => visit_number(number, visitor),
            Value::String(text) => visitor.visit_str(text),
            Value::Binary(bytes) => visitor.visit_bytes(bytes),
            Value::List(values) => visit_list(values, visitor),
            Value::Map(attributes) => visit_map(attributes, visitor),
            Value::StringSet(set) => visit_set(set, Value::String, visitor),
            Value::NumberSet(set) => visit_set(set, Value::Number, visitor),
            Value::BinarySet(set) => visit_set(set, Value::Binary, visitor),
        };
        visited.map_err(|error| error.stored_as(self.0))
    }

    fn visit_digits<'de, V: Visitor<'de>>(self, number: &Number, visitor: V) -> Result<V::Value> {
        let visited = visitor.visit_str(number.as_str());
        visited.map_err(|error: AttributesError| error.stored_as(self.0))
    }
}

macro_rules! exact {
    ($($method:ident: $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            match self.0 {
                Value::Number(number) => match number.integer() {
                    Some(integer) => visitor
                        .$visit(integer)
                        .map_err(|error: AttributesError| error.stored_as(self.0)),
                    None => self.visit(visitor),
                },
                _ => self.visit(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for ValueDeserializer<'_> {
    type Error = AttributesError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit(visitor)
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
            _ => self.visit(visitor),
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
            Value::Number(number) if name == TOKEN => self.visit_digits(number, visitor),
            _ if name == TOKEN => self.visit(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.0 {
            Value::String(variant) => visitor.visit_enum(variant.as_str().into_deserializer()),
            Value::Map(attributes) => {
                MapDeserializer::new(attributes).deserialize_enum(name, variants, visitor)
            }
            other => Err(mismatch(other, "an enum: S, or M of its variant")),
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

fn mismatch(found: &Value, expected: &str) -> AttributesError {
    let (found, expected) = (found.kind(), expected.to_owned());
    Problem::TypeMismatch { found, expected }.into()
}

/// How a type asks for itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// As serde's derive does for a plain struct.
    Struct,
    /// A map, or a struct with something flattened into it.
    Map,
    /// Whatever is there: an enum with a tag, or untagged.
    Any,
}

/// The attributes as a whole, or an M inside of them.
#[derive(Clone, Copy)]
pub(super) struct MapDeserializer<'a> {
    attributes: &'a Attributes,
    /// Where it is noted how the type asks.
    shape: Option<&'a Cell<Shape>>,
}

impl<'a> MapDeserializer<'a> {
    pub(super) fn new(attributes: &'a Attributes) -> MapDeserializer<'a> {
        let shape = None;
        MapDeserializer { attributes, shape }
    }

    pub(super) fn noting(attributes: &'a Attributes, shape: &'a Cell<Shape>) -> Self {
        let shape = Some(shape);
        MapDeserializer { attributes, shape }
    }

    fn note(&self, shape: Shape) {
        if let Some(noted) = self.shape {
            noted.set(shape);
        }
    }
}

impl<'de> Deserializer<'de> for MapDeserializer<'_> {
    type Error = AttributesError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.note(Shape::Any);
        visit_map(self.attributes, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.note(Shape::Map);
        visit_map(self.attributes, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        if self.shape.is_some() {
            // An adjacently tagged enum asks for a struct too, and names itself.
            let expected = (&visitor as &dyn de::Expected).to_string();
            self.note(match expected.starts_with("struct ") {
                true => Shape::Struct,
                false => Shape::Any,
            });
        }
        visit_map(self.attributes, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let mut entries = self.attributes.iter();
        match (entries.next(), entries.len()) {
            (Some((variant, content)), 0) => visitor.visit_enum(Tagged { variant, content }),
            _ => Err(de::Error::invalid_length(
                self.attributes.len(),
                &"an M of one entry, the variant of an enum",
            )),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct identifier ignored_any
    }
}

fn visit_map<'de, V: Visitor<'de>>(attributes: &Attributes, visitor: V) -> Result<V::Value> {
    let mut map = MapReader {
        entries: attributes.iter(),
        current: None,
    };
    let value = visitor.visit_map(&mut map)?;
    whole(value, attributes.len(), map.entries.len())
}

/// A type that stops before the end has not read what is stored.
fn whole<T>(value: T, length: usize, left: usize) -> Result<T> {
    match left {
        0 => Ok(value),
        left => {
            let expected = format!("{}", length - left);
            Err(Problem::InvalidLength { length, expected }.into())
        }
    }
}

struct MapReader<'a> {
    entries: btree_map::Iter<'a, String, Value>,
    /// The entry whose name was given, and its value not yet.
    current: Option<(&'a str, &'a Value)>,
}

impl<'de> MapAccess<'de> for MapReader<'_> {
    type Error = AttributesError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some((name, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.current = Some((name, value));
        let key = seed.deserialize(Key(name));
        key.map(Some).map_err(|error| error.of_key(name))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value> {
        let current = self.current.take();
        let (name, value) = current.ok_or_else(|| {
            <AttributesError as de::Error>::custom("a value was asked for before its name")
        })?;
        let value = seed.deserialize(ValueDeserializer(value));
        value.map_err(|error| error.at_name(name))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

fn visit_list<'de, V: Visitor<'de>>(values: &[Value], visitor: V) -> Result<V::Value> {
    let mut list = ListReader {
        values: values.iter(),
        index: 0,
    };
    let value = visitor.visit_seq(&mut list)?;
    whole(value, values.len(), list.values.len())
}

/// serde has no sets: one is a list to it.
fn visit_set<'de, T: Clone, V: Visitor<'de>>(
    set: &[T],
    element: fn(T) -> Value,
    visitor: V,
) -> Result<V::Value> {
    let values: Vec<Value> = set.iter().cloned().map(element).collect();
    visit_list(&values, visitor)
}

struct ListReader<'a> {
    values: slice::Iter<'a, Value>,
    index: usize,
}

impl<'de> SeqAccess<'de> for ListReader<'_> {
    type Error = AttributesError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some(value) = self.values.next() else {
            return Ok(None);
        };
        let element = seed.deserialize(ValueDeserializer(value));
        let element = element.map_err(|error| error.at_index(self.index))?;
        self.index += 1;
        Ok(Some(element))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

/// A map's key: text, which also stands for the number, flag or variant that it spells.
struct Key<'a>(&'a str);

macro_rules! parsed {
    ($($method:ident: $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            match self.0.parse() {
                Ok(parsed) => visitor.$visit(parsed),
                Err(_) => visitor.visit_str(self.0),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = AttributesError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_str(self.0)
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

struct Tagged<'a> {
    variant: &'a str,
    content: &'a Value,
}

impl<'de, 'a> EnumAccess<'de> for Tagged<'a> {
    type Error = AttributesError;
    type Variant = Content<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content<'a>)> {
        let name: StrDeserializer<'_, AttributesError> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, Content(self)))
    }
}

struct Content<'a>(Tagged<'a>);

impl<'a> Content<'a> {
    fn read<T>(self, read: impl FnOnce(ValueDeserializer<'a>) -> Result<T>) -> Result<T> {
        let Tagged { variant, content } = self.0;
        read(ValueDeserializer(content)).map_err(|error| error.at_name(variant))
    }
}

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = AttributesError;

    fn unit_variant(self) -> Result<()> {
        self.read(|content| match content.0 {
            Value::Null => Ok(()),
            other => Err(mismatch(other, "NULL, for the variant has no content")),
        })
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        self.read(|content| seed.deserialize(content))
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.read(|content| content.deserialize_any(visitor))
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.read(|content| content.deserialize_any(visitor))
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
