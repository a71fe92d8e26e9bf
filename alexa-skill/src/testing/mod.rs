//! What a skill's tests need: a DynamoDB on this machine, and somebody to talk to the skill.
//!
//! ```
//! use alexa_skill::testing::{Conversation, LocalDynamoDb};
//! use alexa_skill::{BoxError, Response, Result, Skill, Turn};
//!
//! #[derive(Default, serde::Serialize, serde::Deserialize)]
//! struct Visits { count: u32 }
//!
//! async fn welcome(turn: Turn) -> Result {
//!     let mut visits = turn.persistent::<Visits>().await?;
//!     visits.count += 1;
//!     Ok(Response::new().speak(format!("This is visit {}.", visits.count)))
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
//! # Ok(())
//! # }
//! ```

mod conversation;
#[cfg(feature = "testing")]
mod local_dynamodb;

pub use conversation::{Answer, Conversation, Endpoint};
#[cfg(feature = "testing")]
pub use local_dynamodb::LocalDynamoDb;

/// A text that no other call, here or in another process, has returned.
fn unique() -> String {
    use std::hash::{BuildHasher, RandomState};
    // Each RandomState has keys of its own, the first of them from the operating system.
    let random = || RandomState::new().hash_one(());
    format!("{:016x}{:016x}", random(), random())
}
