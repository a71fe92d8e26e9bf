//! The same table, read through DynamoDB Accelerator (DAX).

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use dax_client::Client;

use super::errors::{Operation, meets_another_write};
use super::{DynamoDb, size};
use crate::persistence::aws::attempts::lost_an_answer;
use crate::persistence::aws::reported::Sent;
use crate::persistence::{
    BoxFuture, Contained, Item, Key, PersistenceAdapter, PersistenceError, Save, Version,
};

/// A DynamoDB table behind a DAX cluster. It takes the actions `dax:GetItem`, `dax:PutItem` and
/// `dax:DeleteItem`, and the function must be in the cluster's VPC.
///
/// A turn reads eventually consistently, for only such reads come from the cache, and a cached item
/// may be old: minutes, if something else writes around DAX. No update is lost by it: a save on old
/// data is refused, and the turn runs again on a consistent read, which passes the cache.
///
/// ```no_run
/// use alexa_skill::persistence::dax::Dax;
/// use alexa_skill::persistence::dynamodb::DynamoDb;
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
    client: Client,
    table: DynamoDb,
}

impl Dax {
    /// The table `table`, with its layout and all else that it says, reached through `client`.
    pub fn new(client: Client, table: DynamoDb) -> Dax {
        Dax { client, table }
    }

    // ANCHOR: get
    async fn get(&self, key: &Key, consistent: bool) -> Result<Item, PersistenceError> {
        let answer = self
            .client
            .get_item()
            .table_name(self.table.table())
            .set_key(Some(self.table.key_of(key)))
            .consistent_read(consistent)
            .send()
            .await
            .map_err(|error| {
                self.table
                    .failed(Operation::GetItem, Sent::key(key), &error)
            })?;
        match answer.item {
            Some(stored) => self.table.read(stored, key),
            None => Ok(Item::default()),
        }
    }
    // ANCHOR_END: get

    async fn put(&self, save: Save<'_>) -> Result<Version, PersistenceError> {
        let version = save.read.revision.next(save.request_id);
        let item = self.table.write(&save, &version);
        let (key, place) = (save.key.clone(), self.table.place());
        let bytes = size::size_of(&item);
        if bytes > size::MOST_BYTES {
            return Err(PersistenceError::TooLarge { key, place, bytes });
        }
        let condition = self.table.condition(save.read);
        let answer = self
            .client
            .put_item()
            .table_name(self.table.table())
            .set_item(Some(item))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(condition.values)
            .send()
            .await;
        let Err(error) = answer else {
            return Ok(version);
        };
        let refused = meets_another_write(&error)
            || matches!(
                error.as_service_error(),
                Some(PutItemError::ConditionalCheckFailedException(_))
            );
        if !refused && !lost_an_answer(&error) {
            return Err(self
                .table
                .failed(Operation::PutItem, Sent::save(&save), &error));
        }
        // A write whose answer was lost, or was a server's error, may have happened; and a node may
        // have sent a refused one to DynamoDB twice, without a word. What is there tells.
        let there = match self.get(save.key, true).await {
            Ok(there) => there,
            Err(_) => {
                return Err(self
                    .table
                    .failed(Operation::PutItem, Sent::save(&save), &error));
            }
        };
        match there.revision.contains(&version) {
            Contained::Yes => Ok(version),
            Contained::No if refused => Err(PersistenceError::Conflict { key, place }),
            Contained::Unknown if refused => Err(PersistenceError::Uncertain { key, place }),
            _ => Err(self
                .table
                .failed(Operation::PutItem, Sent::save(&save), &error)),
        }
    }

    async fn remove(&self, key: &Key) -> Result<(), PersistenceError> {
        self.client
            .delete_item()
            .table_name(self.table.table())
            .set_key(Some(self.table.key_of(key)))
            .send()
            .await
            .map_err(|error| self.table.not_deleted(key, &error))?;
        Ok(())
    }
}

impl PersistenceAdapter for Dax {
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(self.get(key, false))
    }

    fn load_fresh<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(self.get(key, true))
    }

    fn save<'a>(&'a self, save: Save<'a>) -> BoxFuture<'a, Result<Version, PersistenceError>> {
        Box::pin(self.put(save))
    }

    fn delete<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), PersistenceError>> {
        Box::pin(self.remove(key))
    }

    fn origin(&self) -> Option<String> {
        self.table.origin()
    }

    fn pause(&self, conflicts: u32) -> BoxFuture<'_, ()> {
        self.table.pause(conflicts)
    }
}
