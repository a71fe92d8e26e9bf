//! A node and the connections to it.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};

use super::connection::{Connection, Identity};
use super::stream::Transport;
use crate::error::Error;

/// For this long after a failure, other nodes are preferred.
const AVOIDED: Duration = Duration::from_secs(2);

/// How connections are made.
#[derive(Clone)]
pub(crate) struct Connecting {
    pub(crate) transport: Transport,
    pub(crate) identity: Identity,
    pub(crate) timeout: Duration,
    /// The most connections to one node.
    pub(crate) most: usize,
}

pub(crate) struct Node {
    address: SocketAddr,
    connecting: Connecting,
    permits: Semaphore,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Idle connections. The last one used is taken first, so that as few as possible are in use.
    idle: Vec<Connection>,
    failed: Option<Instant>,
}

impl Node {
    pub(super) fn new(address: SocketAddr, connecting: Connecting) -> Node {
        Node {
            address,
            permits: Semaphore::new(connecting.most),
            connecting,
            state: Mutex::default(),
        }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether the node failed a moment ago.
    pub(super) fn is_avoided(&self) -> bool {
        self.state().failed.is_some_and(|at| at.elapsed() < AVOIDED)
    }

    /// A connection, idle or new.
    pub(crate) async fn lease(&self) -> Result<Lease<'_>, Error> {
        // There always is a permit, because the semaphore is never closed.
        let permit = self.permits.acquire().await.ok();
        loop {
            // A statement of its own, because in the loop's condition the lock would be held during
            // the check.
            let idle = self.state().idle.pop();
            let Some(connection) = idle else {
                break;
            };
            if connection.is_fit().await {
                return Ok(Lease {
                    node: self,
                    connection,
                    _permit: permit,
                });
            }
        }
        let Connecting {
            transport,
            identity,
            timeout: limit,
            ..
        } = &self.connecting;
        let opening = Connection::open(self.address, transport, identity);
        let opened = timeout(*limit, opening)
            .await
            .unwrap_or(Err(Error::Timeout(*limit)));
        match opened {
            Ok(connection) => Ok(Lease {
                node: self,
                connection,
                _permit: permit,
            }),
            Err(error) => {
                self.failed();
                Err(error)
            }
        }
    }

    /// Marks the node as failed: other nodes are preferred for a while, and the idle connections to
    /// this one are closed.
    pub(crate) fn failed(&self) {
        let mut state = self.state();
        state.idle.clear();
        state.failed = Some(Instant::now());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection for one call. Only [`give_back`](Lease::give_back) returns it to the pool, so that a
/// call that is dropped half way closes it.
pub(crate) struct Lease<'n> {
    node: &'n Node,
    pub(crate) connection: Connection,
    _permit: Option<SemaphorePermit<'n>>,
}

impl Lease<'_> {
    pub(crate) fn give_back(mut self) {
        if self.connection.is_in_flight() {
            return;
        }
        self.connection.end_call();
        let mut state = self.node.state();
        state.failed = None;
        state.idle.push(self.connection);
    }
}
