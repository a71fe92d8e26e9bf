//! A cluster in the hands of a reader: one choice, and everything that follows from it.

use std::collections::BTreeSet;

use super::story::ROUNDS;
use super::world::{Choice, ITEMS, NODES, TOKENS, World};
use crate::cart::Cart;
use crate::cluster::{Answer, Cluster, Fault, NodeState, Request, Settings, Step, Time};
use crate::error::{Error, Result};
use crate::key::Key;
use crate::node_id::NodeId;
use crate::siblings::Siblings;

/// How much later the second of two devices writes, in milliseconds: so much that chance does not
/// decide which of them is the first.
const APART: Time = 20;

/// Far longer than the cluster takes to mend, in milliseconds.
const LONG_ENOUGH: Time = 600_000;

/// A cluster that does what a reader chooses.
#[derive(Clone, Debug)]
pub struct Player {
    cluster: Cluster,
    world: World,
}

impl Player {
    /// A cluster that holds nothing yet.
    ///
    /// # Errors
    ///
    /// What [`Cluster::new`] refuses; it takes these settings.
    pub fn new(seed: u64) -> Result<Player> {
        let settings = Settings {
            nodes: NODES as usize,
            tokens: TOKENS,
            ..Settings::default()
        };
        let cluster = Cluster::new(settings, seed)?;
        let world = World::default();
        Ok(Player { cluster, world })
    }

    /// Which nodes there are, and which of them are down.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// All nodes as they are now.
    pub fn nodes(&self) -> Vec<NodeState> {
        self.cluster.state()
    }

    /// The home nodes of a cart, as the first node sees them that runs.
    pub fn homes(&self, cart: &Key) -> Vec<NodeId> {
        let first = self.cluster.running().next();
        let homes = first.and_then(|node| self.cluster.homes(node, cart).ok());
        homes.unwrap_or_default()
    }

    /// Does what the reader chose about a cart, and returns what happened until all was quiet.
    ///
    /// # Errors
    ///
    /// [`Error::NotSettled`] when it never is.
    pub fn choose(&mut self, choice: Choice, cart: &Key) -> Result<Vec<Step>> {
        self.cluster.record();
        match choice {
            Choice::Join => self.cluster.apply(&Fault::Join)?,
            Choice::Leave(node) => self.cluster.apply(&Fault::Leave(node))?,
            Choice::Fail(node) => self.fail(node)?,
            Choice::Heal => self.cluster.heal(),
            Choice::Read => drop(self.read(cart)),
            Choice::Write => self.write(cart, 1),
            Choice::Race => self.write(cart, 2),
        }
        self.world = self.world.after(choice);
        self.rest()?;
        let history = self.cluster.history();
        Ok(history.map_or_else(Vec::new, |history| history.steps.clone()))
    }

    /// How many items were put into a cart.
    pub fn written(&self, cart: &Key) -> usize {
        let nodes = self.nodes().into_iter();
        let held = nodes.flat_map(|node| node.holds.into_iter().chain(node.hints));
        let versions: Vec<_> = held.filter(|held| held.key == cart.name()).collect();
        let is_in = |item: &&str| versions.iter().any(|held| held.cart.contains(item));
        ITEMS.iter().filter(|item| is_in(item)).count()
    }

    /// A node that stops is noticed by those who ask it for something, and other customers go on
    /// asking (section 4.8.3). Here each node is asked for one cart that it shares with that node.
    fn fail(&mut self, node: NodeId) -> Result<()> {
        self.cluster.apply(&Fault::Crash(node))?;
        let running: Vec<NodeId> = self.cluster.running().collect();
        for contact in running {
            let mut others = (0..1000).map(|customer| Key::new(&format!("customer {customer}")));
            let shared = others.find(|cart| {
                let homes = self.cluster.homes(contact, cart).unwrap_or_default();
                homes.contains(&contact) && homes.contains(&node)
            });
            if let Some(cart) = shared {
                self.cluster.ask(contact, &cart, Request::Get);
            }
        }
        self.cluster.pass(APART + ROUNDS);
        Ok(())
    }

    fn read(&mut self, cart: &Key) -> Answer {
        let contact = self.contacts(cart)[0];
        self.cluster.ask_and_wait(contact, cart, Request::Get)
    }

    // ANCHOR: write
    /// Every writer reads the cart before the first of them writes.
    fn write(&mut self, cart: &Key, writers: usize) {
        let first = self.written(cart);
        let contacts = self.contacts(cart);
        let contacts = contacts.iter().cycle().take(writers);
        let mut requests = Vec::new();
        for (contact, item) in contacts.zip(&ITEMS[first..]) {
            let read = self.cluster.ask_and_wait(*contact, cart, Request::Get);
            // Who cannot read tries to write all the same.
            let request = match read {
                Answer::Read(versions) => with_item(&versions, item),
                _ => with_item(&Siblings::new(self.cluster.settings().clocks), item),
            };
            requests.push((*contact, request));
        }
        self.cluster.record();
        for (contact, request) in requests {
            self.cluster.ask(contact, cart, request);
            self.cluster.pass(APART);
        }
    }
    // ANCHOR_END: write

    /// Whom clients ask: the home nodes that run, or else any node that does.
    fn contacts(&self, cart: &Key) -> Vec<NodeId> {
        let running: Vec<NodeId> = self.cluster.running().collect();
        let mut homes = self.homes(cart);
        homes.retain(|home| running.contains(home));
        if homes.is_empty() { running } else { homes }
    }

    /// Lets time pass until nothing more happens before the next choice.
    fn rest(&mut self) -> Result<()> {
        if self.world.down.is_empty() {
            self.cluster.settle(LONG_ENOUGH)?;
        }
        let begin = self.cluster.now();
        loop {
            self.cluster.pass(500);
            let Some(reason) = unrest(&self.nodes()) else {
                // What is on its way arrives.
                self.cluster.pass(200);
                return Ok(());
            };
            let passed = self.cluster.now() - begin;
            if passed > LONG_ENOUGH {
                return Err(Error::NotSettled {
                    seconds: passed / 1000,
                    reason: reason.to_owned(),
                });
            }
        }
    }
}

fn with_item(versions: &Siblings<Cart>, item: &str) -> Request {
    let mut cart = Cart::reconciled(versions);
    cart.add(item);
    let context = versions.context();
    Request::Put { context, cart }
}

/// What keeps the nodes that run from being at rest.
fn unrest(nodes: &[NodeState]) -> Option<&'static str> {
    let up: Vec<&NodeState> = nodes.iter().filter(|node| node.up).collect();
    let is_up = |node: NodeId| up.iter().any(|other| other.node == node);
    for node in &up {
        if node.members != up[0].members {
            return Some("the nodes see different rings");
        }
        if node.suspects.iter().any(|node| is_up(*node)) {
            return Some("a node that runs is taken to be down");
        }
        let mut hints = node.hints.iter().filter_map(|held| held.keeps_for);
        if hints.any(is_up) {
            return Some("a hint is on its way");
        }
    }
    // Of each cart, what each node holds that holds any of it.
    let mut held: BTreeSet<(&str, Vec<&str>)> = BTreeSet::new();
    let mut carts: BTreeSet<&str> = BTreeSet::new();
    for node in &up {
        let names: BTreeSet<&str> = node.holds.iter().map(|held| &*held.key).collect();
        for name in names {
            let versions = node.holds.iter().filter(|held| held.key == name);
            held.insert((name, versions.map(|held| &*held.dot).collect()));
            carts.insert(name);
        }
    }
    (held.len() > carts.len()).then_some("home nodes hold different versions")
}
