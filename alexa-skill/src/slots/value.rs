//! One slot, as whatever type its field has.

use serde::de::value::SeqDeserializer;
use serde::de::{self, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value as Json};

use super::error::Problem;
use crate::envelope::{Slot, Spoken};

type Result<T> = std::result::Result<T, Problem>;

/// Whether the user said something for the slot that Alexa understood.
pub(super) fn is_filled(slot: &Slot) -> bool {
    !spoken(slot).is_empty()
}

fn spoken(slot: &Slot) -> Vec<Spoken<'_>> {
    let all = slot.spoken().into_iter();
    all.filter(|spoken| !matches!(spoken.words.trim(), "" | "?"))
        .collect()
}

pub(super) struct SlotDeserializer<'a> {
    name: &'a str,
    slot: &'a Slot,
    spoken: Vec<Spoken<'a>>,
}

impl<'a> SlotDeserializer<'a> {
    pub(super) fn new(name: &'a str, slot: &'a Slot) -> SlotDeserializer<'a> {
        SlotDeserializer {
            name,
            slot,
            spoken: spoken(slot),
        }
    }

    /// Each of several values by itself.
    fn each(self) -> impl Iterator<Item = SlotDeserializer<'a>> {
        let SlotDeserializer { name, slot, spoken } = self;
        spoken.into_iter().map(move |one| SlotDeserializer {
            name,
            slot,
            spoken: vec![one],
        })
    }

    /// The one value that a field without a list holds.
    fn one(&self) -> Result<Spoken<'a>> {
        match self.spoken.as_slice() {
            [one] => Ok(*one),
            [] => Err(Problem::new("the slot is not filled".into())),
            _ => Err(Problem::new(
                "several values were said: give the field a `Vec`".into(),
            )),
        }
    }

    /// All that Alexa sent for the slot.
    fn sent(&self) -> Json {
        let mut sent: Map<String, Json> = self.slot.fields.clone();
        sent.insert("name".into(), self.slot.name.clone().into());
        if let Some(value) = &self.slot.value {
            sent.insert("value".into(), value.clone().into());
        }
        Json::Object(sent)
    }
}

impl<'de> IntoDeserializer<'de, Problem> for SlotDeserializer<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($method:ident: $type:ty => $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            let read = |spoken: Spoken<'_>| match spoken.name_or_words().parse::<$type>() {
                Ok(parsed) => visitor.$visit(parsed),
                Err(_) => Err(Problem::invalid_type(de::Unexpected::Other(""), &visitor)),
            };
            self.one().and_then(read).map_err(|problem| problem.of(self.name))
        }
    )*};
}

impl<'de> Deserializer<'de> for SlotDeserializer<'_> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.one()
            .and_then(|spoken| visitor.visit_str(spoken.name_or_words()))
            .map_err(|problem| problem.of(self.name))
    }

    parsed! {
        deserialize_bool: bool => visit_bool
        deserialize_i8: i8 => visit_i8 deserialize_i16: i16 => visit_i16
        deserialize_i32: i32 => visit_i32 deserialize_i64: i64 => visit_i64
        deserialize_i128: i128 => visit_i128
        deserialize_u8: u8 => visit_u8 deserialize_u16: u16 => visit_u16
        deserialize_u32: u32 => visit_u32 deserialize_u64: u64 => visit_u64
        deserialize_u128: u128 => visit_u128
        deserialize_f32: f32 => visit_f32 deserialize_f64: f64 => visit_f64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.spoken.is_empty() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let name = self.name;
        let mut values = SeqDeserializer::new(self.each());
        let read = visitor.visit_seq(&mut values);
        let end = |value| values.end().map(|()| value);
        read.and_then(end).map_err(|problem| problem.of(name))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    /// A [`Slot`], or a part of one.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let sent = self.sent();
        sent.deserialize_map(visitor)
            .map_err(|_| Problem::new("the slot is not a `Slot`".into()).of(self.name))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_map(visitor)
    }

    /// The variant that is called like the id of the value that the interaction model knows.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let read = |spoken: Spoken<'_>| {
            let id = spoken.resolved.and_then(|resolved| resolved.id);
            let variant = id.unwrap_or(spoken.name_or_words());
            visitor.visit_enum(variant.into_deserializer())
        };
        self.one()
            .and_then(read)
            .map_err(|problem: Problem| problem.of(self.name))
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { char str string bytes byte_buf unit_struct identifier }
}
