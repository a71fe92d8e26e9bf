//! Consistent hashing: which nodes hold a key (sections 4.2 and 4.3).

use std::fmt;

use md5::{Digest, Md5};

use crate::node_id::NodeId;

/// A place on the ring: the 128 bits of a key's MD5 hash (section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u128);

// ANCHOR: position
impl Position {
    /// Where a key lies.
    ///
    /// ```
    /// use dynamo_paper::ring::Position;
    ///
    /// let empty = Position::of("");
    /// assert_eq!(empty.to_string(), "d41d8cd98f00b204e9800998ecf8427e");
    /// ```
    pub fn of(key: impl AsRef<[u8]>) -> Position {
        Position(u128::from_be_bytes(Md5::digest(key).into()))
    }

    /// The place of a node's token, which every node can compute from the node's name alone.
    pub fn of_token(node: NodeId, token: usize) -> Position {
        Position::of(format!("{node}/{token}"))
    }
}
// ANCHOR_END: position

impl Position {
    fn upper(self) -> u64 {
        (self.0 >> 64) as u64
    }

    /// The position as a share of the way around the ring, from 0 to 1.
    pub fn turn(self) -> f64 {
        self.0 as f64 / u128::MAX as f64
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

/// The keys between two neighbouring tokens: after the first, up to and with the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyRange {
    /// The token before the range, which is not part of it.
    pub after: Position,
    /// The token that ends the range and belongs to it.
    pub up_to: Position,
}

impl KeyRange {
    /// Whether the position lies in the range. A range from a token to itself is the whole ring.
    pub fn contains(self, position: Position) -> bool {
        let distance = position.0.wrapping_sub(self.after.0).wrapping_sub(1);
        distance <= self.last_offset()
    }

    /// The share of the ring that the range covers.
    pub fn share(self) -> f64 {
        self.last_offset() as f64 / u128::MAX as f64
    }

    /// How far the last position of the range lies behind the first.
    pub(crate) fn last_offset(self) -> u128 {
        self.up_to.0.wrapping_sub(self.after.0).wrapping_sub(1)
    }
}

// ANCHOR: ring
/// The tokens of all nodes in the order of the ring.
///
/// Equal positions are ordered by node: the ring is the same however its tokens came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ring {
    tokens: Vec<(Position, NodeId)>,
    /// The upper half of each token's position, apart: a search reads a quarter of the memory.
    upper: Vec<u64>,
}
// ANCHOR_END: ring

// ANCHOR: lookup
impl Ring {
    /// The node that coordinates a key: the first one clockwise from the key's position.
    #[inline]
    pub fn owner(&self, key: Position) -> Option<NodeId> {
        let token = self.tokens.get(self.first_token_from(key));
        // Behind the last token the ring begins again.
        Some(token.or(self.tokens.first())?.1)
    }

    /// The index of the first token at the position or behind it.
    #[inline]
    fn first_token_from(&self, position: Position) -> usize {
        let upper = position.upper();
        let mut index = place_in(&self.upper, upper);
        // Tokens that share the upper half are told apart by the whole.
        while index < self.tokens.len() && self.tokens[index].0 < position {
            index += 1;
        }
        index
    }
}
// ANCHOR_END: lookup

/// So many tokens stay in the processor's nearest cache, where halving is quickest.
const FEW: usize = 2048;

// ANCHOR: place_in
/// How many of the sorted tokens lie before the value, in O(log n) steps.
///
/// MD5 spreads tokens evenly, so the search begins where the value would stand if they were spread
/// exactly, and widens from there: it reads a few neighbours, not one far token for each halving.
fn place_in(sorted: &[u64], value: u64) -> usize {
    if sorted.len() <= FEW {
        return sorted.partition_point(|token| *token < value);
    }
    let guess = ((u128::from(value) * sorted.len() as u128) >> 64) as usize;
    let (mut from, mut to, mut reach) = (guess, guess, 8);
    while from > 0 && sorted[from - 1] >= value {
        from = from.saturating_sub(reach);
        reach *= 2;
    }
    while to < sorted.len() && sorted[to] < value {
        to = sorted.len().min(to + reach);
        reach *= 2;
    }
    from + sorted[from..to].partition_point(|token| *token < value)
}
// ANCHOR_END: place_in

impl Ring {
    /// The nodes of all tokens, clockwise from the position, once around.
    pub fn tokens_from(&self, position: Position) -> impl Iterator<Item = NodeId> {
        self.walk(self.first_token_from(position))
    }

    /// The nodes of all tokens from the one with this index on, once around.
    pub(crate) fn walk(&self, token: usize) -> impl Iterator<Item = NodeId> {
        let (before, after) = self.tokens.split_at(token);
        after.iter().chain(before).map(|token| token.1)
    }
}

// ANCHOR: preference
impl Ring {
    /// The first `n` distinct nodes clockwise from a key. A node has many tokens: one that was
    /// met before is passed over, so that `n` replicas are on `n` machines (section 4.3).
    pub fn preference_list(&self, key: Position, n: usize) -> Vec<NodeId> {
        first_distinct(self.tokens_from(key), n)
    }
}

/// The first `n` nodes of a walk, none of them twice.
pub(crate) fn first_distinct(walk: impl Iterator<Item = NodeId>, n: usize) -> Vec<NodeId> {
    let mut nodes = Vec::with_capacity(n.min(8));
    for node in walk {
        if nodes.len() == n {
            break;
        }
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }
    nodes
}
// ANCHOR_END: preference

// ANCHOR: join
impl Ring {
    /// Adds a node with its tokens.
    pub fn join(&mut self, node: NodeId, tokens: impl IntoIterator<Item = Position>) {
        self.extend(tokens.into_iter().map(|token| (token, node)));
    }

    /// Removes a node with all its tokens.
    pub fn leave(&mut self, node: NodeId) {
        self.tokens.retain(|token| token.1 != node);
        self.index();
    }
}
// ANCHOR_END: join

impl Ring {
    fn index(&mut self) {
        let tokens = self.tokens.iter();
        self.upper = tokens.map(|token| token.0.upper()).collect();
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether no node has joined.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The tokens, each with its node, in the order of the ring.
    pub fn tokens(&self) -> &[(Position, NodeId)] {
        &self.tokens
    }

    /// The ranges between the tokens, which together are the whole ring.
    pub fn ranges(&self) -> Vec<KeyRange> {
        let mut ends: Vec<Position> = self.tokens.iter().map(|token| token.0).collect();
        ends.dedup();
        let starts = ends.last().into_iter().chain(&ends);
        starts
            .zip(&ends)
            .map(|(&after, &up_to)| KeyRange { after, up_to })
            .collect()
    }

    /// The ranges whose keys a node holds when each key is on `n` nodes (figure 2).
    pub fn ranges_held_by(&self, node: NodeId, n: usize) -> Vec<KeyRange> {
        self.ranges()
            .into_iter()
            .filter(|range| self.preference_list(range.up_to, n).contains(&node))
            .collect()
    }
}

impl Extend<(Position, NodeId)> for Ring {
    fn extend<I: IntoIterator<Item = (Position, NodeId)>>(&mut self, tokens: I) {
        self.tokens.extend(tokens);
        self.tokens.sort_unstable();
        self.tokens.dedup();
        self.index();
    }
}

impl FromIterator<(Position, NodeId)> for Ring {
    fn from_iter<I: IntoIterator<Item = (Position, NodeId)>>(tokens: I) -> Ring {
        let mut ring = Ring::default();
        ring.extend(tokens);
        ring
    }
}
