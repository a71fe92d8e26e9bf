//! From Rust values to [`Value`]s, through serde.

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::number::{Number, TOKEN};
use super::set::{self, SET_TOKEN};
use super::{Attributes, AttributesError, Problem, Value, to_value};

type Result<T = Value> = std::result::Result<T, AttributesError>;

pub(super) struct ValueSerializer;

macro_rules! as_number {
    ($($method:ident: $integer:ty)*) => {$(
        fn $method(self, integer: $integer) -> Result {
            Ok(Value::Number(Number::try_from(integer)?))
        }
    )*};
}

impl Serializer for ValueSerializer {
    type Ok = Value;
    type Error = AttributesError;
    type SerializeSeq = ListSerializer;
    type SerializeTuple = ListSerializer;
    type SerializeTupleStruct = ListSerializer;
    type SerializeTupleVariant = ListSerializer;
    type SerializeMap = MapSerializer;
    type SerializeStruct = MapSerializer;
    type SerializeStructVariant = MapSerializer;

    as_number! {
        serialize_i128: i128 serialize_u128: u128 serialize_f64: f64
    }
    fn serialize_i8(self, integer: i8) -> Result {
        self.serialize_i64(integer.into())
    }
    fn serialize_i16(self, integer: i16) -> Result {
        self.serialize_i64(integer.into())
    }
    fn serialize_i32(self, integer: i32) -> Result {
        self.serialize_i64(integer.into())
    }
    fn serialize_i64(self, integer: i64) -> Result {
        Ok(Value::Number(integer.into()))
    }
    fn serialize_u8(self, integer: u8) -> Result {
        self.serialize_u64(integer.into())
    }
    fn serialize_u16(self, integer: u16) -> Result {
        self.serialize_u64(integer.into())
    }
    fn serialize_u32(self, integer: u32) -> Result {
        self.serialize_u64(integer.into())
    }
    fn serialize_u64(self, integer: u64) -> Result {
        Ok(Value::Number(integer.into()))
    }
    fn serialize_f32(self, float: f32) -> Result {
        // Through its own shortest text: 0.1f32 is 0.1, and not 0.10000000149011612.
        let text = if float == 0.0 || (1e-5..1e9).contains(&float.abs()) {
            float.to_string()
        } else {
            format!("{float:e}")
        };
        Ok(Value::Number(text.parse()?))
    }
    fn serialize_bool(self, flag: bool) -> Result {
        Ok(flag.into())
    }
    fn serialize_char(self, character: char) -> Result {
        Ok(character.to_string().into())
    }
    fn serialize_str(self, text: &str) -> Result {
        Ok(text.into())
    }
    fn serialize_bytes(self, bytes: &[u8]) -> Result {
        Ok(Value::Binary(bytes.into()))
    }
    fn serialize_none(self) -> Result {
        Ok(Value::Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, some: &T) -> Result {
        match some.serialize(self)? {
            Value::Null => Err(Problem::SomeOfNull.into()),
            value => Ok(value),
        }
    }
    fn serialize_unit(self) -> Result {
        Ok(Value::Null)
    }
    fn serialize_unit_struct(self, _name: &'static str) -> Result {
        Ok(Value::Null)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result {
        Ok(variant.into())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &str, inner: &T) -> Result {
        match inner.serialize(self)? {
            Value::String(digits) if name == TOKEN => Ok(Value::Number(digits.parse()?)),
            Value::List(elements) if name == SET_TOKEN => set::of(elements),
            value => Ok(value),
        }
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        inner: &T,
    ) -> Result {
        let content = to_value(inner).map_err(|error| error.at_name(variant))?;
        Ok(tagged(variant, content))
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<ListSerializer> {
        Ok(ListSerializer {
            variant: None,
            values: Vec::with_capacity(length.unwrap_or(0).min(1024)),
        })
    }
    fn serialize_tuple(self, length: usize) -> Result<ListSerializer> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<ListSerializer> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<ListSerializer> {
        Ok(ListSerializer {
            variant: Some(variant),
            values: Vec::new(),
        })
    }
    fn serialize_map(self, _: Option<usize>) -> Result<MapSerializer> {
        Ok(MapSerializer {
            variant: None,
            attributes: Attributes::new(),
            key: None,
        })
    }
    fn serialize_struct(self, _: &'static str, length: usize) -> Result<MapSerializer> {
        self.serialize_map(Some(length))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<MapSerializer> {
        Ok(MapSerializer {
            variant: Some(variant),
            attributes: Attributes::new(),
            key: None,
        })
    }
}

/// An enum variant with content is a map of one entry, as in serde's JSON.
fn tagged(variant: &str, content: Value) -> Value {
    let mut entry = Attributes::new();
    entry.insert(variant.to_owned(), content);
    Value::Map(entry)
}

/// The place of a variant's content begins with the variant's name.
fn within(variant: Option<&str>, error: AttributesError) -> AttributesError {
    match variant {
        Some(variant) => error.at_name(variant),
        None => error,
    }
}

pub(super) struct ListSerializer {
    variant: Option<&'static str>,
    values: Vec<Value>,
}

impl ListSerializer {
    fn push<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<()> {
        let value = to_value(element).map_err(|error| {
            let error = error.at_index(self.values.len());
            within(self.variant, error)
        })?;
        self.values.push(value);
        Ok(())
    }
    fn finish(self) -> Result {
        let list = Value::List(self.values);
        Ok(match self.variant {
            Some(variant) => tagged(variant, list),
            None => list,
        })
    }
}

macro_rules! list_like {
    ($($name:ident::$method:ident)*) => {$(
        impl ser::$name for ListSerializer {
            type Ok = Value;
            type Error = AttributesError;
            fn $method<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<()> {
                self.push(element)
            }
            fn end(self) -> Result {
                self.finish()
            }
        }
    )*};
}
list_like! {
    SerializeSeq::serialize_element
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
    SerializeTupleVariant::serialize_field
}

pub(super) struct MapSerializer {
    variant: Option<&'static str>,
    attributes: Attributes,
    key: Option<String>,
}

impl MapSerializer {
    fn insert<T: Serialize + ?Sized>(&mut self, name: String, value: &T) -> Result<()> {
        let value = to_value(value).map_err(|error| within(self.variant, error.at_name(&name)))?;
        self.attributes.insert(name, value);
        Ok(())
    }
    fn finish(self) -> Result {
        let map = Value::Map(self.attributes);
        Ok(match self.variant {
            Some(variant) => tagged(variant, map),
            None => map,
        })
    }
}

impl ser::SerializeMap for MapSerializer {
    type Ok = Value;
    type Error = AttributesError;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.key = Some(key.serialize(KeySerializer)?);
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let key = self.key.take().ok_or(Problem::BadKey("missing"))?;
        self.insert(key, value)
    }
    fn end(self) -> Result {
        self.finish()
    }
}

macro_rules! struct_like {
    ($($name:ident)*) => {$(
        impl ser::$name for MapSerializer {
            type Ok = Value;
            type Error = AttributesError;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<()> {
                self.insert(name.to_owned(), value)
            }
            fn end(self) -> Result {
                self.finish()
            }
        }
    )*};
}
struct_like!(SerializeStruct SerializeStructVariant);

/// Map keys are text in DynamoDB; what has one obvious text becomes it.
struct KeySerializer;

macro_rules! key_from {
    ($($method:ident: $type:ty)*) => {$(
        fn $method(self, key: $type) -> Result<String> {
            Ok(key.to_string())
        }
    )*};
}
macro_rules! no_key {
    ($($method:ident($($argument:ty),*) -> $output:ty = $kind:literal)*) => {$(
        fn $method(self, $(_: $argument),*) -> Result<$output> {
            Err(Problem::BadKey($kind).into())
        }
    )*};
}

impl Serializer for KeySerializer {
    type Ok = String;
    type Error = AttributesError;
    type SerializeSeq = Impossible<String, AttributesError>;
    type SerializeTuple = Impossible<String, AttributesError>;
    type SerializeTupleStruct = Impossible<String, AttributesError>;
    type SerializeTupleVariant = Impossible<String, AttributesError>;
    type SerializeMap = Impossible<String, AttributesError>;
    type SerializeStruct = Impossible<String, AttributesError>;
    type SerializeStructVariant = Impossible<String, AttributesError>;

    key_from! {
        serialize_str: &str serialize_char: char serialize_bool: bool
        serialize_i8: i8 serialize_i16: i16 serialize_i32: i32 serialize_i64: i64
        serialize_u8: u8 serialize_u16: u16 serialize_u32: u32 serialize_u64: u64
        serialize_i128: i128 serialize_u128: u128
    }
    no_key! {
        serialize_f32(f32) -> String = "a float"
        serialize_f64(f64) -> String = "a float"
        serialize_bytes(&[u8]) -> String = "binary"
        serialize_none() -> String = "nothing"
        serialize_unit() -> String = "nothing"
        serialize_unit_struct(&'static str) -> String = "nothing"
        serialize_seq(Option<usize>) -> Self::SerializeSeq = "a list"
        serialize_tuple(usize) -> Self::SerializeTuple = "a list"
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct = "a list"
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant = "a list"
        serialize_map(Option<usize>) -> Self::SerializeMap = "a map"
        serialize_struct(&'static str, usize) -> Self::SerializeStruct = "a map"
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant = "a map"
    }
    fn serialize_some<T: Serialize + ?Sized>(self, some: &T) -> Result<String> {
        some.serialize(self)
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<String> {
        Ok(variant.into())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &str, inner: &T) -> Result<String> {
        inner.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<String> {
        Err(Problem::BadKey("an enum variant with content").into())
    }
}
