//! The real ASK SDKs as judges: each reads what this library writes, and the other way round.

mod dynamodb;
mod peers;
#[cfg(feature = "s3")]
mod s3;
