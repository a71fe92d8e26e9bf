//! The node that carries out a client's operation (sections 4.5 and 5).

use super::message::{Answer, Message, OperationId, Outbox, Request, RequestId};
use super::node::Node;
use crate::cart::Cart;
use crate::dotted::Dot;
use crate::hinted_handoff::Target;
use crate::key::Key;
use crate::node_id::NodeId;
use crate::quorum::reconcile;
use crate::siblings::Siblings;
use crate::version_vector::VersionVector;

/// How often a coordinator looks for stand-ins before it gives up.
const ROUNDS: usize = 3;

/// What a node has asked others for and not yet got.
#[derive(Clone, Debug)]
pub(crate) enum Pending {
    Put(Put),
    Get(Get),
    HandOff {
        home: NodeId,
        key: Key,
        sent: Siblings<Cart>,
    },
}

/// A key's nodes that were asked, and those that have not answered yet.
#[derive(Clone, Debug)]
struct Asked {
    operation: OperationId,
    key: Key,
    waiting: Vec<Target>,
    tried: Vec<NodeId>,
    rounds: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Put {
    asked: Asked,
    siblings: Siblings<Cart>,
    dot: Dot,
    stored: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Get {
    asked: Asked,
    answers: Vec<(NodeId, Siblings<Cart>)>,
}

impl Asked {
    fn answered_by(&mut self, node: NodeId) {
        self.waiting.retain(|target| target.node != node);
    }
}

impl Node {
    // ANCHOR: accept
    /// Only a home node coordinates. A stand-in gives its versions away later, and would then
    /// count on from less than it has counted.
    pub(super) fn accept(
        &mut self,
        operation: OperationId,
        key: Key,
        request: Request,
        forwarded: bool,
        out: &mut Outbox,
    ) {
        let homes = self.homes(&key);
        if homes.contains(&self.id) {
            return match request {
                Request::Get => self.get(operation, key, out),
                Request::Put { context, cart } => self.put(operation, key, &context, cart, out),
            };
        }
        let healthy = |home: &&NodeId| self.failures.seems_up(**home);
        match homes.iter().find(healthy) {
            Some(home) if !forwarded => out.send(
                *home,
                Message::Ask {
                    operation,
                    key,
                    request,
                    forwarded: true,
                },
            ),
            _ => out.answers.push((operation, Answer::Refused)),
        }
    }
    // ANCHOR_END: accept

    // ANCHOR: put
    /// Writes here first, then sends all versions to the other nodes.
    fn put(
        &mut self,
        operation: OperationId,
        key: Key,
        context: &VersionVector,
        cart: Cart,
        out: &mut Outbox,
    ) {
        let name = self.name();
        let held = self.held_mut(&key);
        let dot = held.write(name, context, cart);
        let siblings = held.clone();
        let put = Put {
            asked: self.asked(operation, key),
            siblings,
            dot,
            stored: 1,
        };
        put.answer(self.settings.quorum.w(), out);
        let request = self.next_request();
        put.send(request, out);
        self.pending.insert(request, Pending::Put(put));
        out.timeouts.push(request);
    }
    // ANCHOR_END: put

    fn get(&mut self, operation: OperationId, key: Key, out: &mut Outbox) {
        let own = self.everything_about(&key);
        let get = Get {
            asked: self.asked(operation, key),
            answers: vec![(self.id, own)],
        };
        get.answer(self.settings.quorum.r(), out);
        let request = self.next_request();
        get.send(request, out);
        self.pending.insert(request, Pending::Get(get));
        out.timeouts.push(request);
    }

    fn asked(&self, operation: OperationId, key: Key) -> Asked {
        let mut waiting = self.targets(&key);
        waiting.retain(|target| target.node != self.id);
        Asked {
            operation,
            key,
            tried: waiting.iter().map(|target| target.node).collect(),
            waiting,
            rounds: 1,
        }
    }

    pub(super) fn stored(&mut self, from: NodeId, request: RequestId, out: &mut Outbox) {
        match self.pending.get_mut(&request) {
            Some(Pending::Put(put)) => {
                put.stored += 1;
                put.asked.answered_by(from);
                put.answer(self.settings.quorum.w(), out);
                if put.asked.waiting.is_empty() {
                    self.pending.remove(&request);
                }
            }
            Some(Pending::HandOff { home, key, sent }) => {
                self.disk.hints.delivered(*home, key, sent);
                self.pending.remove(&request);
            }
            _ => {}
        }
    }

    pub(super) fn fetched(
        &mut self,
        from: NodeId,
        request: RequestId,
        siblings: Siblings<Cart>,
        out: &mut Outbox,
    ) {
        let Some(Pending::Get(get)) = self.pending.get_mut(&request) else {
            return;
        };
        get.answers.push((from, siblings));
        get.asked.answered_by(from);
        get.answer(self.settings.quorum.r(), out);
        if get.asked.waiting.is_empty() {
            self.finish(request, out);
        }
    }

    /// Whoever has not answered by now is suspected, and the next healthy node is asked instead.
    pub(crate) fn time_out(&mut self, request: RequestId, out: &mut Outbox) {
        let Some(mut pending) = self.pending.remove(&request) else {
            return;
        };
        match &mut pending {
            Pending::Put(put) => {
                self.ask_others(&mut put.asked);
                put.send(request, out);
            }
            Pending::Get(get) => {
                self.ask_others(&mut get.asked);
                // A read that has its R answers needs no more of them.
                if get.answers.len() >= self.settings.quorum.r() {
                    get.asked.waiting.clear();
                }
                get.send(request, out);
            }
            Pending::HandOff { .. } => {}
        }
        let waits = match &pending {
            Pending::Put(Put { asked, .. }) | Pending::Get(Get { asked, .. }) => {
                !asked.waiting.is_empty()
            }
            Pending::HandOff { .. } => false,
        };
        self.pending.insert(request, pending);
        if waits {
            out.timeouts.push(request);
        } else {
            self.finish(request, out);
        }
    }

    fn ask_others(&mut self, asked: &mut Asked) {
        let silent = std::mem::take(&mut asked.waiting);
        for target in &silent {
            self.failures.no_answer_from(target.node);
        }
        asked.rounds += 1;
        if asked.rounds > ROUNDS {
            return;
        }
        let nodes = self.ring.preference_list(asked.key.position(), usize::MAX);
        let mut others = nodes.into_iter().filter(|node| {
            *node != self.id && !asked.tried.contains(node) && self.failures.seems_up(*node)
        });
        let stand_in = |silent: &Target| {
            Some(Target {
                node: others.next()?,
                instead_of: Some(silent.instead_of.unwrap_or(silent.node)),
            })
        };
        asked.waiting = silent.iter().map_while(stand_in).collect();
        let nodes = asked.waiting.iter().map(|target| target.node);
        asked.tried.extend(nodes);
    }

    /// Nobody else will answer. What a read found stale is repaired.
    fn finish(&mut self, request: RequestId, out: &mut Outbox) {
        match self.pending.remove(&request) {
            Some(Pending::Put(put)) if put.stored < self.settings.quorum.w() => {
                out.answers.push((put.asked.operation, Answer::Refused));
            }
            Some(Pending::Get(get)) => {
                if get.answers.len() < self.settings.quorum.r() {
                    out.answers.push((get.asked.operation, Answer::Refused));
                }
                self.repair(&get, out);
            }
            _ => {}
        }
    }

    // ANCHOR: repair
    fn repair(&mut self, get: &Get, out: &mut Outbox) {
        let Some((merged, stale)) = reconcile(&get.answers) else {
            return;
        };
        let key = &get.asked.key;
        let homes = self.homes(key);
        for node in stale {
            if node == self.id {
                self.place(key, &merged);
            } else if homes.contains(&node) {
                let store = Message::Store {
                    key: key.clone(),
                    siblings: merged.clone(),
                    instead_of: None,
                    request: None,
                };
                out.send(node, store);
            }
        }
    }
    // ANCHOR_END: repair
}

impl Put {
    fn send(&self, request: RequestId, out: &mut Outbox) {
        for target in &self.asked.waiting {
            let store = Message::Store {
                key: self.asked.key.clone(),
                siblings: self.siblings.clone(),
                instead_of: target.instead_of,
                request: Some(request),
            };
            out.send(target.node, store);
        }
    }

    /// The client is told as soon as W nodes hold the write.
    fn answer(&self, w: usize, out: &mut Outbox) {
        if self.stored == w {
            let answer = Answer::Written(self.dot);
            out.answers.push((self.asked.operation, answer));
        }
    }
}

impl Get {
    fn send(&self, request: RequestId, out: &mut Outbox) {
        for target in &self.asked.waiting {
            let key = self.asked.key.clone();
            out.send(target.node, Message::Fetch { key, request });
        }
    }

    /// The client is told as soon as R nodes have answered.
    fn answer(&self, r: usize, out: &mut Outbox) {
        if self.answers.len() == r
            && let Some((merged, _)) = reconcile(&self.answers)
        {
            out.answers
                .push((self.asked.operation, Answer::Read(merged)));
        }
    }
}
