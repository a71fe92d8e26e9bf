//! What a handler's arguments may be.

use std::any::{TypeId, type_name};
use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;

use crate::attributes::AttributesError;
use crate::attributes::state::{self, State};
use crate::error::{Error, Result};
use crate::turn::{Persistent, Session, Turn};

/// A type that a handler can have as an argument.
///
/// Implement it for a type of your own that several handlers ask for:
///
/// ```
/// use alexa_skill::{FromTurn, Result, Turn};
///
/// /// Whether the device has a screen.
/// struct Screen(bool);
///
/// impl FromTurn for Screen {
///     async fn from_turn(turn: &Turn) -> Result<Screen> {
///         let device = turn.envelope().context.system.device.as_ref();
///         Ok(Screen(device.is_some_and(|device| device.supports("Alexa.Presentation.APL"))))
///     }
/// }
///
/// async fn welcome(Screen(screen): Screen) -> &'static str {
///     if screen { "Look at this." } else { "Listen to this." }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a handler can't ask for `{Self}`",
    label = "the handler given here asks for it",
    note = "ask for `Persistent<T>`, `Session<T>`, `Slots<T>`, `Locale`, `Provided<T>`, `Kept<T>` or `Turn`, \
            or implement `FromTurn` for `{Self}`"
)]
pub trait FromTurn: Sized + Send {
    /// How many [`Persistent`] states it holds while the handler runs.
    #[doc(hidden)]
    const PERSISTENT: usize = 0;

    /// How many [`Session`] states it holds while the handler runs.
    #[doc(hidden)]
    const SESSIONS: usize = 0;

    /// Notes what the skill must have for it, so that [`build`](crate::SkillBuilder::build) fails and
    /// not the first turn. An argument that is made of others passes the call on to them.
    fn requires(requirements: &mut Requirements) {
        let _ = requirements;
    }

    /// Makes the argument.
    ///
    /// # Errors
    /// The error ends the turn, unless the handler asks for a `Result` of the argument.
    fn from_turn(turn: &Turn) -> impl Future<Output = Result<Self>> + Send;
}

/// What the arguments of a skill's handlers require of the skill.
#[derive(Debug, Default)]
pub struct Requirements {
    pub(crate) states: Vec<RequiredState>,
    pub(crate) provided: Vec<(TypeId, &'static str)>,
}

/// A type of a state, and the check that it can be one.
#[derive(Debug)]
pub(crate) struct RequiredState {
    pub(crate) type_name: &'static str,
    pub(crate) check: fn() -> Result<(), AttributesError>,
}

impl Requirements {
    fn state<T: State>(&mut self) {
        self.states.push(RequiredState {
            type_name: type_name::<T>(),
            check: state::check::<T>,
        });
    }
}

impl FromTurn for Turn {
    async fn from_turn(turn: &Turn) -> Result<Turn> {
        Ok(turn.clone())
    }
}

impl<T: State> FromTurn for Persistent<T> {
    const PERSISTENT: usize = 1;

    fn requires(requirements: &mut Requirements) {
        requirements.state::<T>();
    }

    async fn from_turn(turn: &Turn) -> Result<Persistent<T>> {
        turn.persistent().await
    }
}

impl<T: State> FromTurn for Session<T> {
    const SESSIONS: usize = 1;

    fn requires(requirements: &mut Requirements) {
        requirements.state::<T>();
    }

    async fn from_turn(turn: &Turn) -> Result<Session<T>> {
        turn.session()
    }
}

/// `None` where the request belongs to no session.
impl<T: State> FromTurn for Option<Session<T>> {
    const SESSIONS: usize = 1;

    fn requires(requirements: &mut Requirements) {
        requirements.state::<T>();
    }

    async fn from_turn(turn: &Turn) -> Result<Option<Session<T>>> {
        match turn.session() {
            Ok(session) => Ok(Some(session)),
            Err(Error::NoSession) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// An argument that never fails the turn: the handler decides what its error means.
impl<A: FromTurn> FromTurn for Result<A, Error> {
    const PERSISTENT: usize = A::PERSISTENT;
    const SESSIONS: usize = A::SESSIONS;

    fn requires(requirements: &mut Requirements) {
        A::requires(requirements);
    }

    async fn from_turn(turn: &Turn) -> Result<Self> {
        Ok(A::from_turn(turn).await)
    }
}

/// The user's locale, such as `en-GB`; empty for a request that is not spoken.
///
/// ```
/// use alexa_skill::Locale;
///
/// async fn goodbye(locale: Locale) -> &'static str {
///     match locale.language() {
///         "fr" => "À bientôt.",
///         _ => "See you soon.",
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locale(String);

impl Locale {
    /// The language without the country: `en` of `en-GB`.
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }
}

impl From<&str> for Locale {
    fn from(locale: &str) -> Locale {
        Locale(locale.to_owned())
    }
}

impl Deref for Locale {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl FromTurn for Locale {
    async fn from_turn(turn: &Turn) -> Result<Locale> {
        Ok(turn.locale().unwrap_or_default().into())
    }
}

/// A value that handlers of several requests may look at, at the same time.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a skill can't be given `{Self}`",
    label = "handlers of several requests can't share this",
    note = "write `Arc` for `Rc`, and `Mutex` or an atomic number for `Cell` and `RefCell`: requests may be \
            answered on several threads"
)]
pub trait Shared: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> Shared for T {}

/// What the skill was given with [`provide`](crate::SkillBuilder::provide), such as a client for
/// another service. A skill that was not given a `T` fails to build.
#[derive(Debug)]
pub struct Provided<T>(pub Arc<T>);

impl<T: Send + Sync + 'static> FromTurn for Provided<T> {
    fn requires(requirements: &mut Requirements) {
        let required = (TypeId::of::<T>(), type_name::<T>());
        requirements.provided.push(required);
    }

    async fn from_turn(turn: &Turn) -> Result<Provided<T>> {
        let type_name = type_name::<T>();
        let value = turn.provided().ok_or(Error::NotProvided { type_name })?;
        Ok(Provided(value))
    }
}

/// What an interceptor [kept](Turn::keep) for the rest of the turn. Where it kept no `T`, the turn
/// fails with [`Error::NotKept`].
#[derive(Debug)]
pub struct Kept<T>(pub Arc<T>);

impl<T: Send + Sync + 'static> FromTurn for Kept<T> {
    async fn from_turn(turn: &Turn) -> Result<Kept<T>> {
        let type_name = type_name::<T>();
        Ok(Kept(turn.kept().ok_or(Error::NotKept { type_name })?))
    }
}

macro_rules! looks_like_its_value {
    ($($name:ident)*) => {$(
        impl<T> Deref for $name<T> {
            type Target = T;

            fn deref(&self) -> &T {
                &self.0
            }
        }
    )*};
}
looks_like_its_value!(Provided Kept);

/// The arguments of a handler, as a tuple.
#[doc(hidden)]
pub trait Arguments: Sized + Send {
    const PERSISTENT: usize;
    const SESSIONS: usize;

    /// Refuses a handler with two states of a kind when it is compiled: one of two changes would be
    /// lost. The compiler names the call that asks for this constant, so each method that takes a
    /// handler asks by itself.
    const ONE_STATE_OF_A_KIND: () = {
        assert!(
            Self::PERSISTENT <= 1,
            "a handler can ask for `Persistent` once: put what it needs into one struct"
        );
        assert!(
            Self::SESSIONS <= 1,
            "a handler can ask for `Session` once: put what it needs into one struct"
        );
    };

    fn requires(requirements: &mut Requirements);

    fn from_turn(turn: &Turn) -> impl Future<Output = Result<Self>> + Send;
}

macro_rules! arguments {
    ($($argument:ident)*) => {
        impl<$($argument: FromTurn),*> Arguments for ($($argument,)*) {
            const PERSISTENT: usize = 0 $(+ $argument::PERSISTENT)*;
            const SESSIONS: usize = 0 $(+ $argument::SESSIONS)*;

            #[allow(unused_variables, reason = "a handler may have no arguments")]
            fn requires(requirements: &mut Requirements) {
                $($argument::requires(requirements);)*
            }

            #[allow(unused_variables, reason = "a handler may have no arguments")]
            async fn from_turn(turn: &Turn) -> Result<Self> {
                Ok(($($argument::from_turn(turn).await?,)*))
            }
        }
    };
}
arguments!();
arguments!(A);
arguments!(A B);
arguments!(A B C);
arguments!(A B C D);
arguments!(A B C D E);
arguments!(A B C D E G);
arguments!(A B C D E G H);
arguments!(A B C D E G H I);
