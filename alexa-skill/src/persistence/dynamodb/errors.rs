//! What AWS's errors mean for a skill.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use super::table::Table;
use crate::persistence::aws::reported::{Sent, reported, unanswered};
use crate::persistence::{Key, PersistenceError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    GetItem,
    PutItem,
    DeleteItem,
    CreateTable,
    DescribeTable,
    UpdateTimeToLive,
    DescribeTimeToLive,
}

impl Operation {
    /// Whether the call carries a key, so that the table may refuse it as being of another shape.
    fn names_an_item(self) -> bool {
        matches!(
            self,
            Operation::GetItem | Operation::PutItem | Operation::DeleteItem
        )
    }

    pub(super) fn action(self) -> &'static str {
        match self {
            Operation::GetItem => "dynamodb:GetItem",
            Operation::PutItem => "dynamodb:PutItem",
            Operation::DeleteItem => "dynamodb:DeleteItem",
            Operation::CreateTable => "dynamodb:CreateTable",
            Operation::DescribeTable => "dynamodb:DescribeTable",
            Operation::UpdateTimeToLive => "dynamodb:UpdateTimeToLive",
            Operation::DescribeTimeToLive => "dynamodb:DescribeTimeToLive",
        }
    }
}

impl Table {
    /// Names an error of the SDK. Codes are compared, never the wording of a message, except where
    /// DynamoDB gives one code to several mistakes (Developer Guide, "Error handling").
    pub(super) fn failed<E>(
        &self,
        operation: Operation,
        sent: Sent<'_>,
        error: &SdkError<E>,
    ) -> PersistenceError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let (table, location) = (self.name.clone(), self.location());
        let partition_key = self.layout.partition_key().to_owned();
        let message = error.message().unwrap_or_default();
        let source = reported(error, sent);
        match error.code() {
            _ if unanswered(error) => PersistenceError::Unreachable {
                service: "DynamoDB",
                source,
            },
            Some("ResourceNotFoundException") => {
                let region = self.region.as_ref();
                let region = region.map(ToString::to_string).unwrap_or_default();
                PersistenceError::NoTable {
                    table,
                    region,
                    partition_key,
                }
            }
            Some("AccessDeniedException") => PersistenceError::AccessDenied {
                action: operation.action(),
                location,
                source,
            },
            Some(
                "UnrecognizedClientException"
                | "InvalidSignatureException"
                | "ExpiredTokenException"
                | "MissingAuthenticationTokenException"
                | "IncompleteSignatureException",
            ) => PersistenceError::BadCredentials { source },
            Some(
                "ProvisionedThroughputExceededException"
                | "ThrottlingException"
                | "RequestLimitExceeded",
            ) => PersistenceError::Throttled { location, source },
            Some("ValidationException")
                if operation.names_an_item() && is_of_another_key(message) =>
            {
                PersistenceError::WrongKey {
                    table,
                    partition_key,
                    source,
                }
            }
            _ => PersistenceError::Other {
                action: operation.action(),
                location,
                source,
            },
        }
    }

    /// Names an error of DeleteItem. A deletion may be done twice, so a turn runs again on a
    /// conflict even if an answer was lost.
    pub(super) fn not_deleted<E>(&self, key: &Key, error: &SdkError<E>) -> PersistenceError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        if meets_another_write(error) {
            let (key, location) = (key.clone(), self.location());
            return PersistenceError::Conflict { key, location };
        }
        self.failed(Operation::DeleteItem, Sent::key(key), error)
    }
}

/// Whether DynamoDB refused a write because somebody else writes the item at this moment: a request
/// in another Region (a table with multi-Region strong consistency) or a transaction. Nothing was
/// written (API Reference, "PutItem", errors).
pub(super) fn meets_another_write<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    matches!(
        error.code(),
        Some("ReplicatedWriteConflictException" | "TransactionConflictException")
    )
}

/// Whether the text of a ValidationException says that the table has another key.
///
/// The first is DynamoDB's answer to GetItem and DeleteItem, the next two to PutItem. The last two
/// come from DynamoDB Local, and from DAX for a key with too many or too few parts. A key that is
/// refused for its value, such as an empty one, has other texts.
fn is_of_another_key(message: &str) -> bool {
    let message = message
        .strip_prefix("One or more parameter values were invalid: ")
        .unwrap_or(message);
    [
        "The provided key element does not match the schema",
        "Missing the key ",
        "Type mismatch for key ",
        "The number of conditions on the keys is invalid",
        "One of the required keys was not given a value",
    ]
    .iter()
    .any(|text| message.starts_with(text))
}
