//! Everything that can go wrong in a turn.

use crate::attributes::AttributesError;
use crate::boxed::BoxError;
use crate::envelope::EnvelopeError;
use crate::persistence::PersistenceError;
use crate::slots::error::SlotsError;

/// A result with this library's error unless said otherwise.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a turn failed. The message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What came in is not JSON.
    #[error(
        "the request is not JSON: {0}; only Alexa, or a test event copied from it, calls a skill"
    )]
    NotJson(#[source] serde_json::Error),

    /// What came in is JSON, but no request envelope.
    #[error(
        "the request is JSON but no Alexa request envelope: {0}; \
         copy one from the developer console's JSON input"
    )]
    NotAnEnvelope(#[source] EnvelopeError),

    /// The request is meant for another skill, or names none.
    #[error(
        "the request is for skill `{found}`, and this is `{expected}`: \
         give Skill::builder the id that the developer console shows"
    )]
    WrongSkillId {
        /// The id that the skill was built with.
        expected: String,
        /// The id in the request; empty when it has none.
        found: String,
    },

    /// No handler matches, and the skill has no fallback.
    #[error(
        "Unable to find a suitable request handler. Nothing handles {request}: add a handler or a fallback"
    )]
    NoHandler {
        /// The request type, with the intent's name if it is one.
        request: String,
    },

    /// A helper was asked about another type of request.
    #[error("the request is `{found}`, not `{expected}`: ask in a handler of that type only")]
    WrongRequestType {
        /// The type that the helper is for.
        expected: &'static str,
        /// The type of the request.
        found: String,
    },

    /// The request does not name what the persistent attributes are kept under.
    #[error(
        "the request has no {missing}, under which persistent attributes are kept: \
         answer such requests without them"
    )]
    NoPartitionKey {
        /// The id that is absent or empty.
        missing: &'static str,
    },

    /// A handler asked for persistent attributes of a skill that has no table.
    #[error("the skill has no memory: add `.table(\"YourTableName\")` to its builder")]
    NoPersistence,

    /// A handler asked for session attributes outside a session.
    #[error(
        "the request belongs to no session, so it has no session attributes: \
         use persistent ones"
    )]
    NoSession,

    /// The stored attributes are not what the handler's type expects, or the other way round.
    #[error(
        "{what} attributes and the type `{type_name}` do not agree: {source}; \
         change the type, or mend what is stored"
    )]
    State {
        /// `persistent` or `session`.
        what: &'static str,
        /// The handler's type.
        type_name: &'static str,
        /// What does not agree.
        source: AttributesError,
    },

    /// A second state while the first one is open, or a first one that outlives its handler: one of
    /// two changes would be lost.
    #[error(
        "the state `{type_name}` is still open: a handler has one at a time, and gives it back when \
         it ends; put what it needs into one struct, or let the first go out of scope"
    )]
    StateOpen {
        /// The type of the state that is open.
        type_name: &'static str,
    },

    /// An error handler asked for persistent attributes that the turn which failed had not read, or to
    /// read them again.
    #[error(
        "an error handler reads no persistent attributes, and has only what the failed turn had read: \
         ask for `Result<Persistent<…>>` in it, or do without"
    )]
    NotLoaded,

    /// An error handler changed the persistent attributes.
    #[error(
        "an error handler cannot change persistent attributes: the turn that it answers failed"
    )]
    ReadOnly,

    /// A slot is not what the handler's type expects.
    #[error(transparent)]
    Slots(#[from] SlotsError),

    /// A handler asked for something that no interceptor of this turn kept.
    #[error("nothing of type `{type_name}` was kept in this turn: keep it in `before`")]
    NotKept {
        /// The type that was asked for.
        type_name: &'static str,
    },

    /// A handler asked for something that the skill was not given.
    #[error("the skill has no `{type_name}`: give it one with `.provide(…)` on its builder")]
    NotProvided {
        /// The type that was asked for.
        type_name: &'static str,
    },

    /// A handler panicked. What it changed is not saved.
    #[error("a handler panicked: the line above this one in the log says where")]
    Panicked,

    /// Loading, saving or deleting failed.
    #[error(transparent)]
    Persistence(#[from] PersistenceError),

    /// The handler's own error.
    #[error("the handler failed: {0}")]
    Handler(#[source] BoxError),
}

impl Error {
    /// A stable name of the kind of error, for metrics and for Lambda's `errorType`.
    pub fn name(&self) -> &'static str {
        match self {
            Error::NotJson(_) => "NotJson",
            Error::NotAnEnvelope(_) => "NotAnEnvelope",
            Error::WrongSkillId { .. } => "WrongSkillId",
            Error::NoHandler { .. } => "NoHandler",
            Error::WrongRequestType { .. } => "WrongRequestType",
            Error::NoPartitionKey { .. } => "NoPartitionKey",
            Error::NoPersistence => "NoPersistence",
            Error::NoSession => "NoSession",
            Error::State { .. } => "State",
            Error::StateOpen { .. } => "StateOpen",
            Error::NotLoaded => "NotLoaded",
            Error::ReadOnly => "ReadOnly",
            Error::Slots(_) => "Slots",
            Error::NotKept { .. } => "NotKept",
            Error::NotProvided { .. } => "NotProvided",
            Error::Panicked => "Panicked",
            Error::Persistence(error) => error.name(),
            Error::Handler(_) => "Handler",
        }
    }

    /// The error in one line for a log: its name, its message, and what its causes add.
    pub(crate) fn log_line(&self) -> String {
        let mut line = format!("{}: {self}", self.name());
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            let text = error.to_string();
            if !line.contains(&text) {
                line.push_str(": ");
                line.push_str(&text);
            }
            cause = error.source();
        }
        line.replace('\n', " ")
    }

    /// True when another turn wrote in between, so that running this one again may succeed.
    pub(crate) fn is_conflict(&self) -> bool {
        self.has_cause(|error| {
            matches!(error, Error::Persistence(PersistenceError::Conflict { .. }))
        })
    }

    /// True when the attributes were not what the handler expects, which others may be.
    pub(crate) fn is_state(&self) -> bool {
        self.has_cause(|error| matches!(error, Error::State { .. }))
    }

    /// Looks through what a handler wrapped around the error.
    fn has_cause(&self, is: impl Fn(&Error) -> bool) -> bool {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(self);
        while let Some(error) = cause {
            if error.downcast_ref().is_some_and(&is) {
                return true;
            }
            cause = error.source();
        }
        false
    }

    /// What a handler returned: one of this library's errors comes back as itself.
    pub(crate) fn from_handler(error: BoxError) -> Error {
        match error.downcast::<Error>() {
            Ok(error) => *error,
            Err(error) => Error::Handler(error),
        }
    }
}
