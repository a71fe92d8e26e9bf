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
//! # How it is laid out
//! ```text
//! skill         the handlers, which of them answers, and how often a turn runs again
//! verify        requests over HTTPS
//! arguments     what a handler asks for
//! answer        what it returns
//! turn          one request: its attributes, loaded once and saved once
//! persistence   adapters: dynamodb, s3, memory, cached around one of them
//! attributes    states as DynamoDB's values
//! envelope, response   Alexa's JSON
//! ```
//! Each part uses only what is below it.
//!
//! A handler can be called by a test as the function that it is: [`persistent`] and [`session`] make
//! its arguments. The crate `simulator` holds whole conversations with a skill, and `local-dynamodb`
//! has a table for them.
//!
//! ```
//! use alexa_skill::{Persistent, persistent};
//! # #[derive(Default, serde::Serialize, serde::Deserialize)]
//! # #[serde(default)]
//! # struct Visits { count: u32 }
//! # async fn welcome(mut visits: Persistent<Visits>) -> String {
//! #     visits.count += 1;
//! #     format!("This is visit {}.", visits.count)
//! # }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let (visits, held) = persistent(Visits { count: 7 });
//! assert_eq!(welcome(visits).await, "This is visit 8.");
//! assert_eq!(held.get().count, 8);
//! # }
//! ```
//!
//! # Features
//! - `dynamodb` (default): persistence in DynamoDB, through the AWS SDK.
//! - `dynamodb-core`: as `dynamodb`, for a client of your own: without HTTPS, Tokio and the environment's
//!   settings, so that it also compiles for a browser.
//! - `lambda` (default): [`SkillBuilder::run`], the skill as a Lambda function.
//! - `cache`: `persistence::cached`, items kept in the process as well.
//! - `https`: `verify`, for a skill on an HTTPS endpoint of its own.
//! - `metrics`: `SkillBuilder::metrics`, a line a turn in CloudWatch's embedded metric format.
//! - `s3`: `persistence::s3`, attributes as JSON in an S3 bucket, through the AWS SDK.

mod answer;
mod arguments;
pub mod attributes;
mod boxed;
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
pub use boxed::BoxError;
pub use envelope::RequestEnvelope;
pub use error::{Error, Result};
pub use response::{Response, ResponseEnvelope, Speech};
pub use skill::{
    BuildError, ErrorHandler, Handler, ResponseHandler, Skill, SkillBuilder, parse_request,
};
pub use slots::{Slots, SlotsError};
pub use ssml::Ssml;
pub use turn::{Held, Persistent, Session, Turn, persistent, session};
