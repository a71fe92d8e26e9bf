//! What answers a turn, and which turns.

use std::future::Future;
use std::marker::PhantomData;

use crate::answer::{Completed, IntoResponse};
use crate::arguments::Arguments;
use crate::boxed::BoxFuture;
use crate::envelope::RequestBody;
use crate::error::{Error, Result};
use crate::response::Response;
use crate::turn::Turn;

/// An `async fn` whose arguments are of types that implement [`FromTurn`](crate::FromTurn), up to
/// eight, and whose answer implements [`IntoResponse`].
///
/// The arguments are made from left to right before it runs. It may run more than once for one
/// request, each time with new arguments, when another request changed the same persistent attributes
/// meanwhile: what it does beside them should bear repeating.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no handler",
    label = "this is no handler",
    note = "write `async fn name(mut state: Persistent<State>) -> String`, with up to 8 arguments, which it owns"
)]
pub trait Handler<A>: Send + Sync + 'static {
    /// What it answers.
    type Answer;
    /// The future of its answer.
    type Future: Future<Output = Self::Answer>;

    /// Calls it.
    fn call(&self, arguments: A) -> Self::Future;
}

/// As a [`Handler`], with the [`Error`] in which the turn ended as its first argument.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error handler",
    label = "this is no error handler",
    note = "write `async fn sorry(error: Error) -> &'static str`; further arguments, up to 8, come after the error"
)]
pub trait ErrorHandler<A>: Send + Sync + 'static {
    /// What it answers.
    type Answer;
    /// The future of its answer.
    type Future: Future<Output = Self::Answer>;

    /// Calls it.
    fn call(&self, error: Error, arguments: A) -> Self::Future;
}

/// As a [`Handler`], with the [`Response`] of the handler as its first argument.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't run after a handler",
    label = "this can't run after a handler",
    note = "write `async fn after(response: Response) -> Response`; further arguments, up to 8, come after the response"
)]
pub trait ResponseHandler<A>: Send + Sync + 'static {
    /// What it answers.
    type Answer;
    /// The future of its answer.
    type Future: Future<Output = Self::Answer>;

    /// Calls it.
    fn call(&self, response: Response, arguments: A) -> Self::Future;
}

macro_rules! for_async_functions {
    ($trait:ident($($first:ident: $type:ty)?): $($argument:ident)*) => {
        #[allow(non_snake_case, reason = "an argument is called like its type")]
        impl<F, Answer, $($argument),*> $trait<($($argument,)*)> for F
        where
            F: Fn($($type,)? $($argument),*) -> Answer + Send + Sync + 'static,
            Answer: Future,
        {
            type Answer = Answer::Output;
            type Future = Answer;

            fn call(&self, $($first: $type,)? ($($argument,)*): ($($argument,)*)) -> Answer {
                self($($first,)? $($argument),*)
            }
        }
    };
    ($($argument:ident)*) => {
        for_async_functions!(Handler(): $($argument)*);
        for_async_functions!(ErrorHandler(error: Error): $($argument)*);
        for_async_functions!(ResponseHandler(response: Response): $($argument)*);
    };
}
for_async_functions!();
for_async_functions!(A);
for_async_functions!(A B);
for_async_functions!(A B C);
for_async_functions!(A B C D);
for_async_functions!(A B C D E);
for_async_functions!(A B C D E G);
for_async_functions!(A B C D E G H);
for_async_functions!(A B C D E G H I);

/// A handler of whatever arguments and answer.
pub(super) trait Answers: Send + Sync {
    fn answer(&self, turn: Turn) -> BoxFuture<'_, Result<Response>>;
}

/// What runs before a handler.
pub(super) trait Prepares: Send + Sync {
    fn prepare(&self, turn: Turn) -> BoxFuture<'_, Result<()>>;
}

/// What runs after a handler.
pub(super) trait Follows: Send + Sync {
    fn follow(&self, response: Response, turn: Turn) -> BoxFuture<'_, Result<Response>>;
}

/// What answers a turn that failed.
pub(super) trait Apologises: Send + Sync {
    /// Hands the error back where the arguments cannot be made.
    fn apologise(&self, error: Error, turn: Turn) -> BoxFuture<'_, Apology>;
}

pub(super) enum Apology {
    Answered(Result<Response>),
    /// The first error is the turn's, the second says why nobody could apologise.
    Impossible(Error, Error),
}

/// A function with its arguments' types, which the function itself need not name.
pub(super) struct Of<H, A> {
    function: H,
    arguments: PhantomData<fn() -> A>,
}

impl<H, A> Of<H, A> {
    pub(super) fn new(function: H) -> Of<H, A> {
        let arguments = PhantomData;
        Of {
            function,
            arguments,
        }
    }
}

impl<H, A> Answers for Of<H, A>
where
    H: Handler<A, Answer: IntoResponse, Future: Send>,
    A: Arguments,
{
    fn answer(&self, turn: Turn) -> BoxFuture<'_, Result<Response>> {
        Box::pin(async move {
            let arguments = A::from_turn(&turn).await?;
            self.function.call(arguments).await.into_response()
        })
    }
}

impl<H, A> Prepares for Of<H, A>
where
    H: Handler<A, Answer: Completed, Future: Send>,
    A: Arguments,
{
    fn prepare(&self, turn: Turn) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let arguments = A::from_turn(&turn).await?;
            self.function.call(arguments).await.completed()
        })
    }
}

impl<H, A> Follows for Of<H, A>
where
    H: ResponseHandler<A, Answer: IntoResponse, Future: Send>,
    A: Arguments,
{
    fn follow(&self, response: Response, turn: Turn) -> BoxFuture<'_, Result<Response>> {
        Box::pin(async move {
            let arguments = A::from_turn(&turn).await?;
            self.function
                .call(response, arguments)
                .await
                .into_response()
        })
    }
}

impl<H, A> Apologises for Of<H, A>
where
    H: ErrorHandler<A, Answer: IntoResponse, Future: Send>,
    A: Arguments,
{
    fn apologise(&self, error: Error, turn: Turn) -> BoxFuture<'_, Apology> {
        Box::pin(async move {
            match A::from_turn(&turn).await {
                Ok(arguments) => {
                    let answer = self.function.call(error, arguments).await;
                    Apology::Answered(answer.into_response())
                }
                Err(second) => Apology::Impossible(error, second),
            }
        })
    }
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
