//! Why attributes and Rust types do not agree, and where.

use std::fmt::{self, Display};

use serde::de::{self, Expected, Unexpected};
use serde::ser;

use super::{NumberError, Value};

/// Why a Rust value cannot be kept as attributes, or attributes not be read as a Rust type.
///
/// The message says where, and which type is stored and expected. It never shows a stored value,
/// which may be personal; a message of a type's own `Deserialize` is shown as it is.
///
/// ```
/// use alexa_skill::attributes::{from_attributes, to_attributes, Problem};
///
/// #[derive(Debug, serde::Deserialize)]
/// struct Scores { scores: Vec<u32> }
///
/// let stored = to_attributes(&serde_json::json!({"scores": [1, "two"]}))?;
/// let error = from_attributes::<Scores>(&stored).unwrap_err();
/// assert_eq!(error.to_string(), "`scores[1]`: stored as S, expected u32");
/// assert_eq!(error.place(), "scores[1]");
/// assert!(matches!(error.problem(), Problem::TypeMismatch { found: "S", .. }));
/// # Ok::<(), alexa_skill::attributes::AttributesError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributesError {
    place: String,
    problem: Problem,
}

/// What is wrong at the place of an [`AttributesError`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The type of the state is not a struct or map with text keys.
    #[error("a skill's state must be a struct or a map, not {0}: attributes have names")]
    NotAMap(&'static str),
    /// A map key that has no text form.
    #[error("a map key must be text or a number, not {0}")]
    BadKey(&'static str),
    /// A number that DynamoDB would refuse.
    #[error(transparent)]
    Number(NumberError),
    /// A field that is there under two of its names.
    #[error("the field `{0}` is there twice, under two of its names")]
    Twice(&'static str),
    /// A field that the type demands and the attributes lack.
    #[error(
        "the field `{0}` is missing: write `#[serde(default)]` on the struct, so that it may grow"
    )]
    MissingField(&'static str),
    /// A field that is not the type's, which denies unknown ones.
    #[error("`{0}` is none of the type's fields, and it denies unknown ones")]
    UnknownField(String),
    /// A value of another type.
    #[error("stored as {found}, expected {expected}{}", hint(.found, .expected))]
    TypeMismatch {
        /// DynamoDB's name of the stored type.
        found: &'static str,
        /// What the Rust type expects.
        expected: String,
    },
    /// A value of the right type that the Rust type has no place for, such as 300 for a `u8`.
    #[error("the {found} that is stored does not fit, expected {expected}")]
    InvalidValue {
        /// DynamoDB's name of the stored type.
        found: &'static str,
        /// What the Rust type expects.
        expected: String,
    },
    /// A list or map with more or fewer elements than the type has.
    #[error("{length} elements are stored, expected {expected}")]
    InvalidLength {
        /// How many there are.
        length: usize,
        /// What the Rust type expects.
        expected: String,
    },
    /// A name that is no variant of the enum.
    #[error("no variant of the enum is stored, expected one of {}", listed(.0))]
    UnknownVariant(&'static [&'static str]),
    /// `Some` of what is stored as `NULL`, such as `Some(None)` or `Some(())`.
    #[error("`Some` of what is stored as NULL would be read as `None`: use an enum instead")]
    SomeOfNull,
    /// An element that no set of DynamoDB holds.
    #[error(
        "a set holds S, N or B, not {0}; for B its elements are `alexa_skill::attributes::Bytes`"
    )]
    SetElement(&'static str),
    /// Elements of two types in one set.
    #[error("a set holds elements of one type, not both {0} and {1}")]
    MixedSet(&'static str, &'static str),
    /// Two elements of a set that are stored alike.
    #[error("two elements of the set are stored alike, which DynamoDB refuses")]
    SetDuplicate,
    /// What the type writes is not what it reads.
    #[error(
        "the type would read something else than it writes: \
         make its `Serialize` and `Deserialize` agree"
    )]
    ReadsDifferently,
    /// What a type's own implementation, or serde, reported.
    #[error("{0}")]
    Message(String),
}

impl AttributesError {
    /// Where the problem is, such as `players[0].score`; empty when it is the whole state.
    ///
    /// What serde buffers (`flatten`, `tag` and `untagged`) has the place of the value around it.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What is wrong there.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The field that is missing, if that is the problem.
    pub fn missing_field(&self) -> Option<&'static str> {
        match self.problem {
            Problem::MissingField(field) => Some(field),
            _ => None,
        }
    }

    /// The error of something under `name`.
    pub(super) fn at_name(mut self, name: &str) -> Self {
        let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let mut place = match !name.is_empty() && name.chars().all(plain) {
            true => name.to_owned(),
            false => format!("[{name:?}]"),
        };
        if !self.place.is_empty() && !self.place.starts_with('[') {
            place.push('.');
        }
        place.push_str(&self.place);
        self.place = place;
        self
    }

    /// The error of the element `index` of a list.
    pub(super) fn at_index(mut self, index: usize) -> Self {
        let dot = match self.place.is_empty() || self.place.starts_with('[') {
            true => "",
            false => ".",
        };
        self.place = format!("[{index}]{dot}{}", self.place);
        self
    }

    /// serde sees a set as a list, and has no 128-bit numbers: the stored type is told here.
    pub(super) fn stored_as(mut self, value: &Value) -> Self {
        // What is inside of a list or map may have been buffered, and the error be about that.
        let is_container = matches!(value, Value::List(_) | Value::Map(_));
        if let Problem::TypeMismatch { found, .. } | Problem::InvalidValue { found, .. } =
            &mut self.problem
            && self.place.is_empty()
            && (!is_container || *found == UNKNOWN)
        {
            *found = value.kind();
        }
        self
    }

    /// The error of a key, which is text whatever the type expects.
    pub(super) fn of_key(mut self, key: &str) -> Self {
        match &mut self.problem {
            Problem::UnknownField(_) => return self,
            Problem::TypeMismatch { found, .. } | Problem::InvalidValue { found, .. } => {
                *found = "a name";
            }
            _ => {}
        }
        self.at_name(key)
    }
}

impl Display for AttributesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => self.problem.fmt(f),
            place => write!(f, "`{place}`: {}", self.problem),
        }
    }
}

impl std::error::Error for AttributesError {}

impl From<Problem> for AttributesError {
    fn from(problem: Problem) -> Self {
        let place = String::new();
        AttributesError { place, problem }
    }
}

impl From<NumberError> for AttributesError {
    fn from(error: NumberError) -> Self {
        Problem::Number(error).into()
    }
}

/// Until [`AttributesError::stored_as`] knows better.
const UNKNOWN: &str = "another type";

/// DynamoDB's name of the type of what serde found, whose own words would show the value.
fn kind(unexpected: Unexpected<'_>) -> &'static str {
    match unexpected {
        Unexpected::Bool(_) => "BOOL",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "N",
        Unexpected::Char(_) | Unexpected::Str(_) => "S",
        Unexpected::Bytes(_) => "B",
        Unexpected::Unit | Unexpected::Option => "NULL",
        Unexpected::Seq => "L",
        Unexpected::Map => "M",
        // serde has no variant for a number of 128 bit.
        Unexpected::Other(text) if text.starts_with("integer ") => "N",
        _ => UNKNOWN,
    }
}

fn hint(found: &str, expected: &str) -> &'static str {
    let bytes = expected.starts_with("a sequence") || expected.starts_with("an array");
    match found {
        "B" if bytes => "; a field for B is `alexa_skill::attributes::Bytes`",
        _ => "",
    }
}

fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

impl de::Error for AttributesError {
    fn custom<T: Display>(message: T) -> Self {
        Problem::Message(message.to_string()).into()
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let (found, expected) = (kind(unexpected), expected.to_string());
        Problem::TypeMismatch { found, expected }.into()
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let (found, expected) = (kind(unexpected), expected.to_string());
        Problem::InvalidValue { found, expected }.into()
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        let expected = expected.to_string();
        Problem::InvalidLength { length, expected }.into()
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Problem::UnknownVariant(expected).into()
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Problem::UnknownField(field.to_owned()).into()
    }

    fn missing_field(field: &'static str) -> Self {
        Problem::MissingField(field).into()
    }

    fn duplicate_field(field: &'static str) -> Self {
        Problem::Twice(field).into()
    }
}

impl ser::Error for AttributesError {
    fn custom<T: Display>(message: T) -> Self {
        Problem::Message(message.to_string()).into()
    }
}
