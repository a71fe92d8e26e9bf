//! The attributes of a turn, from which handlers have their states.

use std::any::type_name;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::attributes::state::{self, State};
use crate::attributes::{Attributes, AttributesError, to_attributes};
use crate::error::{Error, Result};

/// Attributes that are lent to handlers as values, one at a time.
pub(super) struct Store {
    what: &'static str,
    working: Mutex<Working>,
}

struct Working {
    attributes: Attributes,
    changed: bool,
    /// The type of the value that is lent out.
    open: Option<&'static str>,
    /// What came back and is not put over the attributes yet.
    returned: Option<Box<dyn Settle>>,
}

/// A value that came back, of whatever type.
pub(super) trait Settle: Send {
    /// The attributes with what changed in the value, or `None` if nothing did.
    fn settled(&self, stored: &Attributes) -> Result<Option<Attributes>, AttributesError>;

    fn type_name(&self) -> &'static str;
}

pub(super) struct Returned<T> {
    pub(super) value: T,
    pub(super) before: Attributes,
}

impl<T: State> Settle for Returned<T> {
    fn settled(&self, stored: &Attributes) -> Result<Option<Attributes>, AttributesError> {
        state::changed::<T>(stored, &self.before, serialized(&self.value)?)
    }

    fn type_name(&self) -> &'static str {
        type_name::<T>()
    }
}

pub(super) fn serialized<T: State>(value: &T) -> Result<Attributes, AttributesError> {
    to_attributes(value)
}

impl Store {
    pub(super) fn new(what: &'static str, attributes: Attributes) -> Arc<Store> {
        let working = Working {
            attributes,
            changed: false,
            open: None,
            returned: None,
        };
        Arc::new(Store {
            what,
            working: Mutex::new(working),
        })
    }

    fn working(&self) -> MutexGuard<'_, Working> {
        self.working.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn misfit<T>(&self, source: AttributesError) -> Error {
        Error::State {
            what: self.what,
            type_name: type_name::<T>(),
            source,
        }
    }

    pub(super) fn lend<T: State>(&self) -> Result<(T, Attributes)> {
        let mut working = self.settled()?;
        let lent = self.read_from::<T>(&working.attributes)?;
        working.open = Some(type_name::<T>());
        Ok(lent)
    }

    pub(super) fn read<T: State>(&self) -> Result<(T, Attributes)> {
        self.read_from::<T>(&self.working().attributes)
    }

    fn read_from<T: State>(&self, attributes: &Attributes) -> Result<(T, Attributes)> {
        let read = || {
            let value = state::read::<T>(attributes)?;
            let before = serialized(&value)?;
            Ok((value, before))
        };
        read().map_err(|source| self.misfit::<T>(source))
    }

    pub(super) fn take_back(&self, returned: Box<dyn Settle>) {
        let mut working = self.working();
        working.open = None;
        working.returned = Some(returned);
    }

    pub(super) fn close(&self) {
        self.working().open = None;
    }

    /// The attributes, with all that came back put over them. Fails while a value is lent out: one of
    /// two changes would be lost.
    fn settled(&self) -> Result<MutexGuard<'_, Working>> {
        let mut working = self.working();
        if let Some(type_name) = working.open {
            return Err(Error::StateOpen { type_name });
        }
        let Some(returned) = working.returned.take() else {
            return Ok(working);
        };
        match returned.settled(&working.attributes) {
            Ok(None) => Ok(working),
            Ok(Some(attributes)) => {
                working.attributes = attributes;
                working.changed = true;
                Ok(working)
            }
            Err(source) => {
                let type_name = returned.type_name();
                // A turn whose handler passes over the error must not succeed after it.
                working.returned = Some(returned);
                Err(Error::State {
                    what: self.what,
                    type_name,
                    source,
                })
            }
        }
    }

    /// The attributes to write for a value that is still lent out, if anything changed.
    pub(super) fn merged<T: State>(
        &self,
        before: &Attributes,
        after: Attributes,
    ) -> Result<Option<Attributes>> {
        let working = self.working();
        let merged = state::changed::<T>(&working.attributes, before, after)
            .map_err(|source| self.misfit::<T>(source))?;
        Ok(merged.or_else(|| working.changed.then(|| working.attributes.clone())))
    }

    pub(super) fn attributes(&self) -> Result<Attributes> {
        Ok(self.settled()?.attributes.clone())
    }

    pub(super) fn changed_attributes(&self) -> Result<Option<Attributes>> {
        let working = self.settled()?;
        Ok(working.changed.then(|| working.attributes.clone()))
    }

    /// Takes other attributes instead of these, which are those that are stored.
    pub(super) fn reset(&self, attributes: Attributes) {
        let mut working = self.working();
        working.attributes = attributes;
        working.changed = false;
    }

    /// Drops what came back; fails while a value is lent out.
    pub(super) fn forget(&self) -> Result<()> {
        let mut working = self.working();
        if let Some(type_name) = working.open {
            return Err(Error::StateOpen { type_name });
        }
        working.returned = None;
        working.attributes.clear();
        working.changed = false;
        Ok(())
    }
}
