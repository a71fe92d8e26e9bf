//! What a handler may answer.

use crate::boxed::BoxError;
use crate::error::{Error, Result};
use crate::response::{Response, Speech};
use crate::ssml::Ssml;

/// A type that a handler can answer with.
///
/// A string is said as it is and ends the session; `()` says nothing; an error fails the turn.
/// [`Response`] says everything else.
#[diagnostic::on_unimplemented(
    message = "a handler can't answer with `{Self}`",
    label = "the handler answers with it",
    note = "return `&'static str`, `String`, `Ssml`, `Response`, `()`, or a `Result` of one of them"
)]
pub trait IntoResponse {
    /// The response, or the error in which the turn ends.
    ///
    /// # Errors
    /// The handler's own.
    fn into_response(self) -> Result<Response>;
}

impl IntoResponse for Response {
    fn into_response(self) -> Result<Response> {
        Ok(self)
    }
}

impl IntoResponse for () {
    fn into_response(self) -> Result<Response> {
        Ok(Response::new())
    }
}

macro_rules! said {
    ($($type:ty)*) => {$(
        impl IntoResponse for $type {
            fn into_response(self) -> Result<Response> {
                Ok(Response::tell(Speech::from(self)))
            }
        }
    )*};
}
said!(&str String Ssml);

impl<R: IntoResponse, E: IntoError> IntoResponse for Result<R, E> {
    fn into_response(self) -> Result<Response> {
        self.map_err(E::into_error)?.into_response()
    }
}

/// What a handler may fail with: whatever becomes a [`BoxError`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a handler can't fail with `{Self}`",
    label = "the handler may fail with it",
    note = "return a `Result` whose error is `alexa_skill::Error`, `BoxError`, or a type that implements \
            `std::error::Error`"
)]
pub trait IntoError {
    fn into_error(self) -> Error;
}

#[diagnostic::do_not_recommend]
impl<E: Into<BoxError>> IntoError for E {
    fn into_error(self) -> Error {
        Error::from_handler(self.into())
    }
}

/// What an interceptor that runs before the handler may return: nothing, or an error that fails the
/// turn.
#[diagnostic::on_unimplemented(
    message = "what runs before a handler can't return `{Self}`",
    label = "it returns that",
    note = "return `()`, or `Result<(), E>` with an error that fails the turn"
)]
pub trait Completed {
    /// Whether the turn goes on.
    ///
    /// # Errors
    /// The interceptor's own.
    fn completed(self) -> Result<()>;
}

impl Completed for () {
    fn completed(self) -> Result<()> {
        Ok(())
    }
}

impl<E: IntoError> Completed for Result<(), E> {
    fn completed(self) -> Result<()> {
        self.map_err(E::into_error)
    }
}
