//! What can go wrong.

use crate::money::grouped;

/// A result with this crate's error.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was refused. The message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number outside its bounds.
    #[error("{what} must be from {} to {}, not {}", grouped(*.least), grouped(*.most), grouped(*.given))]
    OutOfBounds {
        /// What the number is.
        what: &'static str,
        /// The smallest that makes sense.
        least: u64,
        /// The largest that makes sense.
        most: u64,
        /// The one that was given.
        given: u64,
    },

    /// A variable that says where or as whom AWS is called.
    #[error("{0} is not set: set it to call AWS")]
    NotSet(&'static str),

    /// AWS did not do what it was asked.
    #[error("{what} was refused: {reason}")]
    Refused {
        /// The call.
        what: String,
        /// What AWS said.
        reason: String,
    },
}
