//! One turn of a conversation, as a handler sees it.

mod carry;
mod extensions;
mod state;
mod store;

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_lock::OnceCell;

use crate::attributes::Attributes;
use crate::envelope::{Request, RequestEnvelope};
use crate::error::{Error, Result};
use crate::persistence::{Item, Key, PartitionKey, PersistenceAdapter, Revision, Save};

pub(crate) use carry::take_carried_item;
use extensions::Extensions;
pub use state::{Held, Persistent, Session, persistent, session};
use store::Store;

/// One turn: the request, and what the skill remembers. A handler asks for it when its other
/// arguments don't give what it needs.
///
/// Clones are cheap and share the turn.
#[derive(Clone)]
pub struct Turn {
    shared: Arc<Shared>,
}

struct Shared {
    envelope: Arc<RequestEnvelope>,
    session: Option<Arc<Store>>,
    resources: Arc<Resources>,
    persistent: OnceCell<Loaded>,
    /// What the session carried, to be judged when it is needed.
    carried: Mutex<Option<String>>,
    run: Run,
    kept: Arc<Extensions>,
}

/// Which run of a request's turn this is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    First,
    /// After a conflict, so that a cached item will not do.
    Again,
    /// For an error handler: nothing is loaded, and nothing is saved.
    Apology,
}

/// What all turns of a skill share.
#[derive(Default)]
pub(crate) struct Resources {
    pub(crate) persistence: Option<Persistence>,
    /// What the skill was given with `provide`, by type.
    pub(crate) provided: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

/// Where a skill's persistent attributes are, and under which key.
pub(crate) struct Persistence {
    pub(crate) adapter: Arc<dyn PersistenceAdapter>,
    pub(crate) partition_key: PartitionKey,
    /// How many bytes of an answer an item may take that the session carries, if it may at all.
    pub(crate) carry: Option<usize>,
}

impl Persistence {
    fn key(&self, envelope: &RequestEnvelope) -> Result<Key> {
        let key = self.partition_key.of(envelope);
        key.map_err(|missing| Error::NoPartitionKey { missing })
    }
}

struct Loaded {
    key: Key,
    item: Mutex<Item>,
    store: Arc<Store>,
    /// Whether the item came with the request, and nothing was read.
    carried: bool,
}

impl Turn {
    pub(crate) fn new(
        envelope: Arc<RequestEnvelope>,
        resources: Arc<Resources>,
        carried: Option<String>,
        run: Run,
    ) -> Turn {
        Turn {
            shared: Arc::new(Shared {
                session: session_of(&envelope),
                envelope,
                resources,
                persistent: OnceCell::new(),
                carried: Mutex::new(carried),
                run,
                kept: Arc::default(),
            }),
        }
    }

    /// The turn in which an error handler answers: with the request's own session attributes and
    /// the item as it is stored, without what the failed run changed.
    pub(crate) fn apology(&self) -> Turn {
        let failed = &self.shared;
        let as_stored = |loaded: &Loaded| {
            let item = loaded.item().clone();
            Loaded {
                key: loaded.key.clone(),
                store: Store::new("persistent", item.attributes.clone()),
                item: Mutex::new(item),
                carried: loaded.carried,
            }
        };
        let persistent = failed.persistent.get().map(as_stored);
        Turn {
            shared: Arc::new(Shared {
                session: session_of(&failed.envelope),
                envelope: failed.envelope.clone(),
                resources: failed.resources.clone(),
                persistent: persistent.map_or_else(OnceCell::new, OnceCell::from),
                carried: Mutex::new(None),
                run: Run::Apology,
                kept: failed.kept.clone(),
            }),
        }
    }

    /// The whole envelope.
    pub fn envelope(&self) -> &RequestEnvelope {
        &self.shared.envelope
    }

    /// The request.
    pub fn request(&self) -> &Request {
        &self.shared.envelope.request
    }

    /// The user's locale, such as `en-GB`; absent from requests that are not spoken.
    pub fn locale(&self) -> Option<&str> {
        self.request().locale.as_deref()
    }

    /// What the user said for a slot; `None` when it is not filled, or there is no such slot.
    pub fn slot(&self, name: &str) -> Option<&str> {
        self.request().intent().ok()?.slot_value(name)
    }

    /// Whether this is the first request of a session.
    pub fn is_new_session(&self) -> bool {
        self.envelope()
            .session
            .as_ref()
            .is_some_and(|session| session.new)
    }

    /// Saves what the handlers left, at the end of a turn.
    pub(crate) async fn save(&self) -> Result<()> {
        let Some(loaded) = self.shared.persistent.get() else {
            return Ok(());
        };
        let changed = loaded.store.changed_attributes()?;
        self.write(&loaded.store, changed).await
    }

    /// Writes `attributes` where there are any, under the condition that the item is as it was read.
    async fn write(&self, store: &Store, attributes: Option<Attributes>) -> Result<()> {
        let (Some(attributes), Some(loaded)) = (attributes, self.shared.persistent.get()) else {
            return Ok(());
        };
        if self.shared.run == Run::Apology {
            return Err(Error::ReadOnly);
        }
        let read = loaded.item().clone();
        let save = Save {
            key: &loaded.key,
            read: &read,
            attributes: &attributes,
            request_id: &self.request().request_id,
        };
        let version = self.persistence()?.adapter.save(save).await?;
        store.reset(attributes.clone());
        *loaded.item() = Item {
            attributes,
            others: read.others,
            revision: Revision::Version(version),
        };
        Ok(())
    }

    async fn read_again(&self, store: &Store) -> Result<()> {
        if self.shared.run == Run::Apology {
            return Err(Error::NotLoaded);
        }
        let loaded = self.loaded().await?;
        let item = self.persistence()?.adapter.load_fresh(&loaded.key).await?;
        store.reset(item.attributes.clone());
        *loaded.item() = item;
        Ok(())
    }

    /// Deletes the user's item with all that is in it, without reading it first; a handler that has
    /// the state calls [`Persistent::forget`].
    ///
    /// This takes the action `dynamodb:DeleteItem`.
    ///
    /// # Errors
    /// Fails when the skill has no table, the request no user, the handler has the state, the table
    /// refuses, and in an error handler.
    pub async fn forget(&self) -> Result<()> {
        if self.shared.run == Run::Apology {
            return Err(Error::ReadOnly);
        }
        let persistence = self.persistence()?;
        self.drop_carried();
        if let Some(loaded) = self.shared.persistent.get() {
            loaded.store.forget()?;
            persistence.adapter.delete(&loaded.key).await?;
            *loaded.item() = Item::default();
        } else {
            let key = persistence.key(self.envelope())?;
            persistence.adapter.delete(&key).await?;
        }
        Ok(())
    }

    /// Keeps a value for the rest of the turn: the ASK SDKs' request attributes, one of each type. A
    /// handler asks for it as [`Kept<T>`](crate::Kept).
    pub fn keep<T: Send + Sync + 'static>(&self, value: T) {
        self.shared.kept.insert(value);
    }

    /// The value of type `T` that an interceptor or handler of this turn kept.
    pub fn kept<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.shared.kept.get()
    }

    /// The value of type `T` that the skill was given with
    /// [`provide`](crate::SkillBuilder::provide).
    pub fn provided<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let value = self
            .shared
            .resources
            .provided
            .get(&TypeId::of::<T>())?
            .clone();
        value.downcast().ok()
    }

    fn persistence(&self) -> Result<&Persistence> {
        self.shared
            .resources
            .persistence
            .as_ref()
            .ok_or(Error::NoPersistence)
    }

    async fn loaded(&self) -> Result<&Loaded> {
        let persistence = self.persistence()?;
        let load = async || {
            if self.shared.run == Run::Apology {
                return Err(Error::NotLoaded);
            }
            let key = persistence.key(self.envelope())?;
            let carried = self.carried(&key);
            let is_carried = carried.is_some();
            let item = match carried {
                Some(item) => item,
                None if self.shared.run == Run::Again => {
                    persistence.adapter.load_fresh(&key).await?
                }
                None => persistence.adapter.load(&key).await?,
            };
            let store = Store::new("persistent", item.attributes.clone());
            Ok(Loaded {
                key,
                item: Mutex::new(item),
                store,
                carried: is_carried,
            })
        };
        self.shared.persistent.get_or_try_init(load).await
    }

    /// The size of the persistent attributes, if the turn loaded them.
    #[cfg(feature = "metrics")]
    pub(crate) fn attribute_bytes(&self) -> Option<usize> {
        let loaded = self.shared.persistent.get()?;
        Some(crate::attributes::size_in_bytes(&loaded.item().attributes))
    }

    pub(crate) fn session_attributes(&self) -> Result<Option<Attributes>> {
        self.shared
            .session
            .as_ref()
            .map(|store| store.attributes())
            .transpose()
    }
}

fn session_of(envelope: &RequestEnvelope) -> Option<Arc<Store>> {
    let session = envelope.session.as_ref()?;
    Some(Store::new("session", session.attributes.clone()))
}

impl Loaded {
    fn item(&self) -> std::sync::MutexGuard<'_, Item> {
        self.item.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turn")
            .field("request", self.request())
            .finish_non_exhaustive()
    }
}
