//! A skill: its id, its memory, its handlers.

mod builder;
mod handler;
#[cfg(feature = "lambda")]
mod lambda;

use std::sync::Arc;

use crate::envelope::{RequestBody, RequestEnvelope};
use crate::error::{Error, Result};
use crate::response::{Response, ResponseEnvelope};
use crate::turn::{Memory, Turn, take_carried};

pub use builder::{BuildError, SkillBuilder};
pub use handler::{ErrorHandler, Handler, RequestInterceptor, ResponseInterceptor};
use handler::{ErrorMatcher, Matcher};

/// A skill, ready to answer. Clones are cheap and share everything.
///
/// ```
/// use alexa_skill::{Response, Result, Skill, Turn};
///
/// #[derive(Default, serde::Serialize, serde::Deserialize)]
/// struct Visits { count: u32 }
///
/// async fn welcome(turn: Turn) -> Result {
///     let mut visits = turn.persistent::<Visits>().await?;
///     visits.count += 1;
///     Ok(Response::new().speak(format!("This is visit {}.", visits.count)))
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
    memory: Option<Arc<Memory>>,
    handlers: Vec<(Matcher, Box<dyn Handler>)>,
    fallback: Option<Box<dyn Handler>>,
    request_interceptors: Vec<Box<dyn RequestInterceptor>>,
    response_interceptors: Vec<Box<dyn ResponseInterceptor>>,
    error_handlers: Vec<(ErrorMatcher, Box<dyn ErrorHandler>)>,
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
        let envelope = parse(request)?;
        let response = self.answer(envelope).await?;
        serde_json::to_vec(&response).map_err(|error| Error::Handler(error.into()))
    }

    /// Answers one request: verifies the skill id, runs the handler that matches, saves what
    /// changed. When another request changed the same item meanwhile, the handler runs again on
    /// fresh data, up to the bound that the builder sets.
    ///
    /// # Errors
    /// As [`answer_json`](Skill::answer_json).
    pub async fn answer(&self, mut envelope: RequestEnvelope) -> Result<ResponseEnvelope> {
        self.verify(&envelope)?;
        let mut outcome = Outcome::default();
        #[cfg(feature = "metrics")]
        let start = std::time::Instant::now();
        let carried = take_carried(&mut envelope);
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
            let again = outcome.conflicts > 0;
            let memory = self.shared.memory.clone();
            // What the session carried is good for one run; the next one reads.
            let turn = Turn::new(envelope.clone(), memory, carried.take(), again);
            outcome.last = Some(turn.clone());
            match self.attempt(&turn).await {
                Ok(response) => return Ok(response),
                Err(error)
                    if turn.rests_on_carried() && (error.is_conflict() || error.is_state()) =>
                {
                    outcome.conflicts += 1;
                    attempts = attempts.saturating_add(1);
                }
                Err(error) if error.is_conflict() && outcome.conflicts + 1 < attempts => {
                    outcome.conflicts += 1;
                    if let Some(memory) = &self.shared.memory {
                        memory.adapter.pause(outcome.conflicts).await;
                    }
                }
                Err(error) => {
                    outcome.error = Some(error.name());
                    return self.recover(turn, error).await;
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
        for interceptor in &self.shared.request_interceptors {
            interceptor.before(turn.clone()).await?;
        }
        let mut response = self.handle(turn).await?;
        for interceptor in &self.shared.response_interceptors {
            response = interceptor.after(turn.clone(), response).await?;
        }
        turn.save().await?;
        let mut attributes = turn.session_attributes()?;
        if let Some(attributes) = &mut attributes {
            turn.carry(attributes, &response);
        }
        Ok(ResponseEnvelope::new(response, attributes))
    }

    async fn handle(&self, turn: &Turn) -> Result {
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
            (Some(handler), _, _) => handler.handle(turn.clone()).await,
            // Nobody hears an answer to the end of a session, so a skill need not have one.
            (None, _, RequestBody::SessionEnded { .. }) => Ok(Response::new()),
            (None, Some(fallback), _) => fallback.handle(turn.clone()).await,
            (None, None, _) => Err(Error::NoHandler {
                request: described(turn),
            }),
        }
    }

    /// Lets the first error handler that matches answer. What the failed turn would have saved is
    /// dropped, and what the session carried with it.
    async fn recover(&self, turn: Turn, error: Error) -> Result<ResponseEnvelope> {
        let mut handlers = self.shared.error_handlers.iter();
        let Some((_, handler)) = handlers.find(|(matches, _)| matches(&turn, &error)) else {
            return Err(error);
        };
        let response = handler.recover(turn.clone(), Arc::new(error)).await?;
        Ok(ResponseEnvelope::new(response, turn.session_attributes()?))
    }
}

/// Reads a request envelope.
///
/// # Errors
/// Tells apart what is not JSON and what is JSON but no envelope.
pub fn parse(request: &[u8]) -> Result<RequestEnvelope> {
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
