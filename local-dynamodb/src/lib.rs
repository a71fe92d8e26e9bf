//! A DynamoDB endpoint for tests, over real HTTP.
//!
//! [`LocalDynamoDb`] is what a test holds. The emulator that it starts runs in a thread of its own
//! (`embedded`), behind a server that refuses the requests of web pages (`guard`).
//!
//! ```
//! use local_dynamodb::LocalDynamoDb;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let local = LocalDynamoDb::start()?;
//! let table = local.new_table().await?;
//!
//! let tables = local.client().list_tables().send().await?;
//! assert!(tables.table_names().contains(&table));
//! # Ok(())
//! # }
//! ```

mod embedded;
mod guard;

use std::env;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::time::Duration;

use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableStatus,
};
use aws_sdk_dynamodb::{Client, Error};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

use embedded::Embedded;

/// The README, whose program is compiled as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The variable that the AWS SDKs read too.
const ENDPOINT_URL: &str = "AWS_ENDPOINT_URL_DYNAMODB";
/// What a local endpoint takes for credentials: anything. Some keep a set of tables for each.
const ACCESS_KEY: &str = "local";
const REGION: &str = "us-east-1";
/// Some emulators take a while to make a table.
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// A DynamoDB endpoint for tests: the one that `AWS_ENDPOINT_URL_DYNAMODB` names when it is set,
/// else one embedded in the process, empty, on a free port of 127.0.0.1. The embedded one ends
/// with this value.
pub struct LocalDynamoDb {
    endpoint_url: String,
    _embedded: Option<Embedded>,
}

impl LocalDynamoDb {
    // ANCHOR: start
    /// Finds or starts the endpoint; it answers when this returns.
    ///
    /// # Errors
    /// Fails when no port or thread can be had, or the variable holds no URL.
    pub fn start() -> io::Result<LocalDynamoDb> {
        match env::var(ENDPOINT_URL) {
            Ok(endpoint_url) if !endpoint_url.is_empty() => LocalDynamoDb::at(endpoint_url),
            _ => LocalDynamoDb::embedded(),
        }
    }
    // ANCHOR_END: start

    /// The endpoint at `endpoint_url`, which somebody else started.
    ///
    /// # Errors
    /// Fails when that is no URL of an HTTP server.
    pub fn at(endpoint_url: impl Into<String>) -> io::Result<LocalDynamoDb> {
        let endpoint_url = endpoint_url.into();
        // Not shown: a URL may hold a password.
        let uri: hyper::Uri = endpoint_url
            .parse()
            .map_err(|_| io::Error::other("the endpoint of DynamoDB is no URL"))?;
        match uri.scheme_str() {
            Some("http" | "https") => Ok(LocalDynamoDb {
                endpoint_url,
                _embedded: None,
            }),
            _ => Err(io::Error::other(
                "the endpoint of DynamoDB has neither http nor https: write it like http://localhost:8000",
            )),
        }
    }

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
        let embedded = Embedded::start(port)?;
        Ok(LocalDynamoDb {
            endpoint_url: format!("http://{}", embedded.address()),
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
            (ENDPOINT_URL, &self.endpoint_url),
            ("AWS_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
            ("AWS_SECRET_ACCESS_KEY", ACCESS_KEY),
        ]
    }

    /// An AWS SDK client for this endpoint.
    pub fn client(&self) -> Client {
        // The SDK's own HTTP client goes through the proxy that `HTTP_PROXY` names, even to this
        // machine. One that is built by hand uses none.
        let tls = Provider::Rustls(CryptoMode::AwsLc);
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(REGION))
            .credentials_provider(Credentials::new(
                ACCESS_KEY, ACCESS_KEY, None, None, "local",
            ))
            .endpoint_url(&self.endpoint_url)
            .http_client(Builder::new().tls_provider(tls).build_https());
        Client::from_conf(config.build())
    }

    /// Makes an empty table with the partition key `userId`, of type S, and on-demand capacity.
    /// Returns its name, which no other table has.
    ///
    /// # Errors
    /// Fails when the table cannot be made.
    pub async fn new_table(&self) -> Result<String, Error> {
        let client = self.client();
        // Each RandomState has keys of its own, the first of them from the operating system.
        let random = || RandomState::new().hash_one(());
        let name = format!("test-{:016x}{:016x}", random(), random());
        let partition_key = AttributeDefinition::builder()
            .attribute_name("userId")
            .attribute_type(ScalarAttributeType::S)
            .build()?;
        let schema = KeySchemaElement::builder()
            .attribute_name("userId")
            .key_type(KeyType::Hash)
            .build()?;
        let create = client.create_table().table_name(&name);
        create
            .attribute_definitions(partition_key)
            .key_schema(schema)
            .billing_mode(BillingMode::PayPerRequest)
            .send()
            .await?;
        loop {
            let described = client.describe_table().table_name(&name).send().await?;
            let status = described.table.and_then(|table| table.table_status);
            if status == Some(TableStatus::Active) {
                return Ok(name);
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }
}
