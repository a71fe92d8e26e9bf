//! A starter that a reader talks to, in its chapter: its own code, the real AWS SDK, real HTTP, and
//! a DynamoDB in this process. Each answer comes with all that happened on the way to it.

mod capacity;
mod difference;
mod meeting;
mod model;
mod numbers;
mod phrases;
mod refusal;
mod room;
mod routes;
mod scene;
mod stage;
mod starters;
mod utterance;
mod wire;

pub use refusal::Refusal;
pub use routes::router;
pub use scene::{About, Scene, Turn};
pub use stage::{Device, Stage, User, Who};
pub use starters::{STARTERS, Starter};
