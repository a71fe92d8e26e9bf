//! A DynamoDB on this machine, over real HTTP.

use std::env;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use dynoxide::Database;
use tokio::sync::oneshot;

use super::unique;
use crate::persistence::PersistenceError;
use crate::persistence::dynamodb::DynamoDb;
use crate::persistence::{check_endpoint, local_http_client};

/// What a local endpoint takes for credentials: anything. Some keep a set of tables for each.
const ACCESS_KEY: &str = "local";
const REGION: &str = "us-east-1";

/// A DynamoDB endpoint for tests: the one that `AWS_ENDPOINT_URL_DYNAMODB` names when it is set,
/// else one embedded in the process, empty, on a free port of 127.0.0.1. The embedded one ends
/// with this value.
pub struct LocalDynamoDb {
    endpoint_url: String,
    _embedded: Option<Embedded>,
}

struct Embedded {
    stop: Option<oneshot::Sender<()>>,
    server: Option<thread::JoinHandle<()>>,
}

impl LocalDynamoDb {
    // ANCHOR: start
    /// Finds or starts the endpoint; it answers when this returns.
    ///
    /// # Errors
    /// Fails when no port or thread can be had, or the variable holds no URL.
    pub fn start() -> io::Result<LocalDynamoDb> {
        match env::var("AWS_ENDPOINT_URL_DYNAMODB") {
            Ok(endpoint_url) if !endpoint_url.is_empty() => {
                check_endpoint("AWS_ENDPOINT_URL_DYNAMODB", &endpoint_url)
                    .map_err(io::Error::other)?;
                Ok(LocalDynamoDb {
                    endpoint_url,
                    _embedded: None,
                })
            }
            _ => LocalDynamoDb::embedded(),
        }
    }
    // ANCHOR_END: start

    /// Starts an embedded endpoint, whatever the environment says.
    ///
    /// # Errors
    /// Fails when no port or thread can be had.
    pub fn embedded() -> io::Result<LocalDynamoDb> {
        LocalDynamoDb::embedded_on(0)
    }

    /// Starts an embedded endpoint on a port of 127.0.0.1.
    ///
    /// # Errors
    /// Fails when the port is taken or no thread can be had.
    pub fn embedded_on(port: u16) -> io::Result<LocalDynamoDb> {
        let database = Database::memory().map_err(io::Error::other)?;
        // Bound before the thread starts, so a caller that connects at once is not refused.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let endpoint_url = format!("http://{}", listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        // A thread of its own, so that it outlives the runtime of any one test.
        let server = thread::Builder::new()
            .name("local-dynamodb".into())
            .spawn(move || {
                runtime.block_on(async {
                    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
                        return;
                    };
                    tokio::select! {
                        _ = stopped => {}
                        () = dynoxide::server::serve_on(listener, database) => {}
                    }
                });
            })?;
        let embedded = Embedded {
            stop: Some(stop),
            server: Some(server),
        };
        Ok(LocalDynamoDb {
            endpoint_url,
            _embedded: Some(embedded),
        })
    }

    /// Where the endpoint listens, such as `http://127.0.0.1:40123`.
    pub fn endpoint_url(&self) -> &str {
        &self.endpoint_url
    }

    /// The environment variables under which a program finds this endpoint.
    pub fn environment(&self) -> [(&'static str, &str); 4] {
        [
            ("AWS_ENDPOINT_URL_DYNAMODB", &self.endpoint_url),
            ("AWS_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
            ("AWS_SECRET_ACCESS_KEY", ACCESS_KEY),
        ]
    }

    /// An AWS SDK client for this endpoint. One on this machine is reached without a proxy.
    pub fn client(&self) -> Client {
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(REGION))
            .credentials_provider(Credentials::new(
                ACCESS_KEY, ACCESS_KEY, None, None, "testing",
            ))
            .endpoint_url(&self.endpoint_url);
        config.set_http_client(local_http_client(&self.endpoint_url));
        Client::from_conf(config.build())
    }

    /// A new, empty table under a name of its own, with the key `userId`.
    ///
    /// # Errors
    /// Fails when the table cannot be made.
    pub async fn new_table(&self) -> Result<DynamoDb, PersistenceError> {
        let table = DynamoDb::new(self.client(), format!("alexa-skill-test-{}", unique()));
        table.ensure_table().await?;
        Ok(table)
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The server is already gone if nobody listens.
            let _ = stop.send(());
        }
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}
