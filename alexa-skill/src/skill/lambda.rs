//! The skill as a Lambda function.

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde_json::value::RawValue;

use super::{Skill, SkillBuilder};
use crate::boxed::BoxError;
use crate::error::Error;

impl SkillBuilder {
    /// Builds the skill and answers what Lambda's Runtime API brings, until Lambda ends the
    /// process. Needs a Tokio runtime; a single-threaded one is enough, as Lambda brings one
    /// request at a time.
    ///
    /// # Errors
    /// Fails when the skill cannot be built, and when the Runtime API cannot be reached.
    ///
    /// # Panics
    /// `lambda_runtime` panics outside Lambda, where the variables that it reads are not set.
    pub async fn run(self) -> Result<(), BoxError> {
        self.build()?.run().await
    }
}

impl Skill {
    /// As [`SkillBuilder::run`], for a skill that is built.
    ///
    /// # Errors
    /// Fails when the Runtime API cannot be reached.
    pub async fn run(self) -> Result<(), BoxError> {
        lambda_runtime::run(service_fn(|event: LambdaEvent<Box<RawValue>>| {
            let skill = self.clone();
            async move { skill.invoke(event.payload).await.map_err(Failure) }
        }))
        .await
    }

    async fn invoke(&self, payload: Box<RawValue>) -> Result<Box<RawValue>, Error> {
        let answer = self.answer_json(payload.get().as_bytes()).await?;
        let answer = String::from_utf8(answer).map_err(|error| Error::Handler(error.into()))?;
        RawValue::from_string(answer).map_err(|error| Error::Handler(error.into()))
    }
}

#[derive(Debug)]
struct Failure(Error);

impl From<Failure> for Diagnostic {
    fn from(Failure(error): Failure) -> Diagnostic {
        Diagnostic {
            error_type: error.name().into(),
            error_message: error.to_string(),
        }
    }
}
