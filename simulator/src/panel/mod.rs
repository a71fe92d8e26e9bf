//! The simulator behind a panel: skills on a real DynamoDB, and all that happens in their turns.

mod calls;
mod capacity;
mod concurrent_turns;
mod description;
mod error;
mod exchange;
mod faults;
mod item_changes;
mod requests;
mod simulated_skill;
mod simulator;
mod users;

pub use calls::{CallTrace, CapacitySource, ConsumedCapacity, HttpMessage};
pub use description::{IntentDescription, LocaleDescription, SkillDescription, SlotDescription};
pub use error::Error;
pub use exchange::{Exchange, TurnTrace};
pub use faults::{Fault, FaultyExchange, LoggedError};
pub use item_changes::{ItemChange, ShownValue};
pub use simulator::{Simulator, Tables};
pub use users::{Device, Speaker, User};
