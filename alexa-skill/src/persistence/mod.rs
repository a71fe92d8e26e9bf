//! Where persistent attributes are kept.
//!
//! A [`PersistenceAdapter`] loads one item and saves it under the condition that nobody wrote in
//! between. The turn ([`Turn`](crate::Turn)) decides when; the adapter knows how. An [`Item`] is kept
//! under a [`Key`], and its [`Revision`] says which write made it. The adapters are [`dynamodb`],
//! `s3`, [`memory`], and `cached` around one of them.

mod adapter;
#[cfg(any(feature = "dynamodb-core", feature = "s3"))]
mod aws;
#[cfg(feature = "cache")]
pub mod cached;
pub(crate) mod carried;
#[cfg(feature = "dynamodb-core")]
pub mod dynamodb;
mod error;
mod item;
mod key;
pub mod memory;
mod revision;
#[cfg(feature = "s3")]
pub mod s3;

pub use adapter::PersistenceAdapter;
pub use error::{Location, PersistenceError};
pub use item::{Item, Save};
pub use key::{Key, KeyFunction, PartitionKey};
pub use revision::{Contained, Revision, Version};

pub use crate::boxed::BoxFuture;
