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
//! With the feature `lambda`, a `LambdaFunction` is a built program behind a Lambda Runtime API, to hold a
//! conversation with.
//!
//! [`interpret`] turns an utterance into the request that Alexa sends, by the skill's own
//! [`InteractionModel`]:
//!
//! ```text
//!  words ─► interpret ─► request ─► the skill ─► response
//!              │                       │
//!     InteractionModel       calls to DynamoDB, recorded
//! ```
//!
//! With the feature `panel` the `Simulator` plays whole conversations with skills on a DynamoDB that
//! its caller provides: it keeps users, devices and sessions apart, lets two devices speak at the
//! same time, and returns each turn with all that went to DynamoDB and back. The guide's program runs
//! it on its server, and `browser/skills` in the reader's browser.

mod conversation;
mod deployed_skill;
mod dynamodb_json;
mod interaction_model;
#[cfg(feature = "lambda")]
mod lambda_function;
#[cfg(feature = "panel")]
mod panel;
mod phrases;
mod remembers;
mod spoken_numbers;
mod utterance;

pub use conversation::{Answer, Conversation, Endpoint};
pub use deployed_skill::{DeployedSkill, Localization};
pub use interaction_model::{IntentDefinition, InteractionModel, ResolvedValue, SlotDefinition};
#[cfg(feature = "lambda")]
pub use lambda_function::LambdaFunction;
#[cfg(feature = "panel")]
pub use panel::{
    CallTrace, CapacitySource, ConsumedCapacity, Device, Error, Exchange, Fault, FaultyExchange,
    HttpMessage, IntentDescription, ItemChange, LocaleDescription, LoggedError, ShownValue,
    Simulator, SkillDescription, SlotDescription, Speaker, Tables, TurnTrace, User,
};
pub use remembers::remembers;
pub use utterance::{Interpretation, intent_request, interpret};
