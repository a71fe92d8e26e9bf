//! The nodes of a cluster, and which of them is asked.

mod connection;
mod node;
mod stream;
#[cfg(feature = "tls")]
mod tls;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::net::lookup_host;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

pub(crate) use connection::{Connection, Identity};
pub(crate) use node::{Connecting, Node};
pub(crate) use stream::Transport;
#[cfg(feature = "tls")]
pub(crate) use tls::connector;

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::wire::cbor::Reader;
use crate::wire::request::Request;

/// The official clients ask about every four seconds. Here the question goes out with the first
/// call after that long, so that a client that rests, as in a frozen function, asks nothing.
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
    /// Held by whoever discovers.
    discovering: Mutex<()>,
}

/// The nodes as a discovery found them.
struct Routes {
    leader: Option<Arc<Node>>,
    /// All nodes, the leader included.
    nodes: Vec<Arc<Node>>,
    found: Instant,
}

/// A node in the answer to a discovery.
#[derive(Debug, Default)]
struct Described {
    address: Option<SocketAddr>,
    is_leader: bool,
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
                // The old routes do until the new ones are there.
                let cluster = self.clone();
                tokio::spawn(async move { cluster.rediscover().await });
                routes
            }
            None => self.discover(None).await?,
        };
        if let Some(node) = routes.pick(access) {
            return Ok(node);
        }
        // All that are known have failed: perhaps there are others by now.
        let routes = self.discover(Some(routes)).await?;
        let last_resort = match access {
            Access::Write => routes.leader.as_ref(),
            Access::Read => routes.nodes.first(),
        };
        let node = routes.pick(access).or_else(|| last_resort.cloned());
        node.ok_or_else(|| self.no_route(Error::Malformed("discovery named no leader")))
    }

    async fn rediscover(&self) {
        // One is enough.
        if let Ok(_guard) = self.discovering.try_lock() {
            // The old routes stay if nobody answers.
            let _ = self.ask_all().await;
        }
    }

    /// Discovers, or waits for whoever does; `known` is what does not do any more.
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
        let mut last = Error::Malformed("the endpoint's name has no address");
        for node in known.iter().filter(|node| !node.is_avoided()) {
            match self.ask(node, &known).await {
                Ok(routes) => return Ok(routes),
                Err(error) => last = error,
            }
        }
        for seed in &self.seeds {
            let found = timeout(
                self.connecting.timeout,
                lookup_host((&*seed.host, seed.port)),
            );
            let addresses = match found.await {
                Ok(Ok(addresses)) => addresses,
                Ok(Err(source)) => {
                    last = Error::Connect {
                        address: seed.to_string(),
                        source,
                    };
                    continue;
                }
                Err(_) => {
                    last = Error::Timeout(self.connecting.timeout);
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
        // Who is asking was refused, or could not be told: that is not for want of a route.
        match last {
            Error::Refused(_) | Error::Credentials(_) => Err(last),
            other => Err(self.no_route(other)),
        }
    }

    async fn ask(&self, node: &Arc<Node>, known: &[Arc<Node>]) -> Result<Arc<Routes>, Error> {
        let mut lease = node.lease().await?;
        let asking = lease.connection.exchange(&Request::Endpoints, read_nodes);
        let limit = self.connecting.timeout;
        let described = match timeout(limit, asking)
            .await
            .unwrap_or(Err(Error::Timeout(limit)))
        {
            Ok(described) => described,
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
        for Described { address, is_leader } in described {
            let Some(address) = address else {
                continue;
            };
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
            return Err(Error::Malformed("discovery named no node"));
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

fn read_nodes(reader: &mut Reader<'_>) -> Result<Vec<Described>, Error> {
    reader.array(|reader| {
        let mut described = Described::default();
        let (mut ip, mut port) = (None, None);
        reader.map(|reader| {
            match reader.int()? {
                2 => ip = read_ip(&reader.bytes()?),
                3 => port = u16::try_from(reader.int()?).ok(),
                4 => described.is_leader = reader.int()? == 1,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        described.address = ip.zip(port).map(SocketAddr::from);
        Ok(described)
    })
}

fn read_ip(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
        .ok()
}
