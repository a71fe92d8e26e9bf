//! The versions of a key that no other version replaces (section 4.4).

use crate::dotted::{Clock, Clocks, Dot};
use crate::node_id::NodeId;
use crate::version_vector::VersionVector;

/// A value with its clock.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version<V> {
    /// Who wrote it, and what the writer had seen.
    pub clock: Clock,
    /// What was written.
    pub value: V,
}

// ANCHOR: siblings
/// The versions that a node holds of one key. None of them replaces another.
///
/// They travel together: a node that learns of a coordinator's write also learns of the earlier
/// writes that it does not replace. A context could else cover a version that nobody has read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Siblings<V> {
    clocks: Clocks,
    versions: Vec<Version<V>>,
}

impl<V: Clone> Siblings<V> {
    /// Everything that a reader of these versions has seen; a writer hands it back.
    pub fn context(&self) -> VersionVector {
        let mut context = VersionVector::default();
        for version in &self.versions {
            context.merge(&version.clock.past);
            context.raise(version.clock.dot.node, version.clock.dot.counter);
        }
        context
    }
}
// ANCHOR_END: siblings

// ANCHOR: write
impl<V: Clone> Siblings<V> {
    /// Adds what a client writes through the coordinator `node`, having read `context`.
    pub fn write(&mut self, node: NodeId, context: &VersionVector, value: V) -> Dot {
        let seen = self.context().get(node).max(context.get(node));
        let dot = Dot {
            node,
            counter: seen + 1,
        };
        let past = context.clone();
        self.add(&Version {
            clock: Clock { dot, past },
            value,
        });
        dot
    }

    /// Adds another node's versions, and says whether anything is new.
    pub fn merge(&mut self, other: &Siblings<V>) -> bool {
        let mut changed = false;
        for version in &other.versions {
            changed |= self.add(version);
        }
        changed
    }
}
// ANCHOR_END: write

impl<V: Clone> Siblings<V> {
    /// No version yet, and the rule by which they will be compared.
    pub fn new(clocks: Clocks) -> Siblings<V> {
        Siblings {
            clocks,
            versions: Vec::new(),
        }
    }

    /// The versions, ordered by dot.
    pub fn versions(&self) -> &[Version<V>] {
        &self.versions
    }

    /// The values of all versions.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.versions.iter().map(|version| &version.value)
    }

    // ANCHOR: add
    fn add(&mut self, new: &Version<V>) -> bool {
        let clocks = self.clocks;
        let known = |held: &Version<V>| {
            held.clock == new.clock || new.clock.is_obsolete_beside(&held.clock, clocks)
        };
        if self.versions.iter().any(known) {
            return false;
        }
        self.versions
            .retain(|held| !held.clock.is_obsolete_beside(&new.clock, clocks));
        let place = |held: &Version<V>| held.clock.dot < new.clock.dot;
        let place = self.versions.partition_point(place);
        self.versions.insert(place, new.clone());
        true
    }
    // ANCHOR_END: add
}
