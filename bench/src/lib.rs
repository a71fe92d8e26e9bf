//! What a turn costs beside the same skill on Node.js and Python.
//!
//! `cargo bench -p bench --bench turns` compares the languages, `--bench start` the ways in which
//! the same skill can start, and `--bench parts` a turn with its parts; the records that they
//! printed last are in `benches/results`, and the guide's chapter "Cold starts and latency on
//! Lambda" reads them.
//!
//! A [`contender`] is a program, and [`build`] builds it. A [`measurement`] starts it behind a
//! [`runtime_api`], with a DynamoDB [`endpoint`] that it reaches as it is, through a [`tls_proxy`] or
//! through a [`delay_proxy`]; a [`user`] visits it. What comes out is a [`record`] and its [`figure`].

pub mod build;
pub mod contender;
pub mod cores;
pub mod delay_proxy;
mod deployment_package;
pub mod endpoint;
pub mod figure;
pub mod machine;
pub mod measurement;
pub mod record;
pub mod runtime_api;
pub mod statistics;
pub mod tls_proxy;
pub mod user;
