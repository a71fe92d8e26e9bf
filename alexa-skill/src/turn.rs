//! One turn of a conversation, as a handler sees it.

mod carry;
mod extensions;
mod view;

use std::sync::{Arc, Mutex, PoisonError};

use async_lock::OnceCell;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::attributes::Attributes;
use crate::envelope::{Request, RequestEnvelope};
use crate::error::{Error, Result};
use crate::persistence::{Item, Key, PartitionKey, PersistenceAdapter, Revision, Save};

pub(crate) use carry::take as take_carried;
use extensions::Extensions;
use view::Store;
pub use view::View;

/// One turn: the request, and what the skill remembers.
///
/// A handler owns its turn; clones are cheap and share it.
#[derive(Clone)]
pub struct Turn {
    shared: Arc<Shared>,
}

struct Shared {
    envelope: Arc<RequestEnvelope>,
    session: Option<Arc<Store>>,
    memory: Option<Arc<Memory>>,
    persistent: OnceCell<Loaded>,
    /// What the session carried, to be judged when it is needed.
    carried: Mutex<Option<String>>,
    /// Whether the turn runs again after a conflict, so that a cached item will not do.
    again: bool,
    extensions: Extensions,
}

/// Where a skill's persistent attributes are, and under which key.
pub(crate) struct Memory {
    pub(crate) adapter: Arc<dyn PersistenceAdapter>,
    pub(crate) partition_key: PartitionKey,
    /// How many bytes of an answer an item may take that the session carries, if it may at all.
    pub(crate) carry: Option<usize>,
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
        memory: Option<Arc<Memory>>,
        carried: Option<String>,
        again: bool,
    ) -> Turn {
        let session = envelope.session.as_ref();
        let session = session.map(|session| Store::new("session", session.attributes.clone()));
        let persistent = OnceCell::new();
        Turn {
            shared: Arc::new(Shared {
                envelope,
                session,
                memory,
                persistent,
                carried: Mutex::new(carried),
                again,
                extensions: Extensions::default(),
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

    /// The user's persistent attributes, seen as a `T`.
    ///
    /// The first call of a turn loads them, or takes what the session
    /// [carried](crate::SkillBuilder::carry_in_session); all later ones share what it read. A user without
    /// attributes gives `T::default()`, and a field that the stored attributes lack is taken from
    /// it too, so a struct may grow without a change to the table. What the handler changes is
    /// noticed when the view goes out of scope, and saved once at the end of the turn, if the
    /// handler succeeds.
    ///
    /// A field of `T` may have former names (`#[serde(alias = "…")]`). It is read under one of them
    /// where its own is absent, and the next change writes it under its own and removes the others.
    /// Structs inside of `T` cannot do that: a change fails the turn with [`Error::State`], before
    /// anything is saved.
    ///
    /// # Errors
    /// Fails when the skill has no table, the request no user, the table cannot be read, the
    /// stored attributes do not fit `T`, or another view of `T` is open.
    pub async fn persistent<T>(&self) -> Result<View<T>>
    where
        T: Serialize + DeserializeOwned + Default + 'static,
    {
        View::open(&self.loaded().await?.store)
    }

    /// The session's attributes, seen as a `T`; they travel to Alexa and back until the session
    /// ends.
    ///
    /// # Errors
    /// Fails when the request belongs to no session, the attributes do not fit `T`, or another
    /// view of `T` is open.
    pub fn session<T>(&self) -> Result<View<T>>
    where
        T: Serialize + DeserializeOwned + Default + 'static,
    {
        View::open(self.shared.session.as_ref().ok_or(Error::NoSession)?)
    }

    /// Saves the persistent attributes now, if they changed. The end of a turn does so by itself.
    ///
    /// # Errors
    /// Fails when a view is still open, on a conflict, and when the table cannot be written.
    pub async fn save(&self) -> Result<()> {
        let (Some(memory), Some(loaded)) = (&self.shared.memory, self.shared.persistent.get())
        else {
            return Ok(());
        };
        let Some(attributes) = loaded.store.changed_attributes()? else {
            return Ok(());
        };
        let read = loaded.item().clone();
        let save = Save {
            key: &loaded.key,
            read: &read,
            attributes: &attributes,
            request_id: &self.request().request_id,
        };
        let version = memory.adapter.save(save).await?;
        *loaded.item() = Item {
            attributes,
            others: read.others,
            revision: Revision::Version(version),
        };
        loaded.store.mark_saved();
        Ok(())
    }

    /// Reads the persistent attributes again, and drops changes that are not saved.
    ///
    /// # Errors
    /// Fails when a view is still open and when the table cannot be read.
    pub async fn refresh(&self) -> Result<()> {
        let loaded = self.loaded().await?;
        let item = self.memory()?.adapter.load_fresh(&loaded.key).await?;
        loaded.store.reset(item.attributes.clone())?;
        *loaded.item() = item;
        Ok(())
    }

    /// Deletes the user's item with all that is in it, and drops changes that are not saved.
    ///
    /// This takes the action `dynamodb:DeleteItem`.
    ///
    /// # Errors
    /// Fails when the skill has no table, the request no user, a view is still open, or the table
    /// refuses.
    pub async fn forget(&self) -> Result<()> {
        let memory = self.memory()?;
        self.drop_carried();
        if let Some(loaded) = self.shared.persistent.get() {
            loaded.store.reset(Attributes::new())?;
            memory.adapter.delete(&loaded.key).await?;
            *loaded.item() = Item::default();
        } else {
            memory
                .adapter
                .delete(&memory.partition_key.of(self.envelope())?)
                .await?;
        }
        Ok(())
    }

    /// Keeps a value for the rest of the turn: the ASK SDKs' request attributes, one of each type.
    pub fn insert<T: Send + Sync + 'static>(&self, value: T) {
        self.shared.extensions.insert(value);
    }

    /// The value of type `T` that an interceptor or handler of this turn kept.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.shared.extensions.get()
    }

    fn memory(&self) -> Result<&Memory> {
        self.shared.memory.as_deref().ok_or(Error::NoPersistence)
    }

    async fn loaded(&self) -> Result<&Loaded> {
        let memory = self.memory()?;
        let load = async || {
            let key = memory.partition_key.of(self.envelope())?;
            let carried = self.carried(&key);
            let is_carried = carried.is_some();
            let item = match carried {
                Some(item) => item,
                None if self.shared.again => memory.adapter.load_fresh(&key).await?,
                None => memory.adapter.load(&key).await?,
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
        Some(crate::attributes::size::size_of(&loaded.item().attributes))
    }

    pub(crate) fn session_attributes(&self) -> Result<Option<Attributes>> {
        self.shared
            .session
            .as_ref()
            .map(|store| store.attributes())
            .transpose()
    }
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
