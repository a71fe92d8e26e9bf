//! A DAX on this machine, in front of any DynamoDB endpoint.
//!
//! It speaks the protocol of the real one and keeps its promises (Developer Guide, "DAX: How it
//! works" and "DAX and DynamoDB consistency models"): eventually consistent reads come from the
//! caches, consistent ones pass through and are not kept, writes go to the store first and then
//! into the item cache, a missing item is remembered, and a write that goes around it stays unseen
//! until the item expires. Its nodes share one cache where a cluster's replicate theirs. It has no
//! transactions. It is for learning and for tests: no real cluster was ever compared with it.

mod cache;
mod queries;
mod reads;
mod session;
mod state;
mod store;
mod thread;
mod writes;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodb::config::{Config, Credentials, Region};
use local_dynamodb::LocalDynamoDb;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use cache::{ItemCache, Limits, QueryCache};
use session::Session;
use state::State;
use store::Store;
use thread::Thread;

/// What the caches were asked for, and what the store was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Items that were read and known, missing ones included.
    pub item_hits: u64,
    /// Items that were read and not known.
    pub item_misses: u64,
    /// Queries and scans with a kept answer.
    pub query_hits: u64,
    /// Queries and scans without.
    pub query_misses: u64,
    /// Calls of the store.
    pub store_calls: u64,
}

/// A DAX on this machine; see the [module](self). It ends with this value.
pub struct LocalDax {
    state: Arc<State>,
    addresses: Vec<SocketAddr>,
    /// What ends each node when it is dropped.
    nodes: Mutex<Vec<Option<oneshot::Sender<Never>>>>,
    _thread: Thread,
    store: Config,
    /// The store, if it was started here or given by its URL.
    local_store: Option<LocalDynamoDb>,
}

/// Sets a local DAX up; the defaults are those of a new cluster.
#[derive(Debug, Clone)]
pub struct Builder {
    store: Option<Config>,
    store_url: Option<String>,
    ports: Vec<u16>,
    items: Limits,
    queries: Limits,
    credentials: Option<Credentials>,
    authorization: Duration,
}

impl LocalDax {
    /// Starts one node on a free port, in front of an empty embedded DynamoDB.
    ///
    /// # Errors
    /// Fails when no port or thread can be had.
    pub fn start() -> io::Result<LocalDax> {
        LocalDax::builder().start()
    }

    /// Sets it up otherwise.
    pub fn builder() -> Builder {
        Builder {
            store: None,
            store_url: None,
            ports: vec![0],
            items: Limits {
                time_to_live: Duration::from_secs(300),
                capacity: 64 << 20,
            },
            queries: Limits {
                time_to_live: Duration::from_secs(300),
                capacity: 64 << 20,
            },
            credentials: None,
            authorization: Duration::from_secs(300),
        }
    }

    /// Where discovery finds it, such as `dax://127.0.0.1:8111`.
    pub fn endpoint_url(&self) -> String {
        let first = self.addresses.first();
        first
            .map(|address| format!("dax://{address}"))
            .unwrap_or_default()
    }

    /// The nodes' addresses, the leader's first.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// A client for the store behind, which goes around the caches.
    pub fn store(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::from_conf(self.store.clone())
    }

    /// How the store behind is reached, for another local DAX in front of it.
    pub fn store_config(&self) -> Config {
        self.store.clone()
    }

    /// Where the store behind listens, if it was started here or given by its URL; else nothing.
    pub fn store_url(&self) -> String {
        let local = self.local_store.as_ref();
        let url = local.map(|local| local.endpoint_url().to_owned());
        url.unwrap_or_default()
    }

    /// A client of this crate, with credentials that a local DAX takes unless it was given others.
    ///
    /// # Errors
    /// Never for a DAX that started.
    pub fn client(&self) -> Result<crate::Client, crate::Error> {
        crate::Client::builder(self.endpoint_url())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "local"))
            .build()
    }

    /// The counts so far.
    pub fn counters(&self) -> Counters {
        let (item_hits, item_misses) = self.state.items.counts();
        let (query_hits, query_misses) = self.state.queries.counts();
        let store_calls = self.state.store.calls();
        Counters {
            item_hits,
            item_misses,
            query_hits,
            query_misses,
            store_calls,
        }
    }

    /// Waits so long before each call of the store, as if it were that far away.
    pub fn set_store_latency(&self, latency: Duration) {
        self.state.store.set_latency(latency);
    }

    /// Tells other addresses in discovery than the nodes' own, the leader's first: those of
    /// proxies in front of them.
    pub fn advertise(&self, addresses: &[SocketAddr]) {
        self.state.set_advertised(addresses.to_vec());
    }

    /// Ends a node and its connections, as if its machine had gone. Discovery still names it.
    pub fn stop_node(&self, node: usize) {
        let mut nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(node) = nodes.get_mut(node) {
            *node = None;
        }
    }
}

impl Builder {
    /// The store behind, instead of an embedded DynamoDB.
    #[must_use]
    pub fn store(mut self, config: Config) -> Builder {
        self.store = Some(config);
        self.store_url = None;
        self
    }

    /// The store behind, at a local endpoint that takes any credentials.
    #[must_use]
    pub fn store_url(mut self, endpoint_url: &str) -> Builder {
        self.store = None;
        self.store_url = Some(endpoint_url.to_owned());
        self
    }

    /// The port on 127.0.0.1 of the first node; 0 is any free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Builder {
        if let Some(first) = self.ports.first_mut() {
            *first = port;
        }
        self
    }

    /// The number of nodes, at least one; all but the first on free ports.
    #[must_use]
    pub fn nodes(mut self, nodes: usize) -> Builder {
        self.ports.resize(nodes.max(1), 0);
        self
    }

    /// How long an item is kept; zero is until it is written or evicted. 5 minutes unless called.
    #[must_use]
    pub fn item_time_to_live(mut self, time_to_live: Duration) -> Builder {
        self.items.time_to_live = time_to_live;
        self
    }

    /// How long an answer to a query is kept; zero is not at all. 5 minutes unless called.
    #[must_use]
    pub fn query_time_to_live(mut self, time_to_live: Duration) -> Builder {
        self.queries.time_to_live = time_to_live;
        self
    }

    /// The size of each cache in bytes. What was used longest ago goes first. 64 MiB unless called.
    #[must_use]
    pub fn capacity(mut self, bytes: u64) -> Builder {
        self.items.capacity = bytes;
        self.queries.capacity = bytes;
        self
    }

    /// Accepts only connections that are authorised with these credentials; any, unless called.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Builder {
        self.credentials = Some(credentials);
        self
    }

    /// How long a connection stays authorised. 5 minutes unless called.
    #[must_use]
    pub fn authorization_lifetime(mut self, lifetime: Duration) -> Builder {
        self.authorization = lifetime;
        self
    }

    /// Starts the nodes; they answer when this returns.
    ///
    /// # Errors
    /// Fails when a port is taken, no thread can be had, or the store's endpoint is no URL.
    pub fn start(self) -> io::Result<LocalDax> {
        let (store, local_store) = match (self.store, self.store_url) {
            (Some(store), _) => (store, None),
            (None, url) => {
                let local = url.map_or_else(LocalDynamoDb::embedded, LocalDynamoDb::at)?;
                (local.client().config().clone(), Some(local))
            }
        };
        let state = Arc::new(State::new(
            Store::new(aws_sdk_dynamodb::Client::from_conf(store.clone())),
            ItemCache::new(self.items),
            QueryCache::new(self.queries),
            self.credentials,
            self.authorization,
        ));
        let mut addresses = Vec::new();
        let mut nodes = Vec::new();
        let mut servers = Vec::new();
        for port in self.ports {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
            listener.set_nonblocking(true)?;
            addresses.push(listener.local_addr()?);
            let (stop, stopped) = oneshot::channel();
            nodes.push(Some(stop));
            servers.push(serve(listener, state.clone(), stopped));
        }
        state.set_advertised(addresses.clone());
        // One runtime for all: the store's client keeps connections that belong to it.
        let thread = Thread::spawn("dax-nodes", async move {
            servers
                .into_iter()
                .collect::<JoinSet<()>>()
                .join_all()
                .await;
        })?;
        Ok(LocalDax {
            state,
            addresses,
            nodes: Mutex::new(nodes),
            _thread: thread,
            store,
            local_store,
        })
    }
}

/// Nothing is ever sent: dropping the sender is the signal.
type Never = std::convert::Infallible;

/// Serves until `stopped`; the sessions end with it.
async fn serve(listener: TcpListener, state: Arc<State>, mut stopped: oneshot::Receiver<Never>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let mut sessions = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    sessions.spawn(Session::new(state.clone(), stream).run());
                }
                // Out of file descriptors: others end in a moment.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            // A client that goes in the middle of a request is its own affair.
            Some(_) = sessions.join_next() => {}
        }
    }
}
