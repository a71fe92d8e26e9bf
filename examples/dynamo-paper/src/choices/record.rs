//! All that can follow from a reader's choices, as a graph.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;
use std::path::PathBuf;

use serde::Serialize;

use super::player::Player;
use super::story::told;
use super::world::{Choice, ITEMS, NODES, TOKENS, World};
use crate::cluster::{Held, NodeState};
use crate::error::Result;
use crate::figures;
use crate::gossip::Membership;
use crate::key::Key;
use crate::node_id::NodeId;
use crate::quorum::Quorum;
use crate::ring::Position;

/// Whose carts there are.
pub const CARTS: [&str; 2] = ["alice", "bob"];

/// Where the book's page finds the recording.
pub fn folder() -> PathBuf {
    figures::folder().with_file_name("ring")
}

/// What the page needs to play.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Which nodes there can be, and where each choice about them leads.
    pub worlds: Vec<World>,
    /// What became of each cart.
    pub carts: Vec<CartRecord>,
}

/// A world and holdings, by their places in the lists.
pub type State = (usize, usize);

/// A choice, and the holdings and the story that follow. The world that follows is the same for all
/// carts.
pub type Follows = (Choice, usize, usize);

/// What can become of one cart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CartRecord {
    /// Whose it is.
    pub name: &'static str,
    /// The versions, each with the write that made it and the writes that its writer had seen.
    pub versions: Vec<[String; 3]>,
    /// Which versions lie where: `A0 B0 D0>C` when A and B hold version 0 and D keeps it for C.
    pub holdings: Vec<String>,
    /// What happened, as `story` tells it.
    pub stories: Vec<String>,
    /// What can follow in each state.
    pub states: BTreeMap<State, Vec<Follows>>,
}

/// Plays every choice.
///
/// # Errors
///
/// When a cluster does not come to rest, which no seed should cause.
pub fn record(seed: u64) -> Result<Record> {
    let mut worlds = vec![World::default()];
    let carts = CARTS.map(|name| play_all(seed, name, &mut worlds));
    let carts = carts.into_iter().collect::<Result<_>>()?;
    Ok(Record { worlds, carts })
}

/// Plays every choice about one cart, each from a copy of the first cluster that came so far.
fn play_all(seed: u64, name: &'static str, worlds: &mut Vec<World>) -> Result<CartRecord> {
    let cart = Key::new(name);
    let start = Player::new(seed)?;
    let homes = CARTS.map(|name| start.homes(&Key::new(name)));
    let mut record = CartRecord {
        name,
        ..CartRecord::default()
    };
    record.holdings.push(String::new());
    record.states.insert((0, 0), Vec::new());
    let mut waiting = VecDeque::from([((0, 0), start)]);
    while let Some((state, player)) = waiting.pop_front() {
        let mut choices = choices_about(&player, &cart);
        choices.extend(player.world().choices(&homes));
        for choice in choices {
            let mut next = player.clone();
            let before = next.nodes();
            let steps = next.choose(choice, &cart)?;
            let holdings = holdings_of(name, &next.nodes(), &mut record.versions);
            let holdings = index_of(&mut record.holdings, holdings);
            let story = index_of(&mut record.stories, told(choice, &before, &steps));
            let world = index_of(worlds, next.world().clone());
            if let Some(follows) = record.states.get_mut(&state) {
                follows.push((choice, holdings, story));
            }
            let reached = (world, holdings);
            if let Entry::Vacant(vacant) = record.states.entry(reached) {
                vacant.insert(Vec::new());
                waiting.push_back((reached, next));
            }
        }
    }
    Ok(record)
}

/// What may be done with a cart: there are only so many items.
fn choices_about(player: &Player, cart: &Key) -> Vec<Choice> {
    let left = ITEMS.len() - player.written(cart);
    let choices = [(Choice::Read, 0), (Choice::Write, 1), (Choice::Race, 2)];
    let choices = choices.into_iter().filter(|choice| choice.1 <= left);
    choices.map(|choice| choice.0).collect()
}

/// Where the versions of a cart lie. One that is new is added to the versions.
pub fn holdings_of(cart: &str, nodes: &[NodeState], versions: &mut Vec<[String; 3]>) -> String {
    let mut text = String::new();
    for node in nodes {
        for held in node.holds.iter().chain(&node.hints) {
            let Held {
                dot,
                past,
                keeps_for,
                ..
            } = held;
            if held.key != cart {
                continue;
            }
            let items: Vec<&str> = held.cart.items().collect();
            let version = [dot.clone(), past.clone(), items.join(" ")];
            let version = index_of(versions, version);
            let space = if text.is_empty() { "" } else { " " };
            // A string takes everything that is written to it.
            let _ = write!(text, "{space}{}{version}", node.node);
            if let Some(home) = keeps_for {
                let _ = write!(text, ">{home}");
            }
        }
    }
    text
}

fn index_of<T: PartialEq>(list: &mut Vec<T>, value: T) -> usize {
    list.iter()
        .position(|known| *known == value)
        .unwrap_or_else(|| {
            list.push(value);
            list.len() - 1
        })
}

/// The recording as the page reads it. Structs, because the order of a JSON map depends on the features
/// that other packages choose.
#[derive(Serialize)]
struct Written<'a> {
    quorum: [usize; 3],
    items: [&'a str; ITEMS.len()],
    tokens: BTreeMap<String, Vec<f64>>,
    worlds: Vec<WrittenWorld>,
    carts: Vec<WrittenCart<'a>>,
}

/// The nodes of a world, and for each cart all of them in the order of its preference list.
#[derive(Serialize)]
struct WrittenWorld {
    members: String,
    down: String,
    preference: [String; CARTS.len()],
}

/// The states as columns, and for each choice the states in which it can be made, each as a distance
/// from the one before, the holdings and the story. Like beside like is a third as large when packed.
#[derive(Serialize)]
struct WrittenCart<'a> {
    name: &'a str,
    turn: f64,
    versions: &'a [[String; 3]],
    holdings: &'a [String],
    stories: &'a [String],
    states: (Vec<usize>, Vec<usize>),
    choices: BTreeMap<String, [Vec<usize>; 3]>,
}

impl Record {
    /// The recording as the page reads it.
    ///
    /// # Errors
    ///
    /// None: it consists of lists, numbers and texts.
    pub fn json(&self) -> serde_json::Result<String> {
        let quorum = Quorum::default();
        let nodes = (0..=NODES).map(NodeId::new);
        let tokens = nodes.map(|node| {
            let tokens = (0..TOKENS).map(|token| rounded(Position::of_token(node, token)));
            (node.to_string(), tokens.collect())
        });
        let written = Written {
            quorum: [quorum.n(), quorum.r(), quorum.w()],
            items: ITEMS,
            tokens: tokens.collect(),
            worlds: self.worlds.iter().map(WrittenWorld::of).collect(),
            carts: self.carts.iter().map(WrittenCart::of).collect(),
        };
        Ok(serde_json::to_string(&written)? + "\n")
    }
}

impl WrittenWorld {
    fn of(world: &World) -> WrittenWorld {
        let ring = Membership::of(world.members()).ring(TOKENS);
        let preference = |name| ring.preference_list(Key::new(name).position(), usize::MAX);
        WrittenWorld {
            members: names(&world.members()),
            down: names(&world.down),
            preference: CARTS.map(|name| names(&preference(name))),
        }
    }
}

impl WrittenCart<'_> {
    fn of(cart: &CartRecord) -> WrittenCart<'_> {
        let mut choices: BTreeMap<String, [Vec<usize>; 3]> = BTreeMap::new();
        let mut last: BTreeMap<Choice, usize> = BTreeMap::new();
        for (state, follows) in cart.states.values().enumerate() {
            for (choice, holdings, story) in follows {
                // Whoever fails keeps what it holds.
                if matches!(choice, Choice::Fail(_)) {
                    continue;
                }
                let distance = state - last.insert(*choice, state).unwrap_or(0);
                let columns = choices.entry(choice.to_string()).or_default();
                for (column, number) in columns.iter_mut().zip([distance, *holdings, *story]) {
                    column.push(number);
                }
            }
        }
        WrittenCart {
            name: cart.name,
            turn: rounded(Key::new(cart.name).position()),
            versions: &cart.versions,
            holdings: &cart.holdings,
            stories: &cart.stories,
            states: cart.states.keys().copied().unzip(),
            choices,
        }
    }
}

fn names<'a>(nodes: impl IntoIterator<Item = &'a NodeId>) -> String {
    nodes.into_iter().map(ToString::to_string).collect()
}

/// Exact enough to be drawn.
fn rounded(position: Position) -> f64 {
    libm::round(position.turn() * 1e4) / 1e4
}
