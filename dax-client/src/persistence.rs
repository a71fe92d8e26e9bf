//! The attributes of an Alexa skill, behind a cluster.

use alexa_skill::persistence::dynamodb::{DynamoDb, ItemOperations};
use alexa_skill::persistence::{
    BoxFuture, Item, Key, PersistenceAdapter, PersistenceError, Save, Version,
};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::delete_item::{DeleteItemError, DeleteItemOutput};
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::{GetItemError, GetItemOutput};
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemOutput};

use crate::Client;

/// A skill's table behind a DAX cluster (feature `alexa-skill`). It takes the actions `dax:GetItem`,
/// `dax:PutItem` and `dax:DeleteItem`, and the function must be in the cluster's VPC.
///
/// A turn reads eventually consistently, for only such reads come from the cache, and a cached item
/// may be old: minutes, if something else writes around DAX. No update is lost by it: a save on old
/// data is refused, and the turn runs again on a consistent read, which passes the cache.
///
/// ```no_run
/// use alexa_skill::persistence::dynamodb::DynamoDb;
/// use dax_client::Dax;
/// # use aws_sdk_dynamodb::config::{Credentials, Region};
/// # fn main() -> Result<(), alexa_skill::BoxError> {
/// # let credentials = Credentials::new("id", "secret", None, None, "example");
/// let cluster = dax_client::Client::builder("dax://cluster.abc123.dax-clusters.us-east-1.amazonaws.com")
///     .region(Region::new("us-east-1"))
///     .credentials_provider(credentials)
///     .build()?;
/// let persistence = Dax::new(cluster, DynamoDb::from_env("YourTableName")?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Dax {
    table: DynamoDb<Client>,
}

impl Dax {
    /// The table `table`, with its layout and all else that it says, reached through `client`.
    pub fn new(client: Client, table: DynamoDb) -> Dax {
        let table = table.eventually_consistent_reads().through(client);
        Dax { table }
    }
}

// ANCHOR: operations
impl ItemOperations for Client {
    /// A node may have sent a write to DynamoDB twice, without a word of it. So a refusal may be due
    /// to the write itself, and what is in the table tells.
    const REPEATS_WRITES: bool = true;

    async fn get_item(
        &self,
        input: GetItemInputBuilder,
    ) -> Result<GetItemOutput, SdkError<GetItemError>> {
        let input = input.build().map_err(SdkError::construction_failure)?;
        Client::get_item(self)
            .set_table_name(input.table_name)
            .set_key(input.key)
            .set_consistent_read(input.consistent_read)
            .send()
            .await
    }
    // ANCHOR_END: operations

    async fn put_item(
        &self,
        input: PutItemInputBuilder,
    ) -> Result<PutItemOutput, SdkError<PutItemError>> {
        let input = input.build().map_err(SdkError::construction_failure)?;
        Client::put_item(self)
            .set_table_name(input.table_name)
            .set_item(input.item)
            .set_condition_expression(input.condition_expression)
            .set_expression_attribute_names(input.expression_attribute_names)
            .set_expression_attribute_values(input.expression_attribute_values)
            .send()
            .await
    }

    async fn delete_item(
        &self,
        input: DeleteItemInputBuilder,
    ) -> Result<DeleteItemOutput, SdkError<DeleteItemError>> {
        let input = input.build().map_err(SdkError::construction_failure)?;
        Client::delete_item(self)
            .set_table_name(input.table_name)
            .set_key(input.key)
            .send()
            .await
    }
}

impl PersistenceAdapter for Dax {
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        self.table.load(key)
    }

    fn load_fresh<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        self.table.load_fresh(key)
    }

    fn save<'a>(&'a self, save: Save<'a>) -> BoxFuture<'a, Result<Version, PersistenceError>> {
        self.table.save(save)
    }

    fn delete<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), PersistenceError>> {
        self.table.delete(key)
    }

    fn store_identity(&self) -> Option<String> {
        self.table.store_identity()
    }

    fn pause(&self, conflicts: u32) -> BoxFuture<'_, ()> {
        self.table.pause(conflicts)
    }
}
