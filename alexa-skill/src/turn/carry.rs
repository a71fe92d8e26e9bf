//! Persistent attributes that stay in the session between its turns.

use std::sync::{MutexGuard, PoisonError};

use super::Turn;
use crate::attributes::{Attributes, Value};
use crate::envelope::{RequestBody, RequestEnvelope};
use crate::persistence::{Item, Key, carried};
use crate::response::Response;

/// The session attribute in which they travel. No handler sees it.
const NAME: &str = "$alexa_skill::persistent";

/// Takes what the session carries out of the request, whether or not the skill wants it.
pub(crate) fn take_carried_item(envelope: &mut RequestEnvelope) -> Option<String> {
    let session = envelope.session.as_mut()?;
    match session.attributes.remove(NAME)? {
        Value::String(text) if !session.new => Some(text),
        _ => None,
    }
}

impl Turn {
    /// What the session carried under `key`. The first write on it shows whether it is still so.
    pub(super) fn carried(&self, key: &Key) -> Option<Item> {
        let persistence = self.shared.resources.persistence.as_ref()?;
        let (limit, store) = (persistence.carry?, persistence.adapter.store_identity()?);
        let text = self.text();
        let text = text.as_ref().filter(|text| text.len() <= limit)?;
        carried::read(text, &store, key)
    }

    /// Ignores what the session carried from now on, because the item is about to be deleted.
    pub(super) fn drop_carried(&self) {
        *self.text() = None;
    }

    /// Whether the turn rests on what the session carried. Then a conflict says that this was old,
    /// and not that others keep writing.
    pub(crate) fn rests_on_carried(&self) -> bool {
        let loaded = self.shared.persistent.get();
        loaded.is_some_and(|loaded| loaded.carried)
    }

    /// Puts what the session carries to its next request among its attributes. Comes last, so that
    /// a handler which replaces them all loses nothing of it.
    pub(crate) fn carry(&self, attributes: &mut Attributes, response: &Response) {
        attributes.remove(NAME);
        let over = matches!(self.request().body, RequestBody::SessionEnded { .. });
        if over || response.ends_session() {
            return;
        }
        if let Some(text) = self.to_carry() {
            attributes.insert(NAME.into(), text.into());
        }
    }

    fn to_carry(&self) -> Option<String> {
        let persistence = self.shared.resources.persistence.as_ref()?;
        let (limit, store) = (persistence.carry?, persistence.adapter.store_identity()?);
        if let Some(loaded) = self.shared.persistent.get() {
            return carried::write(&loaded.item(), &store, &loaded.key, limit);
        }
        // The turn had no use for it; the next one may.
        let key = persistence.key(self.envelope()).ok()?;
        self.carried(&key)?;
        self.text().clone()
    }

    fn text(&self) -> MutexGuard<'_, Option<String>> {
        let text = self.shared.carried.lock();
        text.unwrap_or_else(PoisonError::into_inner)
    }
}
