//! What the user said, as a struct with a field for each slot.

pub(crate) mod error;
mod value;

use std::collections::BTreeSet;

use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::arguments::FromTurn;
use crate::envelope::Intent;
use crate::error::Result;
use crate::turn::Turn;
use error::Problem;
pub use error::SlotsError;
use value::SlotDeserializer;

/// The slots of an intent as a `T`, an argument of a handler: any type that serde reads and that owns
/// what it holds, with a field for each slot, under the slot's name in the interaction model.
///
/// - A number is read from the digits that Alexa sends as a string.
/// - A `String` is the name of the value that the interaction model knows, where there is a match, and
///   otherwise the words that were said.
/// - An enum is read from the id of the value that the interaction model knows, and from the words
///   where there is no match.
/// - An `Option` is `None` when the slot is not filled. Alexa sends `?` for a number that it did not
///   understand, which counts as not filled.
/// - A `Vec` has each of several values, and none when the slot is not filled.
/// - A [`Slot`](crate::envelope::Slot) has everything that Alexa sent for it.
///
/// ```
/// use alexa_skill::Slots;
///
/// #[derive(serde::Deserialize)]
/// struct Guess { number: Option<u32> }
///
/// async fn guess(Slots(guess): Slots<Guess>) -> String {
///     match guess.number {
///         Some(number) => format!("You said {number}."),
///         None => "Which number?".into(),
///     }
/// }
/// ```
///
/// # Errors
/// The turn fails with [`Error::Slots`](crate::Error::Slots) when a slot does not fit its field, and
/// with [`Error::WrongRequestType`](crate::Error::WrongRequestType) when the request has no intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slots<T>(pub T);

/// A type that slots can be read as.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "slots can't be read as `{Self}`",
    label = "the handler given here asks for it",
    note = "write `#[derive(Deserialize)]` on it, and own what it holds: `String` instead of `&str`"
)]
pub trait FromSlots: DeserializeOwned + Send {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + Send> FromSlots for T {}

impl<T: FromSlots> FromTurn for Slots<T> {
    async fn from_turn(turn: &Turn) -> Result<Slots<T>> {
        let intent = turn.request().intent()?;
        Ok(Slots(read(intent).map_err(|problem| SlotsError {
            intent: intent.name.clone(),
            slot: problem.slot,
            problem: problem.text,
        })?))
    }
}

/// Reads the slots that are filled. One that is not is as absent as one that the intent lacks, so a
/// default applies; only where a field insists on it, as a `Vec` and a `Slot` do, is it shown.
fn read<T: DeserializeOwned>(intent: &Intent) -> Result<T, Problem> {
    let filled = intent
        .slots
        .iter()
        .filter(|(_, slot)| value::is_filled(slot));
    let mut shown: BTreeSet<&str> = filled.map(|(name, _)| name.as_str()).collect();
    loop {
        let read = T::deserialize(IntentDeserializer {
            intent,
            shown: &shown,
        });
        match read {
            Err(Problem {
                missing: Some(field),
                ..
            }) if intent.slots.contains_key(field) && shown.insert(field) => {}
            read => return read,
        }
    }
}

struct IntentDeserializer<'a> {
    intent: &'a Intent,
    shown: &'a BTreeSet<&'a str>,
}

impl<'de> Deserializer<'de> for IntentDeserializer<'_> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        let slots = self.intent.slots.iter();
        let shown = slots.filter(|(name, _)| self.shown.contains(name.as_str()));
        let fields = shown.map(|(name, slot)| (name.as_str(), SlotDeserializer::new(name, slot)));
        visitor.visit_map(MapDeserializer::new(fields))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
