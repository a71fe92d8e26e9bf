//! What became of the attempts that the SDK made for one call.
//!
//! The SDK sends a write again when no answer comes, and its error says only how the last attempt
//! ended. A refused condition after a lost answer may be our own write's doing; without one it is
//! not. So an interceptor marks the answer that follows on a lost one.
//!
//! It belongs to the client and not to the call: one that is added to a call costs every call 25 µs.

use super::sdk::config::interceptors::{
    BeforeDeserializationInterceptorContextMut, FinalizerInterceptorContextRef,
};
use super::sdk::config::{ConfigBag, Intercept, RuntimeComponents};
use super::sdk::error::{BoxError, SdkError};
use aws_smithy_types::config_bag::{Storable, StoreReplace};

/// The header, never sent, by which an answer says that one before it was lost.
const AFTER_A_LOST_ANSWER: &str = "x-after-a-lost-answer";

/// Watches the attempts of each call for an answer that was lost.
#[derive(Debug)]
pub(in crate::persistence) struct LostAnswers;

/// An attempt of this call lost its answer.
#[derive(Debug)]
struct Lost;

impl Storable for Lost {
    type Storer = StoreReplace<Lost>;
}

impl Intercept for LostAnswers {
    fn name(&self) -> &'static str {
        "LostAnswers"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.response_mut().headers_mut();
        headers.remove(AFTER_A_LOST_ANSWER);
        if config.load::<Lost>().is_some() {
            headers.insert(AFTER_A_LOST_ANSWER, "true");
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let status = context
            .response()
            .map(|response| response.status().as_u16());
        // An answer that broke off after its status line does not parse; it was lost as well.
        let parsed = context
            .output_or_error()
            .is_some_and(|outcome| match outcome {
                Ok(_) => true,
                Err(error) => error.is_operation_error(),
            });
        if !(parsed && status.is_some_and(answers)) {
            config.interceptor_state().store_put(Lost);
        }
        Ok(())
    }
}

/// After a server's error "a write may have happened" (DynamoDB Developer Guide, "Error handling":
/// HTTP 5xx), so it does not count as an answer.
fn answers(status: u16) -> bool {
    status < 500
}

/// Whether an attempt of the call, made by a client with [`LostAnswers`], ended without an answer.
pub(in crate::persistence) fn lost_an_answer<E>(error: &SdkError<E>) -> bool {
    match error {
        SdkError::ServiceError(refusal) => {
            let answer = refusal.raw();
            !answers(answer.status().as_u16()) || answer.headers().contains_key(AFTER_A_LOST_ANSWER)
        }
        SdkError::ConstructionFailure(_) => false,
        _ => true,
    }
}
