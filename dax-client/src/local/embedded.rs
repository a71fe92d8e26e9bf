//! A DynamoDB in this process, for a local DAX that is given none.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use dynoxide::Database;

use super::thread::Thread;

/// An empty DynamoDB on a free port of 127.0.0.1, which ends with this value.
pub(super) struct Embedded {
    address: SocketAddr,
    _thread: Thread,
}

impl Embedded {
    pub(super) fn start() -> io::Result<Embedded> {
        let database = Database::memory().map_err(io::Error::other)?;
        // Bound before the thread starts, so a caller that connects at once is not refused.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let thread = Thread::spawn("dax-store", async move {
            if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                dynoxide::server::serve_on(listener, database).await;
            }
        })?;
        Ok(Embedded {
            address,
            _thread: thread,
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn config(&self) -> Config {
        config_for(&self.url())
    }
}

/// How a local endpoint is reached: any credentials do.
pub(super) fn config_for(endpoint_url: &str) -> Config {
    Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .endpoint_url(endpoint_url)
        .build()
}
