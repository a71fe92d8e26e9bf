//! A starter that a reader talks to, in its chapter: its own code, the real AWS SDK, and a DynamoDB
//! that somebody else provides. Each answer comes with all that happened on the way to it.
//!
//! The same stage stands on the server that `cargo run` starts and in the reader's own browser.

mod capacity;
mod difference;
mod faults;
mod meeting;
mod model;
mod numbers;
mod panel;
mod phrases;
mod refusal;
mod room;
mod scene;
mod stage;
mod starters;
mod utterance;
mod wire;

pub use faults::{Broken, Fault};
pub use refusal::Refusal;
pub use scene::{About, Scene, Turn};
pub use stage::{Device, Stage, Tables, User, Who};
pub use starters::{STARTERS, Starter};
