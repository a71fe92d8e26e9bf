//! Merkle trees: two replicas find what differs without sending what is equal (section 4.7).

use std::collections::BTreeMap;

use md5::{Digest, Md5};

use crate::ring::{KeyRange, Position};

// ANCHOR: tree
/// The hash of a value, of a leaf or of the nodes below.
pub type Hash = u128;

/// A tree of hashes over the keys of one range, each leaf a slice of the range.
///
/// The root is `hashes[1]`, and the children of `i` are `2i` and `2i + 1`. What holds no key
/// has the hash 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MerkleTree {
    hashes: Vec<Hash>,
}
// ANCHOR_END: tree

// ANCHOR: build
impl MerkleTree {
    /// Builds the tree of this height, which has 2^height leaves.
    pub fn over<'a>(
        range: KeyRange,
        height: u32,
        values: impl IntoIterator<Item = (&'a Position, &'a Hash)>,
    ) -> MerkleTree {
        let leaves = 1 << height;
        let mut hashes = vec![0; 2 * leaves];
        for (position, value) in values {
            let leaf = &mut hashes[leaves + leaf_of(range, height, *position)];
            *leaf = hash_of_two(*leaf, hash_of_two(position.0, *value));
        }
        for parent in (1..leaves).rev() {
            hashes[parent] = hash_of_two(hashes[2 * parent], hashes[2 * parent + 1]);
        }
        MerkleTree { hashes }
    }
}
// ANCHOR_END: build

/// Hashes two hashes into one. Nothing beside nothing stays nothing.
fn hash_of_two(left: Hash, right: Hash) -> Hash {
    if (left, right) == (0, 0) {
        return 0;
    }
    let mut hasher = Md5::new();
    hasher.update(left.to_be_bytes());
    hasher.update(right.to_be_bytes());
    Hash::from_be_bytes(hasher.finalize().into())
}

/// The slice of the range in which a position lies.
pub fn leaf_of(range: KeyRange, height: u32, position: Position) -> usize {
    let slice = (range.last_offset() >> height).saturating_add(1);
    let offset = position.0.wrapping_sub(range.after.0).wrapping_sub(1);
    let last = (1 << height) - 1;
    (offset / slice).min(last) as usize
}

/// What a comparison found, and what it cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The leaves whose keys differ.
    pub leaves: Vec<usize>,
    /// How many pairs of hashes were compared.
    pub compared: usize,
}

// ANCHOR: compare
impl MerkleTree {
    /// Walks down from the root, only where the hashes differ: at most 1 + 2dh comparisons for
    /// d differing leaves of a tree of height h.
    pub fn compare(&self, other: &MerkleTree) -> Difference {
        let mut difference = Difference::default();
        self.descend(other, 1, &mut difference);
        difference
    }

    fn descend(&self, other: &MerkleTree, node: usize, difference: &mut Difference) {
        difference.compared += 1;
        let leaves = self.hashes.len() / 2;
        if self.hashes.get(node) == other.hashes.get(node) {
            return;
        }
        if node >= leaves {
            difference.leaves.push(node - leaves);
            return;
        }
        self.descend(other, 2 * node, difference);
        self.descend(other, 2 * node + 1, difference);
    }
}
// ANCHOR_END: compare

impl MerkleTree {
    /// The hash of everything in the range.
    pub fn root(&self) -> Hash {
        self.hashes[1]
    }
}

/// The keys of a range on which two replicas differ, found by their trees.
pub fn differing_keys(
    range: KeyRange,
    height: u32,
    ours: &BTreeMap<Position, Hash>,
    theirs: &BTreeMap<Position, Hash>,
) -> Vec<Position> {
    let leaves = MerkleTree::over(range, height, ours)
        .compare(&MerkleTree::over(range, height, theirs))
        .leaves;
    let mut keys: Vec<Position> = ours.keys().chain(theirs.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    keys.retain(|key| {
        leaves.contains(&leaf_of(range, height, *key)) && ours.get(key) != theirs.get(key)
    });
    keys
}
