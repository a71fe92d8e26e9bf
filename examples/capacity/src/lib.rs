//! What a skill's table costs, how its capacity follows the traffic, and when to wake somebody.
//!
//! Part 5 of the book explains it. The models are deterministic; the numbers of AWS in them are
//! constants with their sources.

pub mod alarms;
pub mod autoscaling;
#[cfg(feature = "aws")]
pub mod aws;
pub mod break_even;
pub mod cost;
pub mod error;
pub mod figures;
pub mod money;
pub mod prices;
pub mod regions;
pub mod scaling;
pub mod scenario;
pub mod traffic;
