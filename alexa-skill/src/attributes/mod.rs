//! What a skill remembers: a map of DynamoDB values, which a handler has as a struct.
//!
//! A skill has three kinds of attributes, named as in the ASK SDKs:
//! *request* attributes last one turn, *session* attributes travel to Alexa and back until the
//! session ends, *persistent* attributes are stored in a table. Session and persistent attributes are maps
//! from names to [`Value`]s; a handler has them as a struct of its own (see
//! [`Persistent`](crate::Persistent)).
//!
//! Why not [serde_dynamo](https://docs.rs/serde_dynamo) (4.3.0, MIT), which maps serde's types to the
//! AWS SDK's? Three things that a state needs are not in it. An error names the place in the state
//! and the types, and never a stored value. A number that serde buffers, as under `flatten` or in an
//! untagged enum, keeps all its digits, where serde_dynamo goes through `f64`. And attributes are
//! also kept in S3, in a session and in memory, so [`Value`] cannot be the SDK's `AttributeValue`:
//! it knows a set from a list in all of these, and a save writes back what a type does not know.

mod bytes;
mod de;
mod error;
mod number;
mod ser;
mod set;
pub(crate) mod size;
pub(crate) mod state;
mod unordered;
mod value;

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use bytes::Bytes;
pub use error::{AttributesError, Problem};
pub use number::{Number, NumberError};
pub use set::Set;
pub use size::size_in_bytes;
pub use state::{Unread, unread};
pub use unordered::same_in_any_order;
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
        other => Err(Problem::NotAMap(other.kind()).into()),
    }
}

/// Reads attributes as a Rust type; names that the type does not have are passed over.
///
/// # Errors
/// Fails when an attribute is missing or is of another type than the field.
pub fn from_attributes<T: DeserializeOwned>(attributes: &Attributes) -> Result<T, AttributesError> {
    T::deserialize(de::MapDeserializer::new(attributes))
}

/// Turns any serializable value into a [`Value`].
///
/// # Errors
/// Fails on a number outside DynamoDB's range and on map keys that have no text form.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, AttributesError> {
    value.serialize(ser::ValueSerializer)
}
