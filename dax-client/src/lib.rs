//! A client for Amazon DynamoDB Accelerator (DAX), and a local DAX to learn it on.
//!
//! DAX is a cache in front of DynamoDB that speaks a protocol of its own. The [`Client`] speaks it,
//! and its calls are the AWS SDK's: a program that has an `aws_sdk_dynamodb::Client` changes the
//! line that makes it.
//!
#![cfg_attr(feature = "local", doc = "```")]
#![cfg_attr(not(feature = "local"), doc = "```text")]
//! use aws_sdk_dynamodb::config::{Credentials, Region};
//! use aws_sdk_dynamodb::types::AttributeValue;
//! # use dax_client::local::LocalDax;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let local = LocalDax::start()?;
//! # let endpoint_url = local.endpoint_url();
//! # let credentials = Credentials::new("local", "local", None, None, "local");
//! let dax = dax_client::Client::builder(endpoint_url)
//!     .region(Region::new("us-east-1"))
//!     .credentials_provider(credentials)
//!     .build()?;
//!
//! let ann = AttributeValue::S("ann".to_owned());
//! let answer = dax.get_item().table_name("users").key("id", ann).send().await;
//! # // There is no table yet, which the AWS SDK's error says.
//! # assert!(answer.unwrap_err().into_service_error().is_resource_not_found_exception());
//! # Ok(())
//! # }
//! ```
//!
//! It has GetItem, PutItem, UpdateItem, DeleteItem, BatchGetItem and Query, but not yet Scan,
//! BatchWriteItem and the transactions.
//!
//! Nothing here has met a real cluster. The protocol is what the official clients for Python and
//! Node.js send and accept; they pass all calls against the [local DAX](local), and the requests of
//! this client are theirs, to the byte.
//!
//! # Features
//! - `tls` (default): encrypted clusters, `daxs://`.
//! - `local` (default): the [local DAX](local) and the program `dax-client`.
//! - `alexa-skill`: `Dax`, which keeps the attributes of an Alexa skill behind a cluster.

//! # How it is laid out
//! ```text
//! client     calls as the AWS SDK has them      local     a DAX: caches in front of a store
//! cluster    nodes, connections, discovery                one session for each connection
//!        \                                        /
//!         protocol     one file for each operation: its request and its reply, written and read
//!         expression   conditions, updates and projections: text, trees, bytes
//!         wire         CBOR, numbers, attribute values, keys, items
//! ```
//! Each part uses only what is below it. What the client writes the local DAX reads, and the other way
//! round, so the two are kept side by side in one file.

// Without the local DAX nobody reads a request or writes a reply.
#![cfg_attr(not(feature = "local"), allow(dead_code, unused_imports))]

mod client;
mod cluster;
mod endpoint;
mod error;
mod expression;
#[cfg(all(test, feature = "local"))]
mod fuzz;
#[cfg(feature = "local")]
pub mod local;
#[cfg(feature = "alexa-skill")]
mod persistence;
#[cfg(all(test, feature = "local"))]
mod properties;
mod protocol;
mod sigv4;
mod wire;

/// The README, whose program is compiled as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use client::{BatchGetItem, Builder, Client, DeleteItem, GetItem, PutItem, Query, UpdateItem};
pub use error::{Error, Refusal};
#[cfg(feature = "alexa-skill")]
pub use persistence::Dax;
