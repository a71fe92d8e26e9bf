//! The real ASK SDKs as judges: each reads what this library writes, and the other way round.

mod dynamodb;
#[path = "../support/notation.rs"]
mod notation;
mod peers;
#[cfg(feature = "s3")]
mod s3;
mod serde_types;
mod shown;
mod skills;
