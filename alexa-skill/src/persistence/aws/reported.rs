//! What AWS said, as the source of an error.

use std::error::Error;

use super::sdk::error::{ProvideErrorMetadata, SdkError};
use crate::error::BoxError;

/// An error of the SDK, with a text that says what happened: the SDK's own is "service error".
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Reported {
    text: String,
    #[source]
    error: BoxError,
}

pub(in crate::persistence) fn reported<E>(error: SdkError<E>) -> BoxError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    Box::new(Reported {
        text: described(&error),
        error: error.into(),
    })
}

/// The code and message that AWS sent, or else the texts of all causes. Never the whole response,
/// which may hold the user's data.
fn described<E: ProvideErrorMetadata + Error + 'static>(error: &SdkError<E>) -> String {
    if let (Some(code), Some(message)) = (error.code(), error.message()) {
        return format!("{code}: {message}");
    }
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Whether the service was not reached or did not answer.
pub(in crate::persistence) fn unanswered<E>(error: &SdkError<E>) -> bool {
    matches!(
        error,
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_)
    )
}
