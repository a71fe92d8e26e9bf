//! A typed view over attributes that notices what changed.

use std::any::{TypeId, type_name};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::attributes::{
    Attributes, AttributesError, Value, field_behind, from_attributes, names_of, overlay,
    to_attributes,
};
use crate::error::{Error, Result};

/// Attributes that views read and change.
pub(super) struct Store {
    what: &'static str,
    working: Mutex<Working>,
}

struct Working {
    attributes: Attributes,
    changed: bool,
    open: Vec<(TypeId, &'static str)>,
    /// The first view whose value could not be put back; the turn must not succeed after it.
    fault: Option<(&'static str, AttributesError)>,
}

impl Store {
    pub(super) fn new(what: &'static str, attributes: Attributes) -> Arc<Store> {
        let working = Working {
            attributes,
            changed: false,
            open: Vec::new(),
            fault: None,
        };
        Arc::new(Store {
            what,
            working: Mutex::new(working),
        })
    }

    fn working(&self) -> MutexGuard<'_, Working> {
        self.working.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn whole(&self) -> Result<MutexGuard<'_, Working>> {
        let mut working = self.working();
        if let Some((type_name, source)) = working.fault.take() {
            return Err(Error::State {
                what: self.what,
                type_name,
                source,
            });
        }
        match working.open.first() {
            Some((_, type_name)) => Err(Error::ViewOpen { type_name }),
            None => Ok(working),
        }
    }

    pub(super) fn attributes(&self) -> Result<Attributes> {
        Ok(self.whole()?.attributes.clone())
    }

    pub(super) fn changed_attributes(&self) -> Result<Option<Attributes>> {
        let working = self.whole()?;
        Ok(working.changed.then(|| working.attributes.clone()))
    }

    /// Takes other attributes instead of these.
    pub(super) fn reset(&self, attributes: Attributes) -> Result<()> {
        let mut working = self.whole()?;
        working.attributes = attributes;
        working.changed = false;
        Ok(())
    }

    pub(super) fn mark_saved(&self) {
        self.working().changed = false;
    }
}

/// Names under which the attributes have fields that have other names now, each with the field's own
/// name. The first one of a field counts, where the field's own name is not there.
type Aliases = Vec<(&'static str, &'static str)>;

/// Attributes seen as a `T`: read through `Deref`, changed through `DerefMut`.
///
/// When it goes out of scope, what differs from what was read is put over the attributes. What
/// `T` does not know stays as it was.
pub struct View<T: Serialize + 'static> {
    value: T,
    before: Attributes,
    aliases: Aliases,
    /// Fails where `T` could not be read from the attributes again.
    readable: fn(&Attributes) -> Result<(), AttributesError>,
    store: Arc<Store>,
}

impl<T: Serialize + DeserializeOwned + Default + 'static> View<T> {
    pub(super) fn open(store: &Arc<Store>) -> Result<View<T>> {
        let type_name = type_name::<T>();
        let disagree = |source| Error::State {
            what: store.what,
            type_name,
            source,
        };
        let mut working = store.working();
        if working
            .open
            .iter()
            .any(|(open, _)| *open == TypeId::of::<T>())
        {
            return Err(Error::ViewOpen { type_name });
        }
        let (value, aliases) = read::<T>(&working.attributes).map_err(disagree)?;
        let before = to_attributes(&value).map_err(disagree)?;
        working.open.push((TypeId::of::<T>(), type_name));
        drop(working);
        Ok(View {
            value,
            before,
            aliases,
            readable: |attributes| read::<T>(attributes).map(drop),
            store: store.clone(),
        })
    }
}

/// The attributes as a `T`, with `T::default()` for what is absent, and the aliases that it was read
/// from. A `NULL` counts as absent where `T` cannot hold it: the Node.js SDK v2 writes one for what
/// it has no value for.
fn read<T>(attributes: &Attributes) -> Result<(T, Aliases), AttributesError>
where
    T: Serialize + DeserializeOwned + Default,
{
    let default = to_attributes(&T::default())?;
    let over_default = |stored: &Attributes| {
        let mut fields = default.clone();
        let aliases = put_over::<T>(&mut fields, stored);
        Ok((from_attributes(&fields)?, aliases))
    };
    over_default(attributes).or_else(|error| {
        let (nulls, mut stored): (Attributes, Attributes) = attributes
            .clone()
            .into_iter()
            .partition(|(_, value)| *value == Value::Null);
        let mut read = over_default(&stored).map_err(|_: AttributesError| error)?;
        // Another field can hold its NULL, and keeps it.
        for (name, null) in nulls {
            stored.insert(name.clone(), null);
            match over_default(&stored) {
                Ok(with_null) => read = with_null,
                Err(_) => drop(stored.remove(&name)),
            }
        }
        Ok(read)
    })
}

/// Puts what is `stored` over the `fields` of a default, each field under one name, for serde refuses
/// it under two.
fn put_over<T: DeserializeOwned>(fields: &mut Attributes, stored: &Attributes) -> Aliases {
    // A name that the default has is a field's own.
    let others = names_of::<T>()
        .iter()
        .filter(|name| !fields.contains_key(**name));
    let others = others.filter_map(|name| Some((*name, stored.get(*name)?)));
    let aliases = others.filter_map(|(name, value)| Some((name, field_behind::<T>(name, value)?)));
    let aliases = aliases.collect();
    let mut stored = stored.clone();
    rename(&mut stored, &aliases);
    fields.extend(stored);
    aliases
}

fn rename(attributes: &mut Attributes, aliases: &Aliases) {
    for (alias, field) in aliases {
        if let Some(value) = attributes.remove(*alias) {
            attributes.entry((*field).to_owned()).or_insert(value);
        }
    }
}

impl<T: Serialize> Deref for View<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Serialize> DerefMut for View<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: Serialize + 'static> Drop for View<T> {
    fn drop(&mut self) {
        let mut working = self.store.working();
        working.open.retain(|(open, _)| *open != TypeId::of::<T>());
        match to_attributes(&self.value) {
            Ok(after) if after != self.before => {
                // An alias that stayed would be read again once its field is gone.
                rename(&mut working.attributes, &self.aliases);
                overlay(&mut working.attributes, &self.before, &after);
                working.changed = true;
                // What this turn saves, the next one must be able to read.
                if let Err(error) = (self.readable)(&working.attributes) {
                    working.fault = Some((type_name::<T>(), error));
                }
            }
            Ok(_) => {}
            Err(error) => working.fault = Some((type_name::<T>(), error)),
        }
    }
}

impl<T: Serialize + std::fmt::Debug> std::fmt::Debug for View<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.value.fmt(f)
    }
}
