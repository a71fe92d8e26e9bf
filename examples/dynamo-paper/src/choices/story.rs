//! What followed from a choice, as few words as the page needs to tell it.
//!
//! A story of a write is a list such as `B A D>E`: B coordinates, A stores the version, and D keeps it
//! for E. Of two writes at once there are two, divided by a bar. A story of a read is the same with
//! the nodes that answered, in the order in which they did. Of a heal and of a changed ring it names
//! who gave versions to whom: `D>A` for a hint, `B~A` for a difference that two Merkle trees showed.
//! The last word `refused` says that W or R was not reached. Nobody is asked in vain: a node that
//! is down is known to be.

use std::collections::BTreeMap;

use super::world::Choice;
use crate::cluster::{Event, NodeState, Step, Time};
use crate::node_id::NodeId;

/// A coordinator's three rounds of asking end within this many milliseconds.
pub(super) const ROUNDS: Time = 200;

/// Tells a choice's steps. `before` is what the nodes held when it was made.
pub fn told(choice: Choice, before: &[NodeState], steps: &[Step]) -> String {
    match choice {
        Choice::Write | Choice::Race => operations(steps, "store", "stored"),
        Choice::Read => operations(steps, "fetch", "fetched"),
        Choice::Fail(_) => String::new(),
        Choice::Heal | Choice::Join | Choice::Leave(_) => gifts(before, steps),
    }
}

/// What a coordinator did about one operation.
struct Operation {
    coordinator: NodeId,
    asked_at: Time,
    words: Vec<String>,
    refused: bool,
}

fn operations(steps: &[Step], question: &str, reply: &str) -> String {
    let mut operations: Vec<Operation> = Vec::new();
    // Whom the coordinators asked, and for whom the version is kept there.
    let mut hints: BTreeMap<(NodeId, NodeId), NodeId> = BTreeMap::new();
    for step in steps {
        match &step.event {
            Event::Message {
                from,
                to,
                message,
                hint,
                ..
            } => match from {
                None => operations.push(Operation {
                    coordinator: *to,
                    asked_at: step.at,
                    words: Vec::new(),
                    // Until the client hears something else.
                    refused: true,
                }),
                Some(from) if *message == question => {
                    hints.extend(hint.map(|home| ((*from, *to), home)));
                }
                Some(from) if *message == reply => {
                    let word = match hints.get(&(*to, *from)) {
                        Some(home) => format!("{from}>{home}"),
                        None => from.to_string(),
                    };
                    note(&mut operations, *to, step.at, word);
                }
                Some(_) => {}
            },
            Event::Answer { from, refused, .. } => {
                let asked = operations.iter_mut();
                let mut asked = asked.filter(|asked| asked.coordinator == *from && asked.refused);
                if let Some(operation) = asked.next() {
                    operation.refused = *refused;
                }
            }
            _ => {}
        }
    }
    let told = operations.iter().map(|operation| {
        let mut words = vec![operation.coordinator.to_string()];
        words.extend(operation.words.iter().cloned());
        words.extend(operation.refused.then(|| "refused".to_owned()));
        words.join(" ")
    });
    told.collect::<Vec<_>>().join("|")
}

fn note(operations: &mut [Operation], coordinator: NodeId, at: Time, word: String) {
    let theirs = operations.iter_mut().filter(|operation| {
        operation.coordinator == coordinator && at <= operation.asked_at + ROUNDS
    });
    // One coordinator of two writes sends all versions with each: the first tells it.
    let mut theirs: Vec<_> = theirs.filter(|it| !it.words.contains(&word)).collect();
    if let Some(operation) = theirs.first_mut() {
        operation.words.push(word);
    }
}

/// Who gave versions to whom that the receiver did not have.
fn gifts(before: &[NodeState], steps: &[Step]) -> String {
    let mut nodes: BTreeMap<NodeId, &NodeState> = before.iter().map(|it| (it.node, it)).collect();
    let mut words: Vec<String> = Vec::new();
    for step in steps {
        if let Event::Message {
            from: Some(from),
            to,
            message: "store" | "differing",
            ..
        } = &step.event
        {
            let after = step.nodes.iter().find(|node| node.node == *to);
            let held = nodes.get(to).map_or(&[][..], |node| &node.holds);
            let gained = after.is_some_and(|after| {
                let mut dots = after.holds.iter().map(|it| &it.dot);
                dots.any(|dot| !held.iter().any(|it| it.dot == *dot))
            });
            let giver = nodes.get(from);
            let was_kept = giver.is_some_and(|giver| {
                let mut homes = giver.hints.iter().filter_map(|hint| hint.keeps_for);
                homes.any(|home| home == *to)
            });
            let word = format!("{from}{}{to}", if was_kept { '>' } else { '~' });
            if gained && !words.contains(&word) {
                words.push(word);
            }
        }
        for node in &step.nodes {
            nodes.insert(node.node, node);
        }
    }
    words.join(" ")
}
