//! The calls that an adapter makes, and who carries them out.

use std::future::Future;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::delete_item::{DeleteItemError, DeleteItemOutput};
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::{GetItemError, GetItemOutput};
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemOutput};

/// A client for the three calls that [`DynamoDb`](super::DynamoDb) makes of its table's items, in the
/// AWS SDK's types: the SDK's own client, or one for a cache in front of the table.
///
/// An error says how the call ended. One that is not a service error with a status below 500 means
/// that a write may have happened, and the item is looked at before the turn goes on.
pub trait ItemOperations: Clone + Send + Sync + 'static {
    /// Whether a write may be sent to the table twice before it is answered, without a word of it in
    /// the answer. Then a refusal may be the write's own doing, and it too takes a look at the item.
    const REPEATS_WRITES: bool;

    /// GetItem.
    fn get_item(
        &self,
        input: GetItemInputBuilder,
    ) -> impl Future<Output = Result<GetItemOutput, SdkError<GetItemError>>> + Send;

    /// PutItem.
    fn put_item(
        &self,
        input: PutItemInputBuilder,
    ) -> impl Future<Output = Result<PutItemOutput, SdkError<PutItemError>>> + Send;

    /// DeleteItem.
    fn delete_item(
        &self,
        input: DeleteItemInputBuilder,
    ) -> impl Future<Output = Result<DeleteItemOutput, SdkError<DeleteItemError>>> + Send;
}

impl ItemOperations for Client {
    /// The adapter's interceptor marks an answer that follows on a lost one.
    const REPEATS_WRITES: bool = false;

    async fn get_item(
        &self,
        input: GetItemInputBuilder,
    ) -> Result<GetItemOutput, SdkError<GetItemError>> {
        input.send_with(self).await
    }

    async fn put_item(
        &self,
        input: PutItemInputBuilder,
    ) -> Result<PutItemOutput, SdkError<PutItemError>> {
        input.send_with(self).await
    }

    async fn delete_item(
        &self,
        input: DeleteItemInputBuilder,
    ) -> Result<DeleteItemOutput, SdkError<DeleteItemError>> {
        input.send_with(self).await
    }
}
