//! All techniques together: nodes that talk in virtual time, while things go wrong.
//!
//! Nothing here reads a clock or starts a thread. The next thing that happens is the earliest in
//! a queue, and what is random comes from one seed: the same calls give the same history.

mod check;
mod coordinator;
mod faults;
mod history;
mod message;
mod network;
mod node;
mod shoppers;
mod upkeep;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

pub use faults::Fault;
pub use history::{Event, Held, History, NodeState, Step, Token};
pub use message::{Answer, OperationId, Request, Time};
pub use shoppers::{Ledger, Shoppers};

use crate::dotted::Clocks;
use crate::error::{Error, Result};
use crate::gossip::Membership;
use crate::key::Key;
use crate::node_id::NodeId;
use crate::quorum::Quorum;
use crate::random::Random;
use message::{Message, Outbox, RequestId};
use network::Network;
use node::Node;

/// How long a coordinator waits for an answer, in milliseconds.
const TIMEOUT: Time = 50;

/// How often a node looks after its replicas, in milliseconds (section 4.8.1: every second).
const UPKEEP: Time = 1000;

/// What a cluster is made of.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How many nodes there are at the start.
    pub nodes: usize,
    /// How many tokens each has.
    pub tokens: usize,
    /// N, R and W.
    pub quorum: Quorum,
    /// How versions are compared.
    pub clocks: Clocks,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            nodes: 6,
            tokens: 4,
            quorum: Quorum::default(),
            clocks: Clocks::default(),
        }
    }
}

// ANCHOR: cluster
/// Nodes, the network between them, and what is going to happen.
#[derive(Clone, Debug)]
pub struct Cluster {
    settings: Settings,
    nodes: Vec<Node>,
    network: Network,
    random: Random,
    now: Time,
    scheduled: u64,
    queue: BinaryHeap<Reverse<Scheduled>>,
    outcomes: VecDeque<Outcome>,
    operations: OperationId,
    history: Option<History>,
}
// ANCHOR_END: cluster

// ANCHOR: advance
impl Cluster {
    /// Runs until a client learns something, or until the given time.
    pub fn advance(&mut self, until: Time) -> Option<Outcome> {
        while self.outcomes.is_empty() {
            match self.queue.peek() {
                Some(Reverse(next)) if next.at <= until => {}
                _ => {
                    self.now = self.now.max(until);
                    break;
                }
            }
            let Reverse(next) = self.queue.pop()?;
            self.now = next.at;
            self.happen(*next.what);
        }
        self.outcomes.pop_front()
    }
}
// ANCHOR_END: advance

/// What a client waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// An operation is answered.
    Answered(OperationId, Answer),
    /// The time has come for which [`Cluster::wake_at`] was called with this number.
    Woke(u64),
}

#[derive(Clone, Debug)]
struct Scheduled {
    at: Time,
    /// What was scheduled first happens first when both are due at once.
    sequence: u64,
    // Boxed, because the queue moves its entries about.
    what: Box<What>,
}

#[derive(Clone, Debug)]
enum What {
    Arrive {
        from: Option<NodeId>,
        to: NodeId,
        message: Message,
    },
    TimeOut {
        node: NodeId,
        starts: u32,
        request: RequestId,
    },
    Upkeep {
        node: NodeId,
        starts: u32,
    },
    Fault(Fault),
    Wake(u64),
}

impl Cluster {
    /// A cluster of nodes that know each other and hold nothing.
    ///
    /// # Errors
    ///
    /// [`Error::TooFewNodes`] when N replicas do not fit on the nodes, and [`Error::NoTokens`].
    pub fn new(settings: Settings, seed: u64) -> Result<Cluster> {
        let (nodes, n) = (settings.nodes, settings.quorum.n());
        if nodes < n {
            return Err(Error::TooFewNodes { nodes, n });
        }
        if settings.tokens == 0 {
            return Err(Error::NoTokens);
        }
        let mut cluster = Cluster {
            settings,
            nodes: Vec::new(),
            network: Network::default(),
            random: Random::seeded(seed),
            now: 0,
            scheduled: 0,
            queue: BinaryHeap::new(),
            outcomes: VecDeque::new(),
            operations: 0,
            history: None,
        };
        let ids = || (0..nodes as u32).map(NodeId::new);
        for id in ids() {
            cluster.add_node(id, Membership::of(ids()));
        }
        Ok(cluster)
    }

    /// Virtual milliseconds since the cluster started.
    pub fn now(&self) -> Time {
        self.now
    }

    /// What the cluster is made of.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// All nodes, down or up.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.nodes.iter().map(|node| node.id)
    }

    /// The nodes that are up.
    pub fn running(&self) -> impl Iterator<Item = NodeId> {
        let up = self.nodes.iter().filter(|node| node.up);
        up.map(|node| node.id)
    }

    /// The nodes where a key belongs, as the given node sees it.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchNode`].
    pub fn homes(&self, seen_by: NodeId, key: &Key) -> Result<Vec<NodeId>> {
        Ok(self.node(seen_by)?.homes(key))
    }

    /// Sends a client's request to a node, which need not be one that holds the key.
    pub fn ask(&mut self, contact: NodeId, key: &Key, request: Request) -> OperationId {
        self.operations += 1;
        let operation = self.operations;
        let message = Message::Ask {
            operation,
            key: key.clone(),
            request,
            forwarded: false,
        };
        let at = self.now + network::delay(&mut self.random);
        let (from, to) = (None, contact);
        self.at(at, What::Arrive { from, to, message });
        operation
    }

    /// Sends a request and runs until it is answered. No answer within two seconds is
    /// [`Answer::Refused`].
    pub fn ask_and_wait(&mut self, contact: NodeId, key: &Key, request: Request) -> Answer {
        let operation = self.ask(contact, key, request);
        let patience = self.now + 2000;
        while let Some(outcome) = self.advance(patience) {
            match outcome {
                Outcome::Answered(answered, answer) if answered == operation => return answer,
                _ => {}
            }
        }
        Answer::Refused
    }

    /// Lets the time pass; what clients would have learnt meanwhile is dropped.
    pub fn pass(&mut self, milliseconds: Time) {
        let until = self.now + milliseconds;
        while self.advance(until).is_some() {}
    }

    /// Has [`Cluster::advance`] return at this time.
    pub fn wake_at(&mut self, at: Time, number: u64) {
        self.at(at, What::Wake(number));
    }

    fn at(&mut self, at: Time, what: What) {
        self.scheduled += 1;
        let sequence = self.scheduled;
        let what = Box::new(what);
        self.queue.push(Reverse(Scheduled { at, sequence, what }));
    }

    fn add_node(&mut self, id: NodeId, membership: Membership) {
        self.nodes.push(Node::new(id, self.settings, membership));
        self.start(id);
    }

    /// The nodes do not look after their replicas all in the same instant.
    fn start(&mut self, node: NodeId) {
        let starts = self.nodes[node.index()].starts;
        let first = self.now + self.random.below(UPKEEP as usize) as Time;
        self.at(first, What::Upkeep { node, starts });
    }

    fn node(&self, node: NodeId) -> Result<&Node> {
        self.nodes.get(node.index()).ok_or(Error::NoSuchNode(node))
    }

    fn node_mut(&mut self, node: NodeId) -> Result<&mut Node> {
        self.nodes
            .get_mut(node.index())
            .ok_or(Error::NoSuchNode(node))
    }

    fn happen(&mut self, what: What) {
        match what {
            What::Arrive { from, to, message } => self.arrive(from, to, message),
            What::TimeOut {
                node,
                starts,
                request,
            } => {
                let mut out = Outbox::default();
                if let Some(node) = self.running_since(node, starts) {
                    node.time_out(request, &mut out);
                }
                self.carry_out(node, out);
            }
            What::Upkeep { node, starts } => {
                let mut out = Outbox::default();
                let mut random = self.random.clone();
                if let Some(running) = self.running_since(node, starts) {
                    running.tick(&mut random, &mut out);
                    self.random = random;
                    self.at(self.now + UPKEEP, What::Upkeep { node, starts });
                    self.carry_out(node, out);
                }
            }
            // A schedule may name a node that has not joined; nothing happens to it.
            What::Fault(fault) => drop(self.apply(&fault)),
            What::Wake(number) => self.outcomes.push_back(Outcome::Woke(number)),
        }
    }

    fn arrive(&mut self, from: Option<NodeId>, to: NodeId, message: Message) {
        let mut out = Outbox::default();
        let Some(node) = self.nodes.get_mut(to.index()).filter(|node| node.up) else {
            self.record_lost(from, to, &message);
            return;
        };
        if self.history.is_none() {
            node.receive(from, message, &mut out);
        } else {
            let before = history::state_of(node);
            node.receive(from, message.clone(), &mut out);
            self.record_arrival(from, to, &message, before, &out);
        }
        self.carry_out(to, out);
    }

    fn running_since(&mut self, node: NodeId, starts: u32) -> Option<&mut Node> {
        let node = self.nodes.get_mut(node.index())?;
        (node.up && node.starts == starts).then_some(node)
    }

    fn carry_out(&mut self, node: NodeId, out: Outbox) {
        for (to, message) in out.messages {
            match self.network.carry(node, to, &mut self.random) {
                Some(delay) => {
                    let from = Some(node);
                    self.at(self.now + delay, What::Arrive { from, to, message });
                }
                None => self.record_lost(Some(node), to, &message),
            }
        }
        for request in out.timeouts {
            let starts = self.nodes[node.index()].starts;
            let what = What::TimeOut {
                node,
                starts,
                request,
            };
            self.at(self.now + TIMEOUT, what);
        }
        for (operation, answer) in out.answers {
            self.record_answer(node, operation, &answer);
            self.outcomes
                .push_back(Outcome::Answered(operation, answer));
        }
    }
}

impl PartialEq for Scheduled {
    fn eq(&self, other: &Scheduled) -> bool {
        self.sequence == other.sequence
    }
}

impl Eq for Scheduled {}

impl PartialOrd for Scheduled {
    fn partial_cmp(&self, other: &Scheduled) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Scheduled {
    fn cmp(&self, other: &Scheduled) -> std::cmp::Ordering {
        (self.at, self.sequence).cmp(&(other.at, other.sequence))
    }
}
