//! The starters in the simulator of the server that `cargo run` starts: real HTTP to a DynamoDB in
//! this process.

mod local;
mod routes;

pub use local::LocalSimulator;
pub use routes::router;
