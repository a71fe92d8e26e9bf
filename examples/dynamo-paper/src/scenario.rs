//! A shopping cart on two sides of a partition, told scene by scene.

use std::fmt::Write;

use crate::cart::Cart;
use crate::cluster::{Answer, Cluster, Event, Fault, Held, History, NodeState, Request, Settings};
use crate::dotted::Clocks;
use crate::error::Result;
use crate::key::Key;
use crate::node_id::NodeId;

/// Long enough for hints to go home and for trees to be compared, in milliseconds.
const A_WHILE: u64 = 60_000;

/// Plays the story and returns the cluster with its history.
///
/// # Errors
///
/// When the cluster is not at rest in the end, which no seed should do.
pub fn play(seed: u64, clocks: Clocks) -> Result<Cluster> {
    let settings = Settings {
        clocks,
        ..Settings::default()
    };
    let mut cluster = Cluster::new(settings, seed)?;
    let cart = Key::new("cart");
    let all: Vec<NodeId> = cluster.nodes().collect();
    let homes = cluster.homes(all[0], &cart)?;
    let others: Vec<NodeId> = all
        .into_iter()
        .filter(|node| !homes.contains(node))
        .collect();
    // ANCHOR: split
    cluster.record();
    cluster.scene(&format!("The cart belongs on {}.", names(&homes)));

    add(&mut cluster, others[0], &cart, "milk");
    cluster.scene("A customer puts milk into it.");

    let side = vec![homes[0], others[0], others[1]];
    cluster.apply(&Fault::Partition(side.clone()))?;
    cluster.scene(&format!(
        "The network splits: {} on one side.",
        names(&side)
    ));

    add(&mut cluster, homes[0], &cart, "bread");
    cluster.scene("Bread, on that side. Nodes that are no home keep it for two that are away.");

    add(&mut cluster, homes[1], &cart, "eggs");
    cluster.scene("Eggs, on the other side, from a device that has not seen the bread.");
    // ANCHOR_END: split

    // ANCHOR: whole
    cluster.apply(&Fault::Reconnect)?;
    cluster.pass(A_WHILE);
    cluster.scene("The network is whole again, and what was kept for others is back home.");

    add(&mut cluster, homes[2], &cart, "tea");
    cluster.scene("Tea. The customer has read both versions, and the new one replaces them.");

    cluster.settle(A_WHILE)?;
    // ANCHOR_END: whole
    Ok(cluster)
}

/// Reads the cart, puts an item into it, and writes it back.
fn add(cluster: &mut Cluster, contact: NodeId, key: &Key, item: &str) {
    if let Answer::Read(versions) = cluster.ask_and_wait(contact, key, Request::Get) {
        let mut cart = Cart::reconciled(&versions);
        cart.add(item);
        let context = versions.context();
        cluster.ask_and_wait(contact, key, Request::Put { context, cart });
    }
    // The nodes that were not waited for answer too.
    cluster.pass(500);
}

fn names(nodes: &[NodeId]) -> String {
    let mut nodes = nodes.to_vec();
    nodes.sort_unstable();
    let names: Vec<String> = nodes.iter().map(ToString::to_string).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// The scenes of a history: when, what, and what each node holds then.
pub fn told(history: &History) -> String {
    let mut told = String::new();
    for step in &history.steps {
        if let Event::Scene { text } = &step.event {
            let seconds = step.at as f64 / 1000.0;
            // A string takes everything that is written to it.
            let _ = writeln!(told, "{seconds:6.1} s  {text}");
            for node in &step.nodes {
                told += &lines_of(node);
            }
        }
    }
    told
}

fn lines_of(state: &NodeState) -> String {
    let line = |held: &Held| {
        let Held { cart, clock, .. } = held;
        match held.keeps_for {
            Some(home) => format!("{:9} {} keeps {cart} {clock} for {home}\n", "", state.node),
            None => format!("{:9} {} holds {cart} {clock}\n", "", state.node),
        }
    };
    state.holds.iter().chain(&state.hints).map(line).collect()
}
