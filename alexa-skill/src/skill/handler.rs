//! What answers a turn, and which turns.

use std::future::Future;
use std::sync::Arc;

use crate::envelope::RequestBody;
use crate::error::{BoxError, Error, Result};
use crate::persistence::BoxFuture;
use crate::response::Response;
use crate::turn::Turn;

/// An `async fn` from a [`Turn`] to a [`Response`], or an error that a boxed error can hold.
///
/// A handler may run more than once for one request, when another request changed the same
/// persistent attributes meanwhile: what it does beside them should bear repeating.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no handler",
    note = "a handler is an `async fn(Turn) -> Result<Response, E>` whose future is `Send`"
)]
pub trait Handler: Send + Sync + 'static {
    /// Answers one turn.
    fn handle(&self, turn: Turn) -> BoxFuture<'static, Result<Response>>;
}

/// An `async fn` from a [`Turn`] to nothing, which runs before the handler is chosen. Its error
/// ends the turn.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no request interceptor",
    note = "a request interceptor is an `async fn(Turn) -> Result<(), E>` whose future is `Send`"
)]
pub trait RequestInterceptor: Send + Sync + 'static {
    /// Sees a turn before its handler does.
    fn before(&self, turn: Turn) -> BoxFuture<'static, Result<()>>;
}

/// An `async fn` from a [`Turn`] and the handler's [`Response`] to the response that takes its
/// place. It runs before attributes are saved.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no response interceptor",
    note = "a response interceptor is an `async fn(Turn, Response) -> Result<Response, E>` whose future is `Send`"
)]
pub trait ResponseInterceptor: Send + Sync + 'static {
    /// Sees a turn after its handler did.
    fn after(&self, turn: Turn, response: Response) -> BoxFuture<'static, Result<Response>>;
}

/// An `async fn` from a [`Turn`] and the error that it ended in to a [`Response`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error handler",
    note = "an error handler is an `async fn(Turn, Arc<Error>) -> Result<Response, E>` whose future is `Send`"
)]
pub trait ErrorHandler: Send + Sync + 'static {
    /// Answers a turn that failed.
    fn recover(&self, turn: Turn, error: Arc<Error>) -> BoxFuture<'static, Result<Response>>;
}

macro_rules! for_async_functions {
    ($($trait:ident::$method:ident($($argument:ident: $type:ty),*) -> $output:ty;)*) => {$(
        impl<F, Answer, E> $trait for F
        where
            F: Fn($($type),*) -> Answer + Send + Sync + 'static,
            Answer: Future<Output = Result<$output, E>> + Send + 'static,
            E: Into<BoxError>,
        {
            fn $method(&self, $($argument: $type),*) -> BoxFuture<'static, Result<$output>> {
                let answer = self($($argument),*);
                Box::pin(async { answer.await.map_err(|error| Error::from_handler(error.into())) })
            }
        }
    )*};
}

for_async_functions! {
    Handler::handle(turn: Turn) -> Response;
    RequestInterceptor::before(turn: Turn) -> ();
    ResponseInterceptor::after(turn: Turn, response: Response) -> Response;
    ErrorHandler::recover(turn: Turn, error: Arc<Error>) -> Response;
}

/// Which turns a handler answers.
pub(super) enum Matcher {
    Launch,
    Intent(String),
    SessionEnded,
    RequestType(String),
    When(Box<dyn Fn(&Turn) -> bool + Send + Sync>),
}

impl Matcher {
    pub(super) fn matches(&self, turn: &Turn) -> bool {
        let request = turn.request();
        match (self, &request.body) {
            (Matcher::Launch, RequestBody::Launch) => true,
            (Matcher::Intent(name), RequestBody::Intent { intent, .. }) => intent.name == *name,
            (Matcher::SessionEnded, RequestBody::SessionEnded { .. }) => true,
            (Matcher::RequestType(name), _) => request.request_type == *name,
            (Matcher::When(condition), _) => condition(turn),
            _ => false,
        }
    }
}

/// Which failed turns an error handler answers.
pub(super) type ErrorMatcher = Box<dyn Fn(&Turn, &Error) -> bool + Send + Sync>;
