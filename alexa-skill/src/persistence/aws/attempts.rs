//! What became of the attempts that the SDK made for one call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::sdk::config::interceptors::FinalizerInterceptorContextRef;
use super::sdk::config::{ConfigBag, Intercept, RuntimeComponents};
use super::sdk::error::BoxError;

/// Watches the attempts of one call for an answer that was lost.
///
/// The SDK sends a write again when no answer comes, and says only how the last attempt ended. A
/// refused condition after a lost answer may be our own write's doing; without one it is not.
#[derive(Debug, Clone, Default)]
pub(in crate::persistence) struct Attempts {
    lost: Arc<AtomicBool>,
}

impl Attempts {
    /// Whether an attempt ended without an answer, or with a server's error after which "a write
    /// may have happened" (DynamoDB Developer Guide, "Error handling": HTTP 5xx).
    pub(in crate::persistence) fn lost_an_answer(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }
}

impl Intercept for Attempts {
    fn name(&self) -> &'static str {
        "Attempts"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let answered = context
            .response()
            .is_some_and(|response| response.status().as_u16() < 500);
        // An answer that broke off after its status line does not parse; it was lost as well.
        let refused = context
            .output_or_error()
            .is_some_and(|outcome| match outcome {
                Ok(_) => true,
                Err(error) => error.is_operation_error(),
            });
        if !(answered && refused) {
            self.lost.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}
