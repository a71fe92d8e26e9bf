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
pub(crate) fn take(envelope: &mut RequestEnvelope) -> Option<String> {
    let session = envelope.session.as_mut()?;
    match session.attributes.remove(NAME)? {
        Value::String(text) if !session.new => Some(text),
        _ => None,
    }
}

impl Turn {
    /// What the session carried under `key`. The first write on it shows whether it is still so.
    pub(super) fn carried(&self, key: &Key) -> Option<Item> {
        let memory = self.shared.resources.memory.as_ref()?;
        let (limit, origin) = (memory.carry?, memory.adapter.origin()?);
        let text = self.text();
        let text = text.as_ref().filter(|text| text.len() <= limit)?;
        carried::read(text, &origin, key)
    }

    /// Forgets what the session carried: it is not so any more.
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
        let memory = self.shared.resources.memory.as_ref()?;
        let (limit, origin) = (memory.carry?, memory.adapter.origin()?);
        if let Some(loaded) = self.shared.persistent.get() {
            return carried::write(&loaded.item(), &origin, &loaded.key, limit);
        }
        // The turn had no use for it; the next one may.
        let key = memory.partition_key.of(self.envelope()).ok()?;
        self.carried(&key)?;
        self.text().clone()
    }

    fn text(&self) -> MutexGuard<'_, Option<String>> {
        let text = self.shared.carried.lock();
        text.unwrap_or_else(PoisonError::into_inner)
    }
}
