//! The starters on the server that `cargo run` starts: real HTTP to a DynamoDB in this process.

mod local;
mod routes;

pub use local::Local;
pub use routes::router;
