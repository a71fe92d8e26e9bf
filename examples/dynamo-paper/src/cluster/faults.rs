//! What goes wrong, and when.

use serde::Serialize;

use super::Cluster;
use super::message::Time;
use crate::error::{Error, Result};
use crate::gossip::{Membership, Status};
use crate::node_id::NodeId;

/// Something that happens to the cluster from outside.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The node stops. Its disk stays as it is.
    Crash(NodeId),
    /// The node runs again with what is on its disk.
    Restart(NodeId),
    /// The node's disk is replaced by an empty one. A write is safe from W - 1 such losses.
    LoseDisk(NodeId),
    /// These nodes and the others cannot reach each other.
    Partition(Vec<NodeId>),
    /// Every node can reach every other one again.
    Reconnect,
    /// Of all messages this share is lost.
    Loss(f64),
    /// An administrator starts a new node, which is told of two others.
    Join,
    /// An administrator removes a node, which gives away its keys.
    Leave(NodeId),
}

impl Cluster {
    /// Lets a fault happen now.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchNode`] when the fault names a node that the cluster does not have.
    pub fn apply(&mut self, fault: &Fault) -> Result<()> {
        match fault {
            Fault::Crash(node) => self.node_mut(*node)?.crash(),
            Fault::Restart(node) => self.restart(*node)?,
            Fault::LoseDisk(node) => {
                let mut seeds = self.seeds();
                seeds.change(*node, Status::Joined);
                self.node_mut(*node)?.lose_disk(seeds);
            }
            Fault::Partition(side) => {
                if let Some(node) = side.iter().find(|node| self.node(**node).is_err()) {
                    return Err(Error::NoSuchNode(*node));
                }
                self.network.side = Some(side.iter().copied().collect());
            }
            Fault::Reconnect => self.network.side = None,
            Fault::Loss(share) => self.network.loss = share.clamp(0.0, 1.0),
            Fault::Join => self.join(),
            Fault::Leave(node) => {
                let leaving = self.node_mut(*node)?;
                leaving.disk.membership.change(*node, Status::Left);
                leaving.follow_membership();
            }
        }
        self.record_fault(fault);
        Ok(())
    }

    /// Lets a fault happen at a time to come. One that names no node of the cluster is passed over.
    pub fn schedule(&mut self, at: Time, fault: Fault) {
        self.at(at, super::What::Fault(fault));
    }

    /// Ends all faults: every node runs, and every message arrives.
    pub fn heal(&mut self) {
        self.network = super::network::Network::default();
        self.record_fault(&Fault::Reconnect);
        let down = self.nodes.iter().filter(|node| !node.up);
        for node in down.map(|node| node.id).collect::<Vec<_>>() {
            // A node of the list exists.
            let _ = self.apply(&Fault::Restart(node));
        }
    }

    fn restart(&mut self, node: NodeId) -> Result<()> {
        let restarted = self.node_mut(node)?;
        if !restarted.up {
            restarted.up = true;
            self.start(node);
        }
        Ok(())
    }

    fn join(&mut self) {
        let node = NodeId::new(self.nodes.len() as u32);
        let mut membership = self.seeds();
        membership.change(node, Status::Joined);
        self.add_node(node, membership);
    }

    /// Two nodes that every new node is told of, so that no two parts of the ring stay unaware of
    /// each other (section 4.8.2).
    fn seeds(&self) -> Membership {
        Membership::of(self.nodes.iter().take(2).map(|node| node.id))
    }
}
