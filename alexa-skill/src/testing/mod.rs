//! What a skill's tests need: a DynamoDB on this machine, somebody to talk to the skill, and
//! arguments for a handler that is called by itself.
//!
//! ```
//! use alexa_skill::testing::{Conversation, LocalDynamoDb, persistent};
//! use alexa_skill::{BoxError, Persistent, Skill};
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
//! let local = LocalDynamoDb::start()?;
//! let skill = Skill::builder("amzn1.ask.skill.example")
//!     .persistence(local.new_table().await?)
//!     .on_launch(welcome)
//!     .build()?;
//!
//! let mut user = Conversation::with(skill);
//! assert_eq!(user.launch().await?.speech(), "This is visit 1.");
//! assert_eq!(user.launch().await?.speech(), "This is visit 2.");
//!
//! // The handler alone, without a table.
//! let (visits, held) = persistent(Visits { count: 7 });
//! assert_eq!(welcome(visits).await, "This is visit 8.");
//! assert_eq!(held.get().count, 8);
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "conversation")]
mod conversation;
#[cfg(feature = "testing")]
mod local_dynamodb;
#[cfg(feature = "conversation")]
mod remembers;

#[cfg(feature = "conversation")]
pub use conversation::{Answer, Conversation, Endpoint};
#[cfg(feature = "testing")]
pub use local_dynamodb::LocalDynamoDb;
#[cfg(feature = "conversation")]
pub use remembers::remembers;

pub use crate::turn::{Held, persistent, session};

/// A text that no other call, here or in another process, has returned.
#[cfg(feature = "conversation")]
fn unique() -> String {
    use std::hash::{BuildHasher, RandomState};
    // Each RandomState has keys of its own, the first of them from the operating system.
    let random = || RandomState::new().hash_one(());
    format!("{:016x}{:016x}", random(), random())
}
