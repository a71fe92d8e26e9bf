//! What happens to messages on their way.

use std::collections::BTreeSet;

use super::message::Time;
use crate::node_id::NodeId;
use crate::random::Random;

/// How long a message takes at least, in milliseconds.
const FASTEST: Time = 1;

/// How much longer it may take.
const SPREAD: usize = 10;

/// The network between the nodes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Network {
    /// When the network is split, the nodes on one of its sides.
    pub(crate) side: Option<BTreeSet<NodeId>>,
    /// The probability that a message is lost.
    pub(crate) loss: f64,
}

impl Network {
    /// How long the message takes, or nothing when it does not arrive. Messages may overtake each
    /// other.
    pub(crate) fn carry(&self, from: NodeId, to: NodeId, random: &mut Random) -> Option<Time> {
        let split = |side: &BTreeSet<NodeId>| side.contains(&from) != side.contains(&to);
        if self.side.as_ref().is_some_and(split) {
            return None;
        }
        if self.loss > 0.0 && random.chance(self.loss) {
            return None;
        }
        Some(delay(random))
    }
}

/// How long a message takes when nothing is wrong.
pub(crate) fn delay(random: &mut Random) -> Time {
    FASTEST + random.below(SPREAD) as Time
}
