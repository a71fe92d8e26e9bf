//! A skill: its id, its memory, its handlers.

mod builder;
mod handler;
#[cfg(feature = "lambda")]
mod lambda;

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use crate::envelope::{RequestBody, RequestEnvelope};
use crate::error::{Error, Result};
use crate::log;
use crate::response::{Response, ResponseEnvelope};
use crate::turn::{Resources, Run, Turn, take_carried_item};

pub use builder::{BuildError, SkillBuilder};
use handler::{Answers, Apologises, Apology, ErrorMatcher, Follows, Matcher, Prepares};
pub use handler::{ErrorHandler, Handler, ResponseHandler};

/// A skill, ready to answer. Clones are cheap and share everything.
///
/// ```
/// use alexa_skill::{Persistent, Skill};
///
/// #[derive(Default, serde::Serialize, serde::Deserialize)]
/// #[serde(default)]
/// struct Visits { count: u32 }
///
/// async fn welcome(mut visits: Persistent<Visits>) -> String {
///     visits.count += 1;
///     format!("This is visit {}.", visits.count)
/// }
///
/// let skill = Skill::builder("amzn1.ask.skill.example").on_launch(welcome).build()?;
/// # Ok::<(), alexa_skill::BuildError>(())
/// ```
#[derive(Clone)]
pub struct Skill {
    shared: Arc<Shared>,
}

struct Shared {
    id: String,
    resources: Arc<Resources>,
    handlers: Vec<(Matcher, Box<dyn Answers>)>,
    fallback: Option<Box<dyn Answers>>,
    before: Vec<Box<dyn Prepares>>,
    after: Vec<Box<dyn Follows>>,
    error_handlers: Vec<(ErrorMatcher, Box<dyn Apologises>)>,
    attempts: u32,
    #[cfg(feature = "metrics")]
    metrics: Option<crate::metrics::Metrics>,
}

/// How the runs of a turn went.
#[derive(Default)]
#[cfg_attr(not(feature = "metrics"), allow(dead_code, reason = "metrics read it"))]
struct Outcome {
    conflicts: u32,
    last: Option<Turn>,
    error: Option<&'static str>,
}

impl Skill {
    /// Starts building the skill whose id is `id`, as the developer console shows it.
    pub fn builder(id: impl Into<String>) -> SkillBuilder {
        SkillBuilder::new(id.into())
    }

    /// The skill's id.
    pub fn id(&self) -> &str {
        &self.shared.id
    }

    /// The names of the intents that have a handler of their own, in the order in which the handlers
    /// were added: what a test compares with the interaction model.
    pub fn intents(&self) -> impl Iterator<Item = &str> {
        let handlers = self.shared.handlers.iter();
        handlers.filter_map(|(matcher, _)| match matcher {
            Matcher::Intent(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Answers a request envelope in JSON with a response envelope in JSON.
    ///
    /// # Errors
    /// Fails when `request` is no envelope, when it is for another skill, and when no handler and
    /// no error handler answers it.
    pub async fn answer_json(&self, request: &[u8]) -> Result<Vec<u8>> {
        let envelope = parse_request(request).inspect_err(log_error)?;
        let response = self.answer(envelope).await?;
        serde_json::to_vec(&response).map_err(|error| Error::Handler(error.into()))
    }

    /// Answers one request: verifies the skill id, runs the handler that matches, saves what
    /// changed. When another request changed the same item meanwhile, the handler runs again on
    /// fresh data, up to the bound that the builder sets.
    ///
    /// What fails is written to standard error, once, in a line that begins with the error's
    /// [name](Error::name); on Lambda that is the function's log.
    ///
    /// # Errors
    /// As [`answer_json`](Skill::answer_json).
    pub async fn answer(&self, mut envelope: RequestEnvelope) -> Result<ResponseEnvelope> {
        self.verify(&envelope).inspect_err(log_error)?;
        let mut outcome = Outcome::default();
        #[cfg(feature = "metrics")]
        let start = std::time::Instant::now();
        let carried = take_carried_item(&mut envelope);
        let envelope = Arc::new(envelope);
        let answer = self.run_until_saved(envelope, carried, &mut outcome).await;
        #[cfg(feature = "metrics")]
        self.measure(&outcome, start.elapsed());
        answer
    }

    async fn run_until_saved(
        &self,
        envelope: Arc<RequestEnvelope>,
        mut carried: Option<String>,
        outcome: &mut Outcome,
    ) -> Result<ResponseEnvelope> {
        let mut attempts = self.shared.attempts;
        loop {
            let run = match outcome.conflicts {
                0 => Run::First,
                _ => Run::Again,
            };
            let resources = self.shared.resources.clone();
            // What the session carried is good for one run; the next one reads.
            let turn = Turn::new(envelope.clone(), resources, carried.take(), run);
            outcome.last = Some(turn.clone());
            match caught(self.attempt(&turn)).await {
                Ok(response) => return Ok(response),
                Err(error)
                    if turn.rests_on_carried() && (error.is_conflict() || error.is_state()) =>
                {
                    outcome.conflicts += 1;
                    attempts = attempts.saturating_add(1);
                }
                Err(error) if error.is_conflict() && outcome.conflicts + 1 < attempts => {
                    outcome.conflicts += 1;
                    if let Some(persistence) = &self.shared.resources.persistence {
                        persistence.adapter.pause(outcome.conflicts).await;
                    }
                }
                Err(error) => {
                    outcome.error = Some(error.name());
                    return self.recover(&turn, error).await;
                }
            }
        }
    }

    #[cfg(feature = "metrics")]
    fn measure(&self, outcome: &Outcome, duration: std::time::Duration) {
        let (Some(metrics), Some(turn)) = (&self.shared.metrics, &outcome.last) else {
            return;
        };
        metrics.record(&crate::metrics::Measured {
            request: &turn.request().request_type,
            conflicts: outcome.conflicts,
            error: outcome.error,
            duration,
            attribute_bytes: turn.attribute_bytes(),
        });
    }

    fn verify(&self, envelope: &RequestEnvelope) -> Result<()> {
        let found = envelope.skill_id().unwrap_or_default();
        if found == self.shared.id {
            return Ok(());
        }
        Err(Error::WrongSkillId {
            expected: self.shared.id.clone(),
            found: found.into(),
        })
    }

    async fn attempt(&self, turn: &Turn) -> Result<ResponseEnvelope> {
        for interceptor in &self.shared.before {
            interceptor.prepare(turn.clone()).await?;
        }
        let mut response = self.handle(turn).await?;
        for interceptor in &self.shared.after {
            response = interceptor.follow(response, turn.clone()).await?;
        }
        // A session that cannot be answered fails the turn, and then nothing may be saved.
        let mut attributes = turn.session_attributes()?;
        turn.save().await?;
        if let Some(attributes) = &mut attributes {
            turn.carry(attributes, &response);
        }
        Ok(ResponseEnvelope::new(response, attributes))
    }

    async fn handle(&self, turn: &Turn) -> Result<Response> {
        let matching = self
            .shared
            .handlers
            .iter()
            .find(|(matcher, _)| matcher.matches(turn));
        match (
            matching.map(|(_, handler)| handler),
            &self.shared.fallback,
            &turn.request().body,
        ) {
            (Some(handler), _, _) => handler.answer(turn.clone()).await,
            // Nobody hears an answer to the end of a session, so a skill need not have one.
            (None, _, RequestBody::SessionEnded { .. }) => Ok(Response::new()),
            (None, Some(fallback), _) => fallback.answer(turn.clone()).await,
            (None, None, _) => Err(Error::NoHandler {
                request: described(turn),
            }),
        }
    }

    /// Lets the first error handler that matches answer. What the failed turn would have saved is
    /// dropped, and what the session carried with it.
    async fn recover(&self, failed: &Turn, error: Error) -> Result<ResponseEnvelope> {
        log_error(&error);
        let turn = failed.apology();
        let apology = async {
            let mut handlers = self.shared.error_handlers.iter();
            let Some((_, handler)) = handlers.find(|(matches, _)| matches(&turn, &error)) else {
                return Err(error);
            };
            match handler.apologise(error, turn.clone()).await {
                Apology::Answered(answer) => answer.inspect_err(log_error),
                Apology::Impossible(error, second) => {
                    log_error(&second);
                    Err(error)
                }
            }
        };
        let response = caught(apology).await?;
        // An error handler may read the state and not change it: this fails if it did, and otherwise
        // finds nothing to write.
        turn.save().await.inspect_err(log_error)?;
        let attributes = turn.session_attributes().inspect_err(log_error)?;
        Ok(ResponseEnvelope::new(response, attributes))
    }
}

/// Runs code of the skill's own, and makes a panic in it an error, where the build unwinds.
async fn caught<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| {
        // A turn that panicked is dropped whole, so nobody sees what it left half done.
        catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)))
            .unwrap_or(Poll::Ready(Err(Error::Panicked)))
    })
    .await
}

fn log_error(error: &Error) {
    log::line(|| Some(error.log_line()));
}

/// Reads a request envelope.
///
/// # Errors
/// Tells apart what is not JSON and what is JSON but no envelope.
pub fn parse_request(request: &[u8]) -> Result<RequestEnvelope> {
    serde_json::from_slice(request).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Error::NotAnEnvelope(error.into()),
        _ => Error::NotJson(error),
    })
}

fn described(turn: &Turn) -> String {
    let request = turn.request();
    match request.intent_name() {
        Some(intent) => format!("{} `{intent}`", request.request_type),
        None => request.request_type.clone(),
    }
}

impl std::fmt::Debug for Skill {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Skill")
            .field("id", &self.shared.id)
            .finish_non_exhaustive()
    }
}
