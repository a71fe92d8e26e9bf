//! Failures in the AWS SDK's types, so that a program handles them as it handles DynamoDB's.

use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::error::{ConnectorError, ErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::query::QueryError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::error;

use crate::error::{Error, Refusal};

/// An operation's error type, made from what the node said.
pub(super) trait OfRefusal {
    fn of_refusal(refusal: &Refusal) -> Self;
}

macro_rules! of_refusal {
    ($($operation:ident: $($variant:ident)*;)*) => {$(
        impl OfRefusal for $operation {
            fn of_refusal(refusal: &Refusal) -> Self {
                let metadata = metadata(refusal);
                match refusal.code() {
                    $(stringify!($variant) => $operation::$variant(
                        error::$variant::builder()
                            .message(&refusal.message)
                            .meta(metadata)
                            .build(),
                    ),)*
                    _ => $operation::generic(metadata),
                }
            }
        }
    )*};
}

of_refusal! {
    GetItemError: InternalServerError ProvisionedThroughputExceededException RequestLimitExceeded
        ResourceNotFoundException ThrottlingException;
    BatchGetItemError: InternalServerError ProvisionedThroughputExceededException
        RequestLimitExceeded ResourceNotFoundException ThrottlingException;
    QueryError: InternalServerError ProvisionedThroughputExceededException RequestLimitExceeded
        ResourceNotFoundException ThrottlingException;
    PutItemError: ConditionalCheckFailedException InternalServerError
        ItemCollectionSizeLimitExceededException ProvisionedThroughputExceededException
        RequestLimitExceeded ResourceNotFoundException ThrottlingException;
    UpdateItemError: ConditionalCheckFailedException InternalServerError
        ItemCollectionSizeLimitExceededException ProvisionedThroughputExceededException
        RequestLimitExceeded ResourceNotFoundException ThrottlingException;
    DeleteItemError: ConditionalCheckFailedException InternalServerError
        ItemCollectionSizeLimitExceededException ProvisionedThroughputExceededException
        RequestLimitExceeded ResourceNotFoundException ThrottlingException;
}

fn metadata(refusal: &Refusal) -> ErrorMetadata {
    let mut metadata = ErrorMetadata::builder()
        .code(refusal.code())
        .message(&refusal.message);
    if let Some(request_id) = &refusal.request_id {
        // Where the SDK's `RequestId` looks for it.
        metadata = metadata.custom("aws_request_id", request_id.clone());
    }
    metadata.build()
}

/// The failure of a call, as the AWS SDK would tell it.
pub(super) fn sdk_error<E: OfRefusal>(error: Error) -> SdkError<E> {
    match error {
        Error::Refused(refusal) => service_error(&refusal),
        // The official clients too give these DynamoDB's code, because DynamoDB would refuse them.
        Error::Invalid(_) | Error::Number(_) => service_error(&Refusal {
            codes: Vec::new(),
            message: error.to_string(),
            request_id: None,
            dynamodb_code: Some("ValidationException".to_owned()),
        }),
        Error::Timeout(_) => SdkError::timeout_error(error),
        Error::Connect { .. }
        | Error::Broken { .. }
        | Error::NoRoute { .. }
        | Error::NoNodes
        | Error::NoLeader => SdkError::dispatch_failure(ConnectorError::io(error.into())),
        Error::Malformed(_) | Error::Unexpected(_) | Error::ReturnValues(_) => {
            SdkError::dispatch_failure(ConnectorError::other(error.into(), None))
        }
        Error::Endpoint { .. }
        | Error::RootCertificate(_)
        | Error::NoRegion
        | Error::NoCredentials
        | Error::Credentials(_) => SdkError::construction_failure(error),
    }
}

fn service_error<E: OfRefusal>(refusal: &Refusal) -> SdkError<E> {
    // DAX doesn't use HTTP, but the SDK's type has to have a response: it gets the status alone.
    match refusal.status().try_into() {
        Ok(status) => {
            let answer = HttpResponse::new(status, "".into());
            SdkError::service_error(E::of_refusal(refusal), answer)
        }
        Err(_) => SdkError::construction_failure(refusal.clone()),
    }
}
