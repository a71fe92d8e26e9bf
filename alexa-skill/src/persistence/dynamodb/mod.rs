//! Attributes kept in a DynamoDB table, one item a user.

#[cfg(feature = "dax")]
pub mod dax;
#[cfg(feature = "dynamodb")]
mod environment;
mod errors;
mod item;
mod layout;
mod size;
mod table;

use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;

#[cfg(feature = "dynamodb")]
pub use environment::client_from_env;
pub use layout::Layout;

use super::aws::attempts::{LostAnswers, lost_an_answer};
use super::aws::pause::{pause_after, sleep};
use super::aws::reported::Sent;
use super::{
    BoxFuture, Contained, Item, Key, PersistenceAdapter, PersistenceError, Place, Save, Version,
};
use errors::{Operation, meets_another_write};
use layout::{SortKey, TimeToLive};

/// A DynamoDB table. Loading takes `dynamodb:GetItem`, saving `dynamodb:PutItem`, deleting
/// `dynamodb:DeleteItem`; nothing else is called.
#[derive(Clone)]
pub struct DynamoDb {
    client: Client,
    table: String,
    layout: Layout,
    sort_key: Option<SortKey>,
    time_to_live: Option<TimeToLive>,
    consistent_reads: bool,
}

impl DynamoDb {
    /// The table `name`, reached as the environment says (feature `dynamodb`); see [`client_from_env`].
    ///
    /// # Errors
    /// Fails when the environment names no Region or no credentials, or one of the variables cannot
    /// be used.
    #[cfg(feature = "dynamodb")]
    pub fn from_env(name: impl Into<String>) -> Result<DynamoDb, PersistenceError> {
        let config = environment::config()?.interceptor(LostAnswers);
        Ok(DynamoDb::watched(
            Client::from_conf(config.build()),
            name.into(),
        ))
    }

    /// The table `name`, reached as `client` does: with its settings, and with the connections of
    /// its HTTP client if it was given one.
    pub fn new(client: Client, name: impl Into<String>) -> DynamoDb {
        let config = client.config().to_builder().interceptor(LostAnswers);
        DynamoDb::watched(Client::from_conf(config.build()), name.into())
    }

    fn watched(client: Client, table: String) -> DynamoDb {
        DynamoDb {
            client,
            table,
            layout: Layout::default(),
            sort_key: None,
            time_to_live: None,
            consistent_reads: true,
        }
    }

    /// Says how the table's items look; [`Layout::UserId`] unless called.
    #[must_use]
    pub fn layout(mut self, layout: Layout) -> DynamoDb {
        self.layout = layout;
        self
    }

    /// Says that the table has a sort key `name`, of type S, under which this skill's items have
    /// the value `skill`: several skills can then share the table.
    #[must_use]
    pub fn sort_key(mut self, name: impl Into<String>, skill: impl Into<String>) -> DynamoDb {
        self.sort_key = Some(SortKey {
            name: name.into().into(),
            value: skill.into(),
        });
        self
    }

    /// Lets an item expire so long after it was last saved: each save puts the time into the
    /// top-level `attribute`, in seconds since 1970, and an item past its time counts as absent.
    /// DynamoDB deletes such items within a few days where the table's time to live is enabled on
    /// that attribute, as [`ensure_table`](DynamoDb::ensure_table) does.
    #[must_use]
    pub fn time_to_live(mut self, attribute: impl Into<String>, after: Duration) -> DynamoDb {
        self.time_to_live = Some(TimeToLive {
            attribute: attribute.into(),
            after,
        });
        self
    }

    /// Reads at half the price what may be a moment old. No update gets lost by it: a save on old
    /// data is refused, and the turn runs again; its second read is consistent.
    #[must_use]
    pub fn eventually_consistent_reads(mut self) -> DynamoDb {
        self.consistent_reads = false;
        self
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    fn place(&self) -> Place {
        Place::Table(self.table.clone())
    }

    fn named(&self) -> String {
        let region = self.client.config().region().map(AsRef::as_ref);
        let expires = self.time_to_live.as_ref().map(|expiry| &expiry.attribute);
        let items = (&self.layout, &self.sort_key, expires);
        format!("{:?}", ("DynamoDB", region, &self.table, items))
    }

    async fn get(&self, key: &Key, consistent: bool) -> Result<Item, PersistenceError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(self.key_of(key)))
            .consistent_read(consistent)
            .send()
            .await
            .map_err(|error| self.failed(Operation::GetItem, Sent::key(key), &error))?;
        match answer.item {
            Some(stored) => self.read(stored, key),
            None => Ok(Item::default()),
        }
    }

    async fn put(&self, save: Save<'_>) -> Result<Version, PersistenceError> {
        let version = save.read.revision.next(save.request_id);
        let item = self.write(&save, &version);
        let bytes = size::size_of(&item);
        if bytes > size::MOST_BYTES {
            let (key, place) = (save.key.clone(), self.place());
            return Err(PersistenceError::TooLarge { key, place, bytes });
        }
        let condition = self.condition(save.read);
        let answer = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = answer else {
            return Ok(version);
        };
        let (key, place) = (save.key.clone(), self.place());
        let lost_an_answer = lost_an_answer(&error);
        let there = match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(refusal)) => {
                if !lost_an_answer {
                    return Err(PersistenceError::Conflict { key, place });
                }
                match refusal.item() {
                    Some(there) => self.read(there.clone(), save.key)?,
                    None => self.get(save.key, true).await?,
                }
            }
            _ if lost_an_answer => match self.get(save.key, true).await {
                Ok(there) if there.revision.contains(&version) == Contained::Yes => there,
                // Where others have written, the try that lost its answer cannot succeed any more.
                Ok(there)
                    if meets_another_write(&error) && there.revision != save.read.revision =>
                {
                    there
                }
                _ => return Err(self.failed(Operation::PutItem, Sent::save(&save), &error)),
            },
            _ if meets_another_write(&error) => {
                return Err(PersistenceError::Conflict { key, place });
            }
            _ => return Err(self.failed(Operation::PutItem, Sent::save(&save), &error)),
        };
        // An answer was lost, so the write may have happened, and what is there may be our own
        // item, or one that others built on it. Then the turn must not run again.
        match there.revision.contains(&version) {
            Contained::Yes => Ok(version),
            Contained::No => Err(PersistenceError::Conflict { key, place }),
            Contained::Unknown => Err(PersistenceError::Uncertain { key, place }),
        }
    }

    async fn remove(&self, key: &Key) -> Result<(), PersistenceError> {
        self.client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(self.key_of(key)))
            .send()
            .await
            .map_err(|error| self.not_deleted(key, &error))?;
        Ok(())
    }

    async fn wait(&self, conflicts: u32) {
        let told = self.client.config().sleep_impl();
        sleep(told, pause_after(conflicts)).await;
    }
}

/// The client has the credentials and is left out.
impl fmt::Debug for DynamoDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamoDb")
            .field("table", &self.table)
            .field("layout", &self.layout)
            .field("sort_key", &self.sort_key)
            .field("time_to_live", &self.time_to_live)
            .field("consistent_reads", &self.consistent_reads)
            .finish_non_exhaustive()
    }
}

impl PersistenceAdapter for DynamoDb {
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(self.get(key, self.consistent_reads))
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
        Some(self.named())
    }

    fn pause(&self, conflicts: u32) -> BoxFuture<'_, ()> {
        Box::pin(self.wait(conflicts))
    }
}
