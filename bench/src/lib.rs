//! What a turn costs beside the same skill on Node.js and Python.
//!
//! `cargo bench -p bench --bench turns` compares the languages, `--bench start` the ways in which
//! the same skill can start, and `--bench parts` a turn with its parts; the records that they
//! printed last are in `benches/results`, and the guide's chapter "Cold starts and latency on
//! Lambda" reads them.

pub mod build;
pub mod contender;
pub mod cores;
pub mod endpoint;
pub mod far;
pub mod figure;
pub mod machine;
pub mod measurement;
mod package;
pub mod record;
pub mod runtime_api;
pub mod tls;
pub mod user;
