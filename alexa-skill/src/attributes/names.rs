//! The names under which a type reads its fields, which may be more than those that it writes.

use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::de::ValueDeserializer;
use super::{AttributesError, Value};

/// The field that `T` reads from `name`, where that is another one's name: serde's `alias`.
///
/// Only `T`'s own deserialiser knows, so it is shown the name twice and asked what it objects to.
pub(crate) fn field_behind<T>(name: &str, value: &Value) -> Option<&'static str>
where
    T: DeserializeOwned,
{
    let twice = [name, name].map(|name| (name, ValueDeserializer(value.clone())));
    match T::deserialize(MapDeserializer::new(twice.into_iter())) {
        Err(AttributesError::Twice(field)) if field != name => Some(field),
        _ => None,
    }
}

/// The names of `T`'s fields, aliases among them; none when `T` is no plain struct.
pub(crate) fn names_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // There is nothing to read, so this fails, and has told the names by then.
    let _ = T::deserialize(Names(&mut names));
    names
}

struct Names<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = AttributesError;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, AttributesError> {
        Err(AttributesError::NotAMap("another type"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, AttributesError> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
