//! The visit counter that the benchmarks compare with the starter `examples/visit-counter`.
//!
//! Each file in `src/bin` is a program that Lambda could start, and is built with the feature of its
//! name alone. Three have less than the starter: `sdk-alone` has the AWS SDK and `lambda_runtime`,
//! `without-sdk` signs and encrypts its own calls, and `std-only` has nothing but the standard
//! library. The others change one thing of the starter. What more than one program needs is in this
//! library, which without features depends on the standard library alone.

pub mod http;
pub mod runtime_client;
#[cfg(feature = "sdk-alone")]
pub mod sdk_alone;
pub mod std_only;

use std::{env, io};

/// The table that every program counts in.
pub const TABLE: &str = "VisitCounter";

/// What every program says at a user's visit number `count`.
#[must_use]
pub fn welcome(count: u64) -> String {
    match count {
        1 => "Welcome! This is your first visit.".to_owned(),
        count => format!("Welcome back! This is visit {count}."),
    }
}

/// The environment variable `name`.
///
/// # Errors
/// Fails with the variable's name when it is not set or is not UTF-8.
pub fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")))
}
