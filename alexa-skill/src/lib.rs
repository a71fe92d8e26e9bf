//! An Alexa skill that remembers.
//!
//! The whole use, in one block:
//!
//! ```no_run
//! use alexa_skill::{BoxError, Persistent, Skill};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Default, Serialize, Deserialize)]
//! #[serde(default)]
//! struct Visits {
//!     count: u32,
//! }
//!
//! async fn welcome(mut visits: Persistent<Visits>) -> String {
//!     visits.count += 1;
//!     format!("This is visit {}.", visits.count)
//! }
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), BoxError> {
//!     Skill::builder("amzn1.ask.skill.…")
//!         .table("YourTableName")
//!         .on_launch(welcome)
//!         .run()
//!         .await
//! }
//! ```
//!
//! A handler's arguments say what it needs ([`FromTurn`]), and what it returns is the answer
//! ([`IntoResponse`]): a string is said and ends the session.
//!
//! A turn goes like this: the envelope comes in, the skill id is verified, the first handler that
//! matches runs. If it asks for [`Persistent`] attributes they are loaded, once. If it changed them
//! they are saved, once, under the condition that nobody else wrote meanwhile; otherwise the turn
//! runs again on fresh data. The two DynamoDB actions `GetItem` and `PutItem` are enough for that.
//!
//! # Features
//! - `dynamodb` (default): persistence in DynamoDB, through the AWS SDK.
//! - `dynamodb-core`: as `dynamodb`, for a client of your own: without HTTPS, Tokio and the environment's
//!   settings, so that it also compiles for a browser.
//! - `lambda` (default): [`SkillBuilder::run`], the skill as a Lambda function.
//! - `cache`: `persistence::cached`, items kept in the process as well.
//! - `dax`: `persistence::dax`, a table read through DynamoDB Accelerator.
//! - `https`: `verify`, for a skill on an HTTPS endpoint of its own.
//! - `metrics`: `SkillBuilder::metrics`, a line a turn in CloudWatch's embedded metric format.
//! - `s3`: `persistence::s3`, attributes as JSON in an S3 bucket, through the AWS SDK.

mod answer;
mod arguments;
pub mod attributes;
#[cfg(feature = "dynamodb-core")]
mod clock;
pub mod directives;
pub mod envelope;
mod error;
mod log;
#[cfg(feature = "metrics")]
mod metrics;
pub mod persistence;
#[cfg(test)]
mod provoked;
mod response;
mod skill;
mod slots;
pub mod ssml;
mod turn;
#[cfg(feature = "https")]
pub mod verify;

/// The README, whose program is compiled as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use answer::{Completed, IntoResponse};
pub use arguments::{FromTurn, Kept, Locale, Provided, Requirements};
pub use attributes::state::State;
pub use envelope::RequestEnvelope;
pub use error::{BoxError, Error, Result};
pub use response::{Response, ResponseEnvelope, Speech};
pub use skill::{BuildError, ErrorHandler, Handler, ResponseHandler, Skill, SkillBuilder, parse};
pub use slots::{Slots, SlotsError};
pub use ssml::Ssml;
pub use turn::{Held, Persistent, Session, Turn, persistent, session};
