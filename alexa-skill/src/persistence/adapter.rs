//! What a store does for a skill.

use super::{Item, Key, PersistenceError, Save, Version};
use crate::boxed::BoxFuture;

// ANCHOR: adapter
/// Keeps one map of attributes a key.
pub trait PersistenceAdapter: Send + Sync + 'static {
    /// Reads what is kept under `key`; a key without an item gives [`Item::default`].
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>>;

    /// Reads as `load` does, but never something old: what a turn reads that runs again.
    fn load_fresh<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        self.load(key)
    }

    /// Writes `save.attributes` if what is kept is still what was read, and tells the version that
    /// the write made.
    ///
    /// A write that already happened, under the same request id and on the same revision, counts
    /// as this one: its answer was lost and it was sent again.
    ///
    /// # Errors
    /// [`PersistenceError::Conflict`] when somebody else wrote; the item is then unchanged.
    fn save<'a>(&'a self, save: Save<'a>) -> BoxFuture<'a, Result<Version, PersistenceError>>;

    /// Deletes what is kept under `key`, if anything.
    fn delete<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), PersistenceError>>;
    // ANCHOR_END: adapter

    /// Names the store and how its items look, if a session may carry an item from one turn to the
    /// next (see [`SkillBuilder::carry_in_session`](crate::SkillBuilder::carry_in_session)). An
    /// adapter says so itself: what `save` needs of an item must all be in [`Item`].
    fn store_identity(&self) -> Option<String> {
        None
    }

    /// Waits before a turn runs again after `conflicts` conflicts, so that turns which collide do
    /// not collide in step.
    fn pause(&self, conflicts: u32) -> BoxFuture<'_, ()> {
        let _ = conflicts;
        Box::pin(std::future::ready(()))
    }
}
