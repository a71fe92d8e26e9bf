//! Putting a skill together.

use std::any::TypeId;
use std::sync::Arc;

use super::Skill;
use super::handler::{Answers, ErrorHandler, Handler, Matcher, Of, ResponseHandler};
use crate::answer::{Completed, IntoResponse};
use crate::arguments::{Arguments, Requirements, Shared};
use crate::attributes::AttributesError;
use crate::error::{Error, Result};
use crate::persistence::{PartitionKey, PersistenceAdapter, PersistenceError};
use crate::turn::{Persistence, Resources, Turn};

/// How often a turn runs at most while other requests keep changing the same attributes.
const ATTEMPTS: u32 = 10;

/// A third of the smallest limit on a response that Alexa is known to have had (24 KB, 2017 to 2019;
/// later copies of the same page say 120 KB), which leaves the rest to speech, cards and directives.
const CARRIED_BYTES: usize = 8 * 1024;

/// A skill in the making; see [`Skill::builder`].
#[must_use]
pub struct SkillBuilder {
    shared: super::Shared,
    resources: Resources,
    requirements: Requirements,
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

    /// The type of a state cannot grow: an item that was stored before one of its fields existed could
    /// not be read.
    #[error(
        "the state `{type_name}` cannot grow: the field `{field}` would be missing from an item that \
         is older than the field; write `#[serde(default)]` on the struct"
    )]
    CannotGrow {
        /// The type of the state.
        type_name: &'static str,
        /// A field without a default.
        field: String,
    },

    /// A type cannot be a state.
    #[error("`{type_name}` cannot be a skill's state: {source}")]
    State {
        /// The type of the state.
        type_name: &'static str,
        /// What is wrong with its default.
        source: AttributesError,
    },

    /// A handler asks for something that the skill was not given.
    #[error("a handler asks for `{type_name}`: give the skill one with `.provide(…)`")]
    NotProvided {
        /// The type that the handler asks for.
        type_name: &'static str,
    },
}

impl SkillBuilder {
    pub(super) fn new(id: String) -> SkillBuilder {
        let shared = super::Shared {
            id,
            resources: Arc::default(),
            handlers: Vec::new(),
            fallback: None,
            before: Vec::new(),
            after: Vec::new(),
            error_handlers: Vec::new(),
            attempts: ATTEMPTS,
            #[cfg(feature = "metrics")]
            metrics: None,
        };
        SkillBuilder {
            shared,
            resources: Resources::default(),
            requirements: Requirements::default(),
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
    ///   [`Persistent::refresh`](crate::Persistent::refresh). Attributes that expire stay until the session
    ///   ends.
    /// - A session that ends carries nothing, so this does nothing for a skill whose handlers all answer
    ///   with a string.
    /// - Handlers do not see what is carried, and cannot remove it. It ends with the session, with a
    ///   turn that fails, and with [`Turn::forget`].
    /// - The attributes go through Alexa's messages, and with them into whatever log keeps those.
    /// - What comes back is believed as the user id beside it is, and checked only against mistakes:
    ///   whoever can forge a request can put attributes into it. A policy on Lambda, or the signature
    ///   on an HTTPS endpoint, sees to that.
    ///
    /// An adapter of your own must take part, with [`PersistenceAdapter::store_identity`].
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

    /// Gives the skill a value that its handlers can ask for as [`Provided<T>`](crate::Provided), such as
    /// a client for another service; one of each type. Several threads share it: it is any type that is
    /// `Send + Sync + 'static`.
    pub fn provide<T: Shared>(mut self, value: T) -> SkillBuilder {
        let type_id = TypeId::of::<T>();
        self.resources.provided.insert(type_id, Arc::new(value));
        self
    }

    /// Answers "open …".
    pub fn on_launch<A, H>(self, handler: H) -> SkillBuilder
    where
        H: Handler<A, Answer: IntoResponse, Future: Send>,
        A: Arguments + 'static,
    {
        let () = A::ONE_STATE_OF_A_KIND;
        self.on(Matcher::Launch, handler)
    }

    /// Answers the intent called `name` in the interaction model, such as `AMAZON.HelpIntent`.
    pub fn on_intent<A, H>(self, name: impl Into<String>, handler: H) -> SkillBuilder
    where
        H: Handler<A, Answer: IntoResponse, Future: Send>,
        A: Arguments + 'static,
    {
        let () = A::ONE_STATE_OF_A_KIND;
        self.on(Matcher::Intent(name.into()), handler)
    }

    /// Runs when a session ended without the skill ending it. Nobody hears the answer.
    pub fn on_session_ended<A, H>(self, handler: H) -> SkillBuilder
    where
        H: Handler<A, Answer: IntoResponse, Future: Send>,
        A: Arguments + 'static,
    {
        let () = A::ONE_STATE_OF_A_KIND;
        self.on(Matcher::SessionEnded, handler)
    }

    /// Answers requests of the type `name`, such as `AudioPlayer.PlaybackStopped`.
    pub fn on_request_type<A, H>(self, name: impl Into<String>, handler: H) -> SkillBuilder
    where
        H: Handler<A, Answer: IntoResponse, Future: Send>,
        A: Arguments + 'static,
    {
        let () = A::ONE_STATE_OF_A_KIND;
        self.on(Matcher::RequestType(name.into()), handler)
    }

    /// Answers turns for which `condition` holds.
    pub fn on_when<A, H>(
        self,
        condition: impl Fn(&Turn) -> bool + Send + Sync + 'static,
        handler: H,
    ) -> SkillBuilder
    where
        H: Handler<A, Answer: IntoResponse, Future: Send>,
        A: Arguments + 'static,
    {
        let () = A::ONE_STATE_OF_A_KIND;
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
            if turn.request().keeps_user_information() {
                return Ok(());
            }
            turn.forget().await
        })
    }
    // ANCHOR_END: forget

    /// Runs before the handler is chosen, in the order in which interceptors were added. It answers
    /// with `()` or with a `Result<()>`, whose error fails the turn.
    ///
    /// One that asks for [`Persistent`](crate::Persistent) makes every request read the table, those
    /// too whose handler does not.
    pub fn before<A, H>(mut self, interceptor: H) -> SkillBuilder
    where
        H: Handler<A, Answer: Completed, Future: Send>,
        A: Arguments + 'static,
    {
        let () = A::ONE_STATE_OF_A_KIND;
        A::requires(&mut self.requirements);
        self.shared.before.push(Box::new(Of::new(interceptor)));
        self
    }

    /// Runs after the handler, before attributes are saved, in the order in which interceptors were
    /// added. Its first argument is the handler's [`Response`](crate::Response), and its answer takes
    /// that one's place. A turn that failed does not get here.
    pub fn after<A, H>(mut self, interceptor: H) -> SkillBuilder
    where
        H: ResponseHandler<A, Answer: IntoResponse, Future: Send>,
        A: Arguments + 'static,
    {
        let () = A::ONE_STATE_OF_A_KIND;
        A::requires(&mut self.requirements);
        self.shared.after.push(Box::new(Of::new(interceptor)));
        self
    }

    /// Answers whatever no other handler does, except the end of a session.
    pub fn fallback<A, H>(mut self, handler: H) -> SkillBuilder
    where
        H: Handler<A, Answer: IntoResponse, Future: Send>,
        A: Arguments + 'static,
    {
        let () = A::ONE_STATE_OF_A_KIND;
        self.shared.fallback = Some(self.erased(handler));
        self
    }

    /// Answers turns that failed. Without an error handler the error goes to the caller, and Alexa
    /// tells the user that the skill has a problem.
    ///
    /// Its first argument is the [`Error`], which is in the log already. It runs on the request's own
    /// session attributes; a [`Persistent`](crate::Persistent) holds what the failed turn had read, can
    /// not be changed, and is never loaded. If one of its arguments cannot be made, the turn's error
    /// goes to the caller. A request for another skill never gets here.
    pub fn on_error<A, H>(self, handler: H) -> SkillBuilder
    where
        H: ErrorHandler<A, Answer: IntoResponse, Future: Send>,
        A: Arguments + 'static,
    {
        let () = A::ONE_STATE_OF_A_KIND;
        self.on_error_when(|_, _| true, handler)
    }

    /// Answers turns that failed with an error for which `condition` holds. The first error handler
    /// that matches answers.
    pub fn on_error_when<A, H>(
        mut self,
        condition: impl Fn(&Turn, &Error) -> bool + Send + Sync + 'static,
        handler: H,
    ) -> SkillBuilder
    where
        H: ErrorHandler<A, Answer: IntoResponse, Future: Send>,
        A: Arguments + 'static,
    {
        let () = A::ONE_STATE_OF_A_KIND;
        A::requires(&mut self.requirements);
        self.shared
            .error_handlers
            .push((Box::new(condition), Box::new(Of::new(handler))));
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
    fn on<A, H>(mut self, matcher: Matcher, handler: H) -> SkillBuilder
    where
        H: Handler<A, Answer: IntoResponse, Future: Send>,
        A: Arguments + 'static,
    {
        let handler = self.erased(handler);
        self.shared.handlers.push((matcher, handler));
        self
    }

    fn erased<A, H>(&mut self, handler: H) -> Box<dyn Answers>
    where
        H: Handler<A, Answer: IntoResponse, Future: Send>,
        A: Arguments + 'static,
    {
        A::requires(&mut self.requirements);
        Box::new(Of::new(handler))
    }

    /// Builds the skill.
    ///
    /// # Errors
    /// Fails when the skill has a table or bucket and the environment names no Region or no credentials,
    /// when the type of a state that a handler asks for cannot grow or be one, and when a handler asks
    /// for a [`Provided<T>`](crate::Provided) that the skill was not given.
    pub fn build(mut self) -> Result<Skill, BuildError> {
        self.check()?;
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
        self.resources.persistence = adapter.map(|adapter| Persistence {
            adapter,
            partition_key: self.partition_key,
            carry: self.carry,
        });
        self.shared.resources = Arc::new(self.resources);
        Ok(Skill {
            shared: Arc::new(self.shared),
        })
    }

    /// Whether the skill has what its handlers ask for, and whether their states can be stored.
    fn check(&self) -> Result<(), BuildError> {
        for (type_id, type_name) in &self.requirements.provided {
            if !self.resources.provided.contains_key(type_id) {
                return Err(BuildError::NotProvided { type_name });
            }
        }
        for state in &self.requirements.states {
            let type_name = state.type_name;
            (state.check)().map_err(|source| match source.missing_field() {
                Some(field) => BuildError::CannotGrow {
                    type_name,
                    field: field.to_owned(),
                },
                None => BuildError::State { type_name, source },
            })?;
        }
        Ok(())
    }
}
