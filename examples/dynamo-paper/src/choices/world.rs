//! What a reader may choose, and what the choices make of the nodes.

use std::collections::BTreeSet;
use std::fmt;

use crate::node_id::NodeId;

/// How many nodes there are at the start.
pub const NODES: u32 = 5;

/// How many tokens each has.
pub const TOKENS: usize = 3;

/// What is put into a cart, one after the other.
pub const ITEMS: [&str; 3] = ["milk", "bread", "eggs"];

/// How many nodes may be down at once, whatever they hold.
const MOST_DOWN: usize = 2;

/// What a reader may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Choice {
    /// A customer puts one more item into a cart.
    Write,
    /// Two devices of a customer each put an item into a cart, and neither has seen the other's.
    Race,
    /// A customer reads a cart.
    Read,
    /// A node stops.
    Fail(NodeId),
    /// Every node that failed is back.
    Heal,
    /// One more node joins the ring.
    Join,
    /// A node is taken away from the ring.
    Leave(NodeId),
}

/// As the recording and the page write it: `leave B`.
impl fmt::Display for Choice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Choice::Write => formatter.write_str("write"),
            Choice::Race => formatter.write_str("race"),
            Choice::Read => formatter.write_str("read"),
            Choice::Fail(node) => write!(formatter, "fail {node}"),
            Choice::Heal => formatter.write_str("heal"),
            Choice::Join => formatter.write_str("join"),
            Choice::Leave(node) => write!(formatter, "leave {node}"),
        }
    }
}

/// Which nodes there are, and which of them are down.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct World {
    /// Whether one more node has joined.
    pub joined: bool,
    /// Who was taken away.
    pub left: Option<NodeId>,
    /// Who has failed.
    pub down: BTreeSet<NodeId>,
}

impl World {
    /// The nodes of the ring.
    pub fn members(&self) -> Vec<NodeId> {
        let nodes = (0..NODES + u32::from(self.joined)).map(NodeId::new);
        nodes.filter(|node| Some(*node) != self.left).collect()
    }

    // ANCHOR: choices
    /// What may be done to the nodes.
    ///
    /// A recording must end somewhere. The ring is changed while all its nodes run, by one node that
    /// joins and one that leaves, and on a changed ring none fails. Two may be down at once; a third
    /// one only if it is the last home node of a cart, which shows what is refused then.
    pub fn choices(&self, homes: &[Vec<NodeId>]) -> Vec<Choice> {
        let mut choices = Vec::new();
        if self.down.is_empty() {
            choices.extend((!self.joined).then_some(Choice::Join));
            if self.left.is_none() {
                choices.extend(self.members().into_iter().map(Choice::Leave));
            }
        } else {
            choices.push(Choice::Heal);
        }
        if !self.joined && self.left.is_none() {
            let up = self.members().into_iter();
            let up = up.filter(|node| !self.down.contains(node) && self.may_fail(*node, homes));
            choices.extend(up.map(Choice::Fail));
        }
        choices
    }
    // ANCHOR_END: choices

    fn may_fail(&self, node: NodeId, homes: &[Vec<NodeId>]) -> bool {
        let down = self.after(Choice::Fail(node)).down;
        let is_all = |homes: &Vec<NodeId>| homes.iter().all(|home| down.contains(home));
        down.len() <= MOST_DOWN || down.len() == MOST_DOWN + 1 && homes.iter().any(is_all)
    }

    /// The nodes after a choice.
    pub fn after(&self, choice: Choice) -> World {
        let mut world = self.clone();
        match choice {
            Choice::Join => world.joined = true,
            Choice::Leave(node) => world.left = Some(node),
            Choice::Fail(node) => {
                world.down.insert(node);
            }
            Choice::Heal => world.down.clear(),
            Choice::Write | Choice::Race | Choice::Read => {}
        }
        world
    }
}
