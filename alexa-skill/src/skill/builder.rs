//! Putting a skill together.

use std::sync::Arc;

use super::handler::{ErrorHandler, Handler, Matcher, RequestInterceptor, ResponseInterceptor};
use super::{Shared, Skill};
use crate::error::Error;
use crate::persistence::{PartitionKey, PersistenceAdapter, PersistenceError};
use crate::response::Response;
use crate::turn::{Memory, Turn};

/// How often a turn runs at most while other requests keep changing the same attributes.
const ATTEMPTS: u32 = 10;

/// A third of the smallest limit on a response that Alexa is known to have had (24 KB, 2017 to 2019;
/// later copies of the same page say 120 KB), which leaves the rest to speech, cards and directives.
const CARRIED_BYTES: usize = 8 * 1024;

/// A skill in the making; see [`Skill::builder`].
#[must_use]
pub struct SkillBuilder {
    shared: Shared,
    adapter: Adapter,
    partition_key: PartitionKey,
    carry: Option<usize>,
}

enum Adapter {
    None,
    #[cfg(feature = "dynamodb")]
    Table(String),
    #[cfg(feature = "s3")]
    Bucket(String),
    Given(Arc<dyn PersistenceAdapter>),
}

/// Why a skill cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The environment does not say how to reach the table or bucket.
    #[error(transparent)]
    Persistence(#[from] PersistenceError),
}

impl SkillBuilder {
    pub(super) fn new(id: String) -> SkillBuilder {
        let shared = Shared {
            id,
            memory: None,
            handlers: Vec::new(),
            fallback: None,
            request_interceptors: Vec::new(),
            response_interceptors: Vec::new(),
            error_handlers: Vec::new(),
            attempts: ATTEMPTS,
            #[cfg(feature = "metrics")]
            metrics: None,
        };
        SkillBuilder {
            shared,
            adapter: Adapter::None,
            partition_key: PartitionKey::default(),
            carry: None,
        }
    }

    /// Gives the skill a memory: the DynamoDB table `name`, whose partition key is `userId`.
    ///
    /// Region, credentials and endpoint come from the environment, where Lambda puts them; see
    /// [`dynamodb::client_from_env`](crate::persistence::dynamodb::client_from_env).
    #[cfg(feature = "dynamodb")]
    pub fn table(mut self, name: impl Into<String>) -> SkillBuilder {
        self.adapter = Adapter::Table(name.into());
        self
    }

    /// Gives the skill a memory: the S3 bucket `name`, in which each user has an object.
    ///
    /// Region, credentials and endpoint come from the environment; see
    /// [`s3::client_from_env`](crate::persistence::s3::client_from_env).
    #[cfg(feature = "s3")]
    pub fn bucket(mut self, name: impl Into<String>) -> SkillBuilder {
        self.adapter = Adapter::Bucket(name.into());
        self
    }

    /// Gives the skill a memory of another kind, or a table with a client or layout of its own.
    pub fn persistence(mut self, adapter: impl PersistenceAdapter) -> SkillBuilder {
        self.adapter = Adapter::Given(Arc::new(adapter));
        self
    }

    /// Says what persistent attributes are kept under; the user's id unless called.
    pub fn partition_key(mut self, partition_key: PartitionKey) -> SkillBuilder {
        self.partition_key = partition_key;
        self
    }

    /// Lets a session carry the persistent attributes from one turn to the next, among its session
    /// attributes, so that only the first turn of a session reads them; a later one writes what it
    /// changed, and nothing else. Up to 8 KB; see
    /// [`carry_in_session_up_to`](SkillBuilder::carry_in_session_up_to).
    ///
    /// - No update gets lost: the write is conditional as ever. When somebody else wrote, the turn
    ///   reads and runs again; that run does not count among the [`attempts`](SkillBuilder::attempts).
    /// - A turn that only reads says what the session knew, however old, unless it calls
    ///   [`Turn::refresh`]. Attributes that expire stay until the session ends.
    /// - Handlers do not see what is carried, and cannot remove it. It ends with the session, with a
    ///   turn that fails, and with [`Turn::forget`].
    /// - The attributes go through Alexa's messages, and with them into whatever log keeps those.
    /// - What comes back is believed as the user id beside it is, and checked only against mistakes:
    ///   whoever can forge a request can put attributes into it. A policy on Lambda, or the signature
    ///   on an HTTPS endpoint, sees to that.
    ///
    /// An adapter of your own must take part, with [`PersistenceAdapter::origin`].
    pub fn carry_in_session(self) -> SkillBuilder {
        self.carry_in_session_up_to(CARRIED_BYTES)
    }

    /// As [`carry_in_session`](SkillBuilder::carry_in_session), with another bound. What takes more
    /// than `bytes` in the JSON of the answer is not carried, and the next turn reads.
    ///
    /// Alexa's limit on a whole answer was 24 KB from 2017 to 2019, and 120 KB in later copies of the
    /// same page.
    pub fn carry_in_session_up_to(mut self, bytes: usize) -> SkillBuilder {
        self.carry = Some(bytes);
        self
    }

    /// Answers "open …".
    pub fn on_launch(self, handler: impl Handler) -> SkillBuilder {
        self.on(Matcher::Launch, handler)
    }

    /// Answers the intent called `name` in the interaction model, such as `AMAZON.HelpIntent`.
    pub fn on_intent(self, name: impl Into<String>, handler: impl Handler) -> SkillBuilder {
        self.on(Matcher::Intent(name.into()), handler)
    }

    /// Runs when a session ended without the skill ending it. Nobody hears the answer.
    pub fn on_session_ended(self, handler: impl Handler) -> SkillBuilder {
        self.on(Matcher::SessionEnded, handler)
    }

    /// Answers requests of the type `name`, such as `AudioPlayer.PlaybackStopped`.
    pub fn on_request_type(self, name: impl Into<String>, handler: impl Handler) -> SkillBuilder {
        self.on(Matcher::RequestType(name.into()), handler)
    }

    /// Answers turns for which `condition` holds.
    pub fn on_when(
        self,
        condition: impl Fn(&Turn) -> bool + Send + Sync + 'static,
        handler: impl Handler,
    ) -> SkillBuilder {
        self.on(Matcher::When(Box::new(condition)), handler)
    }

    /// Deletes a user's persistent attributes when the user disables the skill. Alexa tells so with
    /// an `AlexaSkillEvent.SkillDisabled`, to which the skill's manifest has to subscribe. Attributes
    /// stay where the event says that the user will come back under the same id, as one who has
    /// bought something does.
    ///
    /// This takes the action `dynamodb:DeleteItem`.
    // ANCHOR: forget
    pub fn forget_disabled_users(self) -> SkillBuilder {
        self.on_request_type("AlexaSkillEvent.SkillDisabled", async |turn: Turn| {
            if !turn.request().keeps_user_information() {
                turn.forget().await?;
            }
            Ok::<_, Error>(Response::new())
        })
    }
    // ANCHOR_END: forget

    /// Runs before the handler is chosen, in the order in which interceptors were added.
    pub fn on_request(mut self, interceptor: impl RequestInterceptor) -> SkillBuilder {
        self.shared.request_interceptors.push(Box::new(interceptor));
        self
    }

    /// Runs after the handler, before attributes are saved, in the order in which interceptors were
    /// added. A turn that failed does not get here.
    pub fn on_response(mut self, interceptor: impl ResponseInterceptor) -> SkillBuilder {
        self.shared
            .response_interceptors
            .push(Box::new(interceptor));
        self
    }

    /// Answers whatever no other handler does, except the end of a session.
    pub fn fallback(mut self, handler: impl Handler) -> SkillBuilder {
        self.shared.fallback = Some(Box::new(handler));
        self
    }

    /// Answers turns that failed. Without an error handler the error goes to the caller, and Alexa
    /// tells the user that the skill has a problem.
    ///
    /// A request for another skill never gets here.
    pub fn on_error(self, handler: impl ErrorHandler) -> SkillBuilder {
        self.on_error_when(|_, _| true, handler)
    }

    /// Answers turns that failed with an error for which `condition` holds. The first error handler
    /// that matches answers.
    pub fn on_error_when(
        mut self,
        condition: impl Fn(&Turn, &Error) -> bool + Send + Sync + 'static,
        handler: impl ErrorHandler,
    ) -> SkillBuilder {
        self.shared
            .error_handlers
            .push((Box::new(condition), Box::new(handler)));
        self
    }

    /// How often a turn runs at most, 10 unless called, while other requests keep changing the
    /// same attributes; at least once.
    pub fn attempts(mut self, attempts: u32) -> SkillBuilder {
        self.shared.attempts = attempts.max(1);
        self
    }

    /// Prints a line of metrics for each turn to standard output, which on Lambda becomes metrics in
    /// the namespace `AlexaSkill` with `name` as the dimension `Skill`: `Turns`, `Conflicts` (how
    /// often the turn ran again), `Failures`, `Duration` and, if persistent attributes were loaded,
    /// `AttributeSize`. The line also names the type of the request and the error, and holds nothing
    /// of the user.
    #[cfg(feature = "metrics")]
    pub fn metrics(self, name: impl Into<String>) -> SkillBuilder {
        self.metrics_to(name, |line| println!("{line}"))
    }

    /// Hands the line of [`metrics`](SkillBuilder::metrics) to `sink`.
    #[cfg(feature = "metrics")]
    pub fn metrics_to(
        mut self,
        name: impl Into<String>,
        sink: impl Fn(&str) + Send + Sync + 'static,
    ) -> SkillBuilder {
        self.shared.metrics = Some(crate::metrics::Metrics::new(name.into(), Box::new(sink)));
        self
    }

    /// The first handler that matches answers, in the order in which they were added.
    fn on(mut self, matcher: Matcher, handler: impl Handler) -> SkillBuilder {
        self.shared.handlers.push((matcher, Box::new(handler)));
        self
    }

    /// Builds the skill.
    ///
    /// # Errors
    /// Fails when the skill has a table or bucket and the environment names no Region or no credentials.
    pub fn build(mut self) -> Result<Skill, BuildError> {
        let adapter: Option<Arc<dyn PersistenceAdapter>> = match self.adapter {
            Adapter::None => None,
            #[cfg(feature = "dynamodb")]
            Adapter::Table(name) => Some(Arc::new(
                crate::persistence::dynamodb::DynamoDb::from_env(name)?,
            )),
            #[cfg(feature = "s3")]
            Adapter::Bucket(name) => Some(Arc::new(crate::persistence::s3::S3::from_env(name)?)),
            Adapter::Given(adapter) => Some(adapter),
        };
        let partition_key = self.partition_key;
        self.shared.memory = adapter.map(|adapter| {
            Arc::new(Memory {
                adapter,
                partition_key,
                carry: self.carry,
            })
        });
        Ok(Skill {
            shared: Arc::new(self.shared),
        })
    }
}
