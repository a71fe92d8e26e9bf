//! Why slots are not what a type expects.

use std::fmt::Display;

use serde::de::{self, Expected, Unexpected};

/// Why the slots of an intent are not what a handler's type expects. It holds nothing that was said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}`{intent}` does not fit the handler's type: {problem}; \
     ask for an `Option` if the slot may be empty, and for a `Slot` to get what was said",
    slot.as_deref().map(|slot| format!("the slot `{slot}` of ")).unwrap_or_default()
)]
pub struct SlotsError {
    pub(super) intent: String,
    pub(super) slot: Option<String>,
    pub(super) problem: String,
}

/// An error of reading, before it is known which intent it was.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub(super) struct Problem {
    pub(super) slot: Option<String>,
    pub(super) text: String,
    pub(super) missing: Option<&'static str>,
}

impl Problem {
    pub(super) fn new(text: String) -> Problem {
        Problem {
            slot: None,
            text,
            missing: None,
        }
    }

    pub(super) fn of(self, slot: &str) -> Problem {
        Problem {
            slot: Some(slot.to_owned()),
            ..self
        }
    }
}

/// What was said is never part of a message.
impl de::Error for Problem {
    fn custom<T: Display>(message: T) -> Problem {
        Problem::new(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Problem {
        Problem::new(format!("what was said is not {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Problem {
        Problem::new(format!("what was said is not {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Problem {
        let expected = expected.join("`, `");
        Problem::new(format!(
            "what was said is none of the variants `{expected}`"
        ))
    }

    fn missing_field(field: &'static str) -> Problem {
        Problem {
            missing: Some(field),
            ..Problem::new(format!(
                "the slot `{field}` is not filled, or the intent has none of that name"
            ))
        }
    }
}
