//! What AWS's errors mean for a skill.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use super::DynamoDb;
use crate::persistence::PersistenceError;
use crate::persistence::aws::reported::{reported, unanswered};

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

impl DynamoDb {
    /// Names an error of the SDK. Codes are compared, never the wording of a message, except where
    /// DynamoDB gives one code to several mistakes (Developer Guide, "Error handling").
    pub(super) fn failed<E>(&self, operation: Operation, error: SdkError<E>) -> PersistenceError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let (table, place) = (self.table.clone(), self.place());
        let partition_key = self.layout.partition_key().to_owned();
        let code = error.code().map(str::to_owned);
        let message = error.message().unwrap_or_default().to_lowercase();
        let unanswered = unanswered(&error);
        let source = reported(error);
        match code.as_deref() {
            _ if unanswered => PersistenceError::Unreachable {
                service: "DynamoDB",
                source,
            },
            Some("ResourceNotFoundException") => {
                let region = self.client.config().region();
                let region = region.map(ToString::to_string).unwrap_or_default();
                PersistenceError::NoTable {
                    table,
                    region,
                    partition_key,
                }
            }
            Some("AccessDeniedException") => PersistenceError::AccessDenied {
                action: operation.action(),
                place,
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
            ) => PersistenceError::Throttled { place, source },
            Some("ValidationException") if operation.names_an_item() && message.contains("key") => {
                PersistenceError::WrongKey {
                    table,
                    partition_key,
                    source,
                }
            }
            _ => PersistenceError::Other {
                action: operation.action(),
                place,
                source,
            },
        }
    }
}
