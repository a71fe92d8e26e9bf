//! Alexa's part in a conversation with a skill, for its tests and for a page on which readers talk
//! to it.
//!
//! ```
//! use alexa_skill::persistence::memory::Memory;
//! use alexa_skill::{BoxError, Persistent, Skill};
//! use simulator::Conversation;
//!
//! #[derive(Default, serde::Serialize, serde::Deserialize)]
//! #[serde(default)]
//! struct Visits { count: u32 }
//!
//! async fn welcome(mut visits: Persistent<Visits>) -> String {
//!     visits.count += 1;
//!     format!("This is visit {}.", visits.count)
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), BoxError> {
//! let skill = Skill::builder("amzn1.ask.skill.example")
//!     .persistence(Memory::new())
//!     .on_launch(welcome)
//!     .build()?;
//!
//! let mut user = Conversation::with(skill);
//! assert_eq!(user.launch().await?.speech(), "This is visit 1.");
//! assert_eq!(user.launch().await?.speech(), "This is visit 2.");
//! # Ok(())
//! # }
//! ```
//!
//! A [`Conversation`] sends what Alexa sends, and keeps the session. [`remembers`] holds each form of
//! a state that a release has saved against the code of today.
//!
//! With the feature `panel` the crate also runs the starters in the panel of their chapters, on the
//! server that `cargo run` starts and in the reader's own browser: their own code, the real AWS SDK,
//! and a DynamoDB that somebody else provides. Each answer comes with all that happened on the way.

#[cfg(feature = "panel")]
mod capacity;
mod conversation;
#[cfg(feature = "panel")]
mod difference;
mod dynamodb_json;
#[cfg(feature = "panel")]
mod faults;
#[cfg(feature = "panel")]
mod meeting;
#[cfg(feature = "panel")]
mod model;
#[cfg(feature = "panel")]
mod numbers;
#[cfg(feature = "panel")]
mod panel;
#[cfg(feature = "panel")]
mod phrases;
#[cfg(feature = "panel")]
mod refusal;
mod remembers;
#[cfg(feature = "panel")]
mod room;
#[cfg(feature = "panel")]
mod scene;
#[cfg(feature = "panel")]
mod stage;
#[cfg(feature = "panel")]
mod starters;
#[cfg(feature = "panel")]
mod utterance;
#[cfg(feature = "panel")]
mod wire;

pub use conversation::{Answer, Conversation, Endpoint};
pub use remembers::remembers;

#[cfg(feature = "panel")]
pub use faults::{Broken, Fault};
#[cfg(feature = "panel")]
pub use refusal::Refusal;
#[cfg(feature = "panel")]
pub use scene::{About, Scene, Turn};
#[cfg(feature = "panel")]
pub use stage::{Device, Stage, Tables, User, Who};
#[cfg(feature = "panel")]
pub use starters::{STARTERS, Starter};
