//! What happened, step by step, to be drawn or printed.

use serde::Serialize;

use super::Cluster;
use super::faults::Fault;
use super::message::{Answer, Message, OperationId, Outbox, Time};
use super::node::Node;
use crate::cart::Cart;
use crate::node_id::NodeId;

/// The history of a cluster. Its JSON says what an interactive ring needs to play it.
#[derive(Clone, Debug, Serialize)]
pub struct History {
    /// N, R and W.
    pub quorum: [usize; 3],
    /// The ring at the start.
    pub tokens: Vec<Token>,
    /// What happened, in the order of time.
    pub steps: Vec<Step>,
}

/// A node's place on the ring.
#[derive(Clone, Debug, Serialize)]
pub struct Token {
    /// The node.
    pub node: NodeId,
    /// The position, 32 hexadecimal digits.
    pub position: String,
    /// The position as a share of the way around the ring, from 0 to 1.
    pub turn: f64,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// When, in virtual milliseconds.
    pub at: Time,
    /// What.
    #[serde(flatten)]
    pub event: Event,
    /// The nodes that it changed, as they are afterwards.
    pub nodes: Vec<NodeState>,
}

/// What can happen.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The narrator speaks.
    Scene {
        /// What is said.
        text: String,
    },
    /// Something went wrong, or was mended.
    Fault {
        /// What.
        fault: Fault,
    },
    /// A message arrived.
    Message {
        /// The sender; a client has no name.
        from: Option<NodeId>,
        /// The receiver.
        to: NodeId,
        /// What kind of message.
        message: &'static str,
        /// The key that it is about.
        key: Option<String>,
        /// The node for which the receiver keeps what it gets.
        hint: Option<NodeId>,
    },
    /// A message did not arrive.
    Lost {
        /// The sender; a client has no name.
        from: Option<NodeId>,
        /// Who did not get it.
        to: NodeId,
        /// What kind of message.
        message: &'static str,
    },
    /// A client was answered.
    Answer {
        /// The coordinator.
        from: NodeId,
        /// Which operation.
        operation: OperationId,
        /// The versions that were read.
        #[serde(skip_serializing_if = "Option::is_none")]
        versions: Option<Vec<Held>>,
        /// Whether the operation failed.
        refused: bool,
    },
}

/// A node at one moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NodeState {
    /// The node.
    pub node: NodeId,
    /// Whether it runs.
    pub up: bool,
    /// The versions that it holds as their home.
    pub holds: Vec<Held>,
    /// The versions that it keeps for others.
    pub hints: Vec<Held>,
    /// Whom it takes to be down.
    pub suspects: Vec<NodeId>,
    /// Who belongs to the ring, as it sees it.
    pub members: Vec<NodeId>,
}

/// One version of a key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Held {
    /// The key.
    pub key: String,
    /// Where it lies, as a share of the way around the ring.
    pub turn: f64,
    /// The paper's clock.
    pub clock: String,
    /// The write that made it.
    pub dot: String,
    /// The writes that its writer had seen.
    pub past: String,
    /// The value.
    pub cart: Cart,
    /// For whom it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keeps_for: Option<NodeId>,
}

impl Cluster {
    /// Begins to write the history down.
    pub fn record(&mut self) {
        let quorum = self.settings.quorum;
        let tokens = self.nodes.first().map(|node| node.ring.tokens());
        let tokens = tokens.unwrap_or_default().iter();
        let tokens = tokens.map(|(position, node)| Token {
            node: *node,
            position: position.to_string(),
            turn: position.turn(),
        });
        self.history = Some(History {
            quorum: [quorum.n(), quorum.r(), quorum.w()],
            tokens: tokens.collect(),
            steps: Vec::new(),
        });
    }

    /// Writes down what a narrator says, with the state of all nodes.
    pub fn scene(&mut self, text: &str) {
        let nodes = self.state();
        let text = text.to_owned();
        self.write_down(Event::Scene { text }, nodes);
    }

    /// What was written down since [`Cluster::record`].
    pub fn history(&self) -> Option<&History> {
        self.history.as_ref()
    }

    /// All nodes as they are now.
    pub fn state(&self) -> Vec<NodeState> {
        self.nodes.iter().map(state_of).collect()
    }

    pub(super) fn record_fault(&mut self, fault: &Fault) {
        if self.history.is_some() {
            let nodes = self.state();
            let fault = fault.clone();
            self.write_down(Event::Fault { fault }, nodes);
        }
    }

    /// Gossip and trees that change nothing are left out: there are many of them.
    pub(super) fn record_arrival(
        &mut self,
        from: Option<NodeId>,
        to: NodeId,
        message: &Message,
        before: NodeState,
        out: &Outbox,
    ) {
        let after = state_of(&self.nodes[to.index()]);
        let quiet = match message {
            Message::Gossip { .. } => true,
            Message::Compare { .. } => out.messages.is_empty(),
            _ => false,
        };
        if quiet && before == after {
            return;
        }
        let event = Event::Message {
            from,
            to,
            message: message.name(),
            key: message.key().map(ToString::to_string),
            hint: message.hint(),
        };
        let changed = (before != after).then_some(after);
        self.write_down(event, changed.into_iter().collect());
    }

    pub(super) fn record_lost(&mut self, from: Option<NodeId>, to: NodeId, message: &Message) {
        if !matches!(message, Message::Gossip { .. } | Message::Compare { .. }) {
            let message = message.name();
            self.write_down(Event::Lost { from, to, message }, Vec::new());
        }
    }

    pub(super) fn record_answer(&mut self, from: NodeId, operation: OperationId, answer: &Answer) {
        if self.history.is_none() {
            return;
        }
        let versions = match answer {
            Answer::Read(siblings) => {
                let versions = siblings.versions().iter();
                Some(
                    versions
                        .map(|version| held("", 0.0, version, None))
                        .collect(),
                )
            }
            _ => None,
        };
        let event = Event::Answer {
            from,
            operation,
            versions,
            refused: *answer == Answer::Refused,
        };
        let nodes = vec![state_of(&self.nodes[from.index()])];
        self.write_down(event, nodes);
    }

    fn write_down(&mut self, event: Event, nodes: Vec<NodeState>) {
        let at = self.now;
        if let Some(history) = &mut self.history {
            history.steps.push(Step { at, event, nodes });
        }
    }
}

pub(super) fn state_of(node: &Node) -> NodeState {
    let store = node.disk.store.iter();
    let holds = store.flat_map(|(key, siblings)| {
        let turn = key.position().turn();
        let versions = siblings.versions().iter();
        versions.map(move |version| held(key.name(), turn, version, None))
    });
    let hints = node.disk.hints.iter();
    let hints = hints.flat_map(|(home, key, siblings)| {
        let turn = key.position().turn();
        let versions = siblings.versions().iter();
        versions.map(move |version| held(key.name(), turn, version, Some(home)))
    });
    NodeState {
        node: node.id,
        up: node.up,
        holds: holds.collect(),
        hints: hints.collect(),
        suspects: node.failures.suspected().collect(),
        members: node.disk.membership.members().collect(),
    }
}

fn held(
    key: &str,
    turn: f64,
    version: &crate::siblings::Version<Cart>,
    keeps_for: Option<NodeId>,
) -> Held {
    Held {
        key: key.to_owned(),
        turn,
        clock: version.clock.vector().to_string(),
        dot: version.clock.dot.to_string(),
        past: version.clock.past.to_string(),
        cart: version.value.clone(),
        keeps_for,
    }
}
