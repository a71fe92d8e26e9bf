//! What a skill remembers, as a struct that a handler owns while it runs.

use std::cell::OnceCell;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use super::Turn;
use super::store::{Returned, Store, serialized};
use crate::attributes::Attributes;
use crate::attributes::state::State;
use crate::error::{Error, Result};

/// The user's persistent attributes as a `T`, an argument of a handler.
///
/// The first one of a turn loads them, or takes what the session
/// [carried](crate::SkillBuilder::carry_in_session). A user without attributes gives `T::default()`;
/// otherwise they are what serde reads, so `T` needs `#[serde(default)]` in order to grow. What the
/// handler changed is saved once, after it answered. If it fails, nothing is saved.
///
/// A save goes name by name: attributes that `T` doesn't know stay on the item, inside of nested
/// maps too, while lists are replaced as a whole. What `T` read under an `alias` is written under the
/// field's own name. Before anything is sent, the new attributes are read once more; if `T` then
/// differs from what the handler left, the turn fails with [`Error::State`], which names the place.
///
/// A handler that needs them on some of its paths only asks for the [`Turn`] and calls
/// [`Turn::persistent`] there, so that the others read nothing.
///
/// There is at most one at a time, so at most one a handler. The value is given back when it goes
/// out of scope: keep it no longer than the handler runs.
///
/// ```
/// # use alexa_skill::Persistent;
/// # #[derive(Default, serde::Serialize, serde::Deserialize)]
/// # #[serde(default)]
/// # struct Visits { count: u32 }
/// async fn welcome(mut visits: Persistent<Visits>) -> String {
///     visits.count += 1;
///     format!("This is visit {}.", visits.count)
/// }
/// ```
///
/// # Errors
/// As an argument it fails the turn when the skill has no table, the request no user, the table
/// cannot be read, the stored attributes do not fit `T`, or another one is open.
///
/// In an error handler it holds what the failed turn had read. Nothing is loaded there
/// ([`Error::NotLoaded`]), and a change is refused ([`Error::ReadOnly`]).
pub struct Persistent<T>(Lent<T>);

/// The session's attributes as a `T`, an argument of a handler. They travel to Alexa and back until
/// the session ends.
///
/// A session without attributes gives `T::default()`. There is at most one at a time, as with
/// [`Persistent`]. A request may belong to no session, such as a skill event: then it fails the turn
/// with [`Error::NoSession`], and `Option<Session<T>>` is `None`.
pub struct Session<T>(Lent<T>);

/// A value that goes back to its lender when it is dropped.
///
/// Nothing about `T` is asked here, nor by what a handler does with it: so a type that can't be a state
/// is refused once, where the skill is given the handler.
struct Lent<T> {
    value: T,
    lender: Lender<T>,
    give_back: fn(&mut T, Lender<T>),
}

enum Lender<T> {
    Turn {
        turn: Turn,
        store: Arc<Store>,
        /// What the value serialized to when it was read.
        before: Attributes,
    },
    /// Takes the value for a test. It is boxed so that no skill has the code of tests in it.
    Test(Box<dyn FnOnce(T) + Send + Sync>),
    /// The value is not wanted back.
    Nobody,
}

impl<T: State> Lent<T> {
    fn open(turn: &Turn, store: &Arc<Store>) -> Result<Lent<T>> {
        let (value, before) = store.lend::<T>()?;
        let lender = Lender::Turn {
            turn: turn.clone(),
            store: store.clone(),
            before,
        };
        Ok(Lent::new(value, lender))
    }

    fn new(value: T, lender: Lender<T>) -> Lent<T> {
        Lent {
            value,
            lender,
            give_back,
        }
    }
}

impl<T> Drop for Lent<T> {
    fn drop(&mut self) {
        let lender = std::mem::replace(&mut self.lender, Lender::Nobody);
        (self.give_back)(&mut self.value, lender);
    }
}

/// Hands the value back. It is serialized after the handler, where that can fail by name.
fn give_back<T: State>(value: &mut T, lender: Lender<T>) {
    match lender {
        Lender::Turn { store, before, .. } => {
            let value = std::mem::take(value);
            store.take_back(Box::new(Returned { value, before }));
        }
        Lender::Test(hold) => hold(std::mem::take(value)),
        Lender::Nobody => {}
    }
}

impl Turn {
    /// The user's persistent attributes as a `T`, for a handler that asks for them on some paths only;
    /// as an argument, [`Persistent`] says it shorter.
    ///
    /// # Errors
    /// As [`Persistent`] fails, and when the handler has one already.
    pub async fn persistent<T: State>(&self) -> Result<Persistent<T>> {
        Persistent::open(self, &self.loaded().await?.store)
    }

    /// The session's attributes as a `T`; see [`Session`].
    ///
    /// # Errors
    /// Fails when the request belongs to no session, the attributes do not fit `T`, or the handler has
    /// one already.
    pub fn session<T: State>(&self) -> Result<Session<T>> {
        Session::open(self, self.shared.session.as_ref().ok_or(Error::NoSession)?)
    }
}

impl<T: State> Persistent<T> {
    pub(super) fn open(turn: &Turn, store: &Arc<Store>) -> Result<Persistent<T>> {
        Lent::open(turn, store).map(Persistent)
    }

    /// Saves what changed now, before the handler goes on. The end of a turn saves by itself; this is
    /// for a handler that does something which must not happen unless the change is stored.
    ///
    /// If a later save of the same turn meets a conflict, the handler runs again, on attributes that
    /// hold this one's change already.
    ///
    /// # Errors
    /// Fails on a conflict, when the table cannot be written, and when `T` cannot be kept.
    pub async fn save(state: &mut Persistent<T>) -> Result<()> {
        let Lent { value, lender, .. } = &mut state.0;
        let Lender::Turn {
            turn,
            store,
            before,
        } = lender
        else {
            return Ok(());
        };
        let after = serialized(value).map_err(|source| store.misfit::<T>(source))?;
        let new = store.merged::<T>(before, after.clone())?;
        turn.write(store, new).await?;
        *before = after;
        Ok(())
    }

    /// Reads the attributes again, and drops what the handler changed: a turn on what the session
    /// [carried](crate::SkillBuilder::carry_in_session) may want to know what is stored now.
    ///
    /// # Errors
    /// Fails when the table cannot be read and when the stored attributes do not fit `T`.
    pub async fn refresh(state: &mut Persistent<T>) -> Result<()> {
        let Lent { value, lender, .. } = &mut state.0;
        if let Lender::Turn {
            turn,
            store,
            before,
        } = lender
        {
            turn.read_again(store).await?;
            (*value, *before) = store.read::<T>()?;
        }
        Ok(())
    }

    /// Deletes the user's item with all that is in it, and drops what the handler changed.
    ///
    /// This takes the action `dynamodb:DeleteItem`.
    ///
    /// # Errors
    /// Fails when the table refuses.
    pub async fn forget(mut state: Persistent<T>) -> Result<()> {
        match std::mem::replace(&mut state.0.lender, Lender::Nobody) {
            Lender::Turn { turn, store, .. } => {
                store.close();
                turn.forget().await
            }
            Lender::Test(hold) => {
                hold(T::default());
                Ok(())
            }
            Lender::Nobody => Ok(()),
        }
    }
}

impl<T: State> Session<T> {
    pub(super) fn open(turn: &Turn, store: &Arc<Store>) -> Result<Session<T>> {
        Lent::open(turn, store).map(Session)
    }
}

macro_rules! looks_like_its_value {
    ($($name:ident)*) => {$(
        impl<T> Deref for $name<T> {
            type Target = T;

            fn deref(&self) -> &T {
                &self.0.value
            }
        }

        impl<T> DerefMut for $name<T> {
            fn deref_mut(&mut self) -> &mut T {
                &mut self.0.value
            }
        }

        impl<T: std::fmt::Debug> std::fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.value.fmt(f)
            }
        }
    )*};
}
looks_like_its_value!(Persistent Session);

/// What a handler left in a state that a test gave it.
#[derive(Debug)]
pub struct Held<T> {
    returned: Receiver<T>,
    value: OnceCell<T>,
}

impl<T> Held<T> {
    /// The value that the handler left.
    ///
    /// # Panics
    /// While the handler still holds it.
    #[track_caller]
    pub fn get(&self) -> &T {
        if let Some(value) = self.value.get() {
            return value;
        }
        match self.returned.try_recv() {
            Ok(value) => self.value.get_or_init(|| value),
            Err(_) => panic!("the handler still holds the state: let it finish first"),
        }
    }
}

fn lent_by_a_test<T: State>(value: T) -> (Lent<T>, Held<T>) {
    let (sender, returned) = channel();
    // A test that does not look has dropped the other end.
    let lender = Lender::Test(Box::new(move |value| drop(sender.send(value))));
    let held = Held {
        returned,
        value: OnceCell::new(),
    };
    (Lent::new(value, lender), held)
}

/// A [`Persistent`] for a handler that is called without a turn, and what it holds afterwards.
///
/// [`Persistent::save`] and [`Persistent::refresh`] do nothing on it, and [`Persistent::forget`] leaves
/// `T::default()`.
pub fn persistent<T: State>(value: T) -> (Persistent<T>, Held<T>) {
    let (lent, held) = lent_by_a_test(value);
    (Persistent(lent), held)
}

/// A [`Session`] for a handler that is called without a turn, and what it holds afterwards.
pub fn session<T: State>(value: T) -> (Session<T>, Held<T>) {
    let (lent, held) = lent_by_a_test(value);
    (Session(lent), held)
}
