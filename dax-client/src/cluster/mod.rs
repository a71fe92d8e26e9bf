//! The nodes of a cluster, and which of them is asked.

mod connection;
mod node;
mod stream;
#[cfg(feature = "tls")]
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::net::lookup_host;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

pub(crate) use connection::{Connection, Identity, Write};
pub(crate) use node::{Connecting, Node};
pub(crate) use stream::Transport;
#[cfg(feature = "tls")]
pub(crate) use tls::connector;

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::protocol::{EndpointsReply, EndpointsRequest, ServiceEndpoint};

/// The official clients discover the nodes about every four seconds. This one does it with the first
/// call after that time, so that an idle client, such as one in a frozen function, sends nothing.
const REFRESH: Duration = Duration::from_secs(4);

/// Whether a call may go to any node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

pub(crate) struct Cluster {
    seeds: Vec<Endpoint>,
    connecting: Connecting,
    routes: RwLock<Option<Arc<Routes>>>,
    /// Held during a discovery, so that there is one at a time.
    discovering: Mutex<()>,
}

/// The nodes as a discovery found them.
struct Routes {
    leader: Option<Arc<Node>>,
    /// All nodes, the leader included.
    nodes: Vec<Arc<Node>>,
    found: Instant,
}

impl Cluster {
    pub(crate) fn new(seeds: Vec<Endpoint>, connecting: Connecting) -> Cluster {
        Cluster {
            seeds,
            connecting,
            routes: RwLock::default(),
            discovering: Mutex::default(),
        }
    }

    /// The node to ask, and not one of those that just failed if there is another.
    pub(crate) async fn route(self: &Arc<Self>, access: Access) -> Result<Arc<Node>, Error> {
        let routes = match self.routes() {
            Some(routes) if routes.found.elapsed() < REFRESH => routes,
            Some(routes) => {
                // The old routes are used until the new ones are found.
                let cluster = self.clone();
                tokio::spawn(async move { cluster.rediscover().await });
                routes
            }
            None => self.discover(None).await?,
        };
        if let Some(node) = routes.pick(access) {
            return Ok(node);
        }
        // All known nodes have failed, but the cluster may have others by now.
        let routes = self.discover(Some(routes)).await?;
        let last_resort = match access {
            Access::Write => routes.leader.as_ref(),
            Access::Read => routes.nodes.first(),
        };
        let node = routes.pick(access).or_else(|| last_resort.cloned());
        // For a read there is a node, because a discovery that names none fails.
        node.ok_or(Error::NoLeader)
    }

    async fn rediscover(&self) {
        // Another call may be discovering already.
        if let Ok(_guard) = self.discovering.try_lock() {
            // The old routes stay if nobody answers.
            let _ = self.ask_all().await;
        }
    }

    /// Discovers the nodes, or waits for a discovery that is under way. `known` are routes that no
    /// longer work.
    async fn discover(&self, known: Option<Arc<Routes>>) -> Result<Arc<Routes>, Error> {
        let _guard = self.discovering.lock().await;
        match (self.routes(), known) {
            (Some(routes), None) => Ok(routes),
            (Some(routes), Some(known)) if !Arc::ptr_eq(&routes, &known) => Ok(routes),
            _ => self.ask_all().await,
        }
    }

    /// Asks the nodes that are known, then those behind the seeds.
    async fn ask_all(&self) -> Result<Arc<Routes>, Error> {
        let known = self
            .routes()
            .map(|routes| routes.nodes.clone())
            .unwrap_or_default();
        let mut last = Error::NoNodes;
        for node in known.iter().filter(|node| !node.is_avoided()) {
            match self.ask(node, &known).await {
                Ok(routes) => return Ok(routes),
                Err(error) => last = error,
            }
        }
        for seed in &self.seeds {
            let addresses = match self.resolve(seed).await {
                Ok(addresses) => addresses,
                Err(error) => {
                    last = error;
                    continue;
                }
            };
            for address in addresses {
                let node = self.node(address, &known);
                match self.ask(&node, &known).await {
                    Ok(routes) => return Ok(routes),
                    Err(error) => last = error,
                }
            }
        }
        match last {
            // These are no failures to reach a node.
            Error::Refused(_) | Error::Credentials(_) | Error::NoNodes => Err(last),
            other => Err(self.no_route(other)),
        }
    }

    /// The addresses behind a seed's name, at least one.
    async fn resolve(&self, seed: &Endpoint) -> Result<Vec<SocketAddr>, Error> {
        let limit = self.connecting.timeout;
        let found = timeout(limit, lookup_host((&*seed.host, seed.port)));
        let found = found.await.map_err(|_| Error::Timeout(limit))?;
        at_least_one(found).map_err(|source| Error::Connect {
            address: seed.to_string(),
            source,
        })
    }

    async fn ask(&self, node: &Arc<Node>, known: &[Arc<Node>]) -> Result<Arc<Routes>, Error> {
        let mut lease = node.lease().await?;
        let asking = lease.connection.exchange(&EndpointsRequest);
        let limit = self.connecting.timeout;
        let EndpointsReply(endpoints) = match timeout(limit, asking)
            .await
            .unwrap_or(Err(Error::Timeout(limit)))
        {
            Ok(reply) => reply,
            Err(error) => {
                node.failed();
                return Err(error);
            }
        };
        lease.give_back();
        let mut routes = Routes {
            leader: None,
            nodes: Vec::new(),
            found: Instant::now(),
        };
        for ServiceEndpoint { address, is_leader } in endpoints {
            let node = match node.address() == address {
                true => node.clone(),
                false => self.node(address, known),
            };
            if is_leader {
                routes.leader = Some(node.clone());
            }
            routes.nodes.push(node);
        }
        if routes.nodes.is_empty() {
            return Err(Error::NoNodes);
        }
        let routes = Arc::new(routes);
        *self.routes.write().unwrap_or_else(PoisonError::into_inner) = Some(routes.clone());
        Ok(routes)
    }

    /// The node at an address, with its connections if it is known.
    fn node(&self, address: SocketAddr, known: &[Arc<Node>]) -> Arc<Node> {
        let node = known.iter().find(|node| node.address() == address);
        node.cloned()
            .unwrap_or_else(|| Arc::new(Node::new(address, self.connecting.clone())))
    }

    fn routes(&self) -> Option<Arc<Routes>> {
        self.routes
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn no_route(&self, source: Error) -> Error {
        let seeds: Vec<_> = self.seeds.iter().map(ToString::to_string).collect();
        Error::NoRoute {
            seeds: seeds.join(", "),
            source: Box::new(source),
        }
    }
}

impl Routes {
    fn pick(&self, access: Access) -> Option<Arc<Node>> {
        match access {
            Access::Write => self.leader.clone().filter(|leader| !leader.is_avoided()),
            Access::Read => {
                let fit: Vec<_> = self
                    .nodes
                    .iter()
                    .filter(|node| !node.is_avoided())
                    .collect();
                fastrand::choice(fit).cloned()
            }
        }
    }
}

/// A name that resolves to nothing cannot be connected to.
fn at_least_one(
    addresses: io::Result<impl Iterator<Item = SocketAddr>>,
) -> io::Result<Vec<SocketAddr>> {
    let addresses: Vec<_> = addresses?.collect();
    if addresses.is_empty() {
        let reason = "the name has no address";
        return Err(io::Error::new(io::ErrorKind::NotFound, reason));
    }
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_an_address_is_an_error_that_says_so() {
        let error = at_least_one(Ok(std::iter::empty())).unwrap_err();
        assert_eq!(error.to_string(), "the name has no address");
    }
}
