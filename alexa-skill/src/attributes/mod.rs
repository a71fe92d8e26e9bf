//! What a skill remembers: typed views over a map of DynamoDB values.
//!
//! A skill has three kinds of attributes, named as in the ASK SDKs:
//! *request* attributes last one turn, *session* attributes travel to Alexa and back until the
//! session ends, *persistent* attributes lie in a table. Session and persistent attributes are maps
//! from names to [`Value`]s; a handler sees them as a struct of its own (see
//! [`Turn::persistent`](crate::Turn::persistent)).

mod de;
mod names;
mod number;
mod overlay;
mod ser;
#[cfg(any(feature = "dynamodb-core", feature = "metrics"))]
pub(crate) mod size;
mod value;

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use names::{field_behind, names_of};
pub use number::{Number, NumberError};
pub(crate) use overlay::overlay;
pub use value::Value;

/// A map of attributes, ordered by name so that equal maps print alike.
pub type Attributes = BTreeMap<String, Value>;

/// How many attributes there are: what `Debug` shows in the place of what a user said.
pub(crate) struct Count<'a>(pub(crate) &'a Attributes);

impl std::fmt::Debug for Count<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} attributes", self.0.len())
    }
}

/// Why a Rust value cannot be kept as attributes, or attributes not be read as a Rust type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttributesError {
    /// The type of the state is not a struct or map with text keys.
    #[error("a skill's state must be a struct or a map, not {0}: attributes have names")]
    NotAMap(&'static str),
    /// A map key that has no text form.
    #[error("a map key must be text or a number, not {0}")]
    BadKey(&'static str),
    /// A number that DynamoDB would refuse.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// A field that is there under two of its names.
    #[error("the field `{0}` is there twice, under two of its names")]
    Twice(&'static str),
    /// What serde, or the type's own implementation, reported.
    #[error("{0}")]
    Message(String),
}

/// Turns a value into attributes.
///
/// # Errors
/// Fails when the value is no struct or map, or holds a number outside DynamoDB's range.
///
/// ```
/// use alexa_skill::attributes::{to_attributes, Value};
///
/// #[derive(serde::Serialize)]
/// struct Visits { count: u32 }
///
/// let attributes = to_attributes(&Visits { count: 2 })?;
/// assert_eq!(attributes["count"], Value::from(2));
/// # Ok::<(), alexa_skill::attributes::AttributesError>(())
/// ```
pub fn to_attributes<T: Serialize + ?Sized>(value: &T) -> Result<Attributes, AttributesError> {
    match to_value(value)? {
        Value::Map(attributes) => Ok(attributes),
        other => Err(AttributesError::NotAMap(other.kind())),
    }
}

/// Reads attributes as a Rust type; names that the type does not have are passed over.
///
/// # Errors
/// Fails when an attribute is missing or is of another type than the field.
pub fn from_attributes<T: DeserializeOwned>(attributes: &Attributes) -> Result<T, AttributesError> {
    T::deserialize(de::ValueDeserializer(Value::Map(attributes.clone())))
}

/// Turns any serializable value into a [`Value`].
///
/// # Errors
/// Fails on a number outside DynamoDB's range and on map keys that have no text form.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, AttributesError> {
    value.serialize(ser::ValueSerializer)
}
