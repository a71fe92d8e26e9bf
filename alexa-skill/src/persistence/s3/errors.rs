//! What S3's errors mean for a skill.

use std::error::Error;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use super::S3;
use crate::boxed::BoxError;
use crate::persistence::PersistenceError;
use crate::persistence::aws::reported::{Sent, reported, unanswered};

/// S3 says "access denied" also for an object that is not there, to whoever may not list (API
/// Reference, "GetObject").
pub(super) const GET: &str = "s3:GetObject (and s3:ListBucket, to be told of a missing object)";
pub(super) const PUT: &str = "s3:PutObject";
pub(super) const DELETE: &str = "s3:DeleteObject";

impl S3 {
    /// Names an error of the SDK by its code (API Reference, "Error responses").
    pub(super) fn failed<E>(
        &self,
        action: &'static str,
        sent: Sent<'_>,
        error: &SdkError<E>,
    ) -> PersistenceError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let location = self.location();
        let source = reported(error, sent);
        match error.code() {
            _ if unanswered(error) => self.unreachable(source),
            Some("NoSuchBucket" | "PermanentRedirect" | "AuthorizationHeaderMalformed") => {
                let region = self.client.config().region();
                PersistenceError::NoBucket {
                    bucket: self.bucket.clone(),
                    region: region.map(ToString::to_string).unwrap_or_default(),
                }
            }
            Some("AccessDenied") => PersistenceError::AccessDenied {
                action,
                location,
                source,
            },
            Some(
                "InvalidAccessKeyId"
                | "SignatureDoesNotMatch"
                | "ExpiredToken"
                | "InvalidToken"
                | "RequestTimeTooSkewed",
            ) => PersistenceError::BadCredentials { source },
            Some("SlowDown" | "ServiceUnavailable" | "RequestLimitExceeded") => {
                PersistenceError::Throttled { location, source }
            }
            _ => PersistenceError::Other {
                action,
                location,
                source,
            },
        }
    }

    pub(super) fn unreachable(&self, source: BoxError) -> PersistenceError {
        PersistenceError::Unreachable {
            service: "S3",
            source,
        }
    }
}

/// Whether S3 refused a write because of what is there: a condition that does not hold, another
/// write at the same time, or nothing where something was.
pub(super) fn refused<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    matches!(
        error.code(),
        Some("PreconditionFailed" | "ConditionalRequestConflict" | "NoSuchKey")
    )
}
