//! Alexa's part in a conversation with a skill.
//!
//! ```text
//!  words ─► interpret ─► request ─► the skill ─► response
//!              │                       │
//!     InteractionModel       calls to DynamoDB, recorded
//! ```
//!
//! [`interpret`] turns an utterance into the request that Alexa sends, by the skill's own
//! [`InteractionModel`]. With the feature `panel` the `Simulator` plays whole conversations with
//! skills on a DynamoDB that its caller provides: it keeps users, devices and sessions apart, lets
//! two devices speak at the same time, and returns each turn with all that went to DynamoDB and
//! back. The guide's program runs it on its server, and `browser/skills` in the reader's browser.

mod deployed_skill;
mod interaction_model;
#[cfg(feature = "panel")]
mod panel;
mod phrases;
mod spoken_numbers;
mod utterance;

pub use deployed_skill::{DeployedSkill, Localization};
pub use interaction_model::{IntentDefinition, InteractionModel, ResolvedValue, SlotDefinition};
#[cfg(feature = "panel")]
pub use panel::{
    CallTrace, CapacitySource, ConsumedCapacity, Device, Error, Exchange, Fault, FaultyExchange,
    HttpMessage, IntentDescription, ItemChange, LocaleDescription, LoggedError, ShownValue,
    Simulator, SkillDescription, SlotDescription, Speaker, Tables, TurnTrace, User,
};
pub use utterance::{Interpretation, intent_request, interpret};
