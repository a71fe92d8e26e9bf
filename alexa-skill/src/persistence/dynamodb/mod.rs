//! Attributes kept in a DynamoDB table, one item a user.
//!
//! [`DynamoDb`] is the adapter: its settings are a `Table` (`table`), which also says what an item
//! looks like (`layout`, `item`) and what an error means (`errors`); its calls are [`ItemOperations`].

mod ensure_table;
#[cfg(feature = "dynamodb")]
mod environment;
mod errors;
mod item;
mod layout;
mod operations;
mod save;
mod table;

use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemInput;
use aws_sdk_dynamodb::operation::get_item::GetItemInput;

#[cfg(feature = "dynamodb")]
pub use environment::client_from_env;
pub use layout::Layout;
pub use operations::ItemOperations;

use super::aws::attempts::LostAnswers;
use super::aws::pause::{pause_after, sleep};
use super::aws::reported::Sent;
use super::{BoxFuture, Item, Key, PersistenceAdapter, PersistenceError, Save, Version};
use errors::Operation;
use layout::{SortKey, TimeToLive};
use table::Table;

/// A DynamoDB table. Loading takes `dynamodb:GetItem`, saving `dynamodb:PutItem`, deleting
/// `dynamodb:DeleteItem`; nothing else is called.
///
/// `C` carries the calls out: the AWS SDK's client unless it is told otherwise with
/// [`through`](DynamoDb::through).
#[derive(Clone)]
pub struct DynamoDb<C = Client> {
    client: C,
    table: Table,
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

    fn watched(client: Client, name: String) -> DynamoDb {
        let table = Table::new(client.config(), name);
        DynamoDb { client, table }
    }
}

impl<C> DynamoDb<C> {
    /// The same table, with all that was said of it, its items reached through another client.
    #[must_use]
    pub fn through<D: ItemOperations>(self, client: D) -> DynamoDb<D> {
        let table = self.table;
        DynamoDb { client, table }
    }

    /// Says how the table's items look; [`Layout::UserId`] unless called.
    #[must_use]
    pub fn layout(mut self, layout: Layout) -> Self {
        self.table.layout = layout;
        self
    }

    /// Says that the table has a sort key `name`, of type S, under which this skill's items have
    /// the value `skill`: several skills can then share the table.
    #[must_use]
    pub fn sort_key(mut self, name: impl Into<String>, skill: impl Into<String>) -> Self {
        self.table.sort_key = Some(SortKey {
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
    pub fn time_to_live(mut self, attribute: impl Into<String>, after: Duration) -> Self {
        self.table.time_to_live = Some(TimeToLive {
            attribute: attribute.into(),
            after,
        });
        self
    }

    /// Reads at half the price what may be a moment old. No update gets lost by it: a save on old
    /// data is refused, and the turn runs again; its second read is consistent.
    #[must_use]
    pub fn eventually_consistent_reads(mut self) -> Self {
        self.table.consistent_reads = false;
        self
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table.name
    }
}

impl<C: ItemOperations> DynamoDb<C> {
    async fn get(&self, key: &Key, consistent: bool) -> Result<Item, PersistenceError> {
        let input = GetItemInput::builder()
            .table_name(&self.table.name)
            .set_key(Some(self.table.key_of(key)))
            .consistent_read(consistent);
        let answer = self.client.get_item(input).await.map_err(|error| {
            self.table
                .failed(Operation::GetItem, Sent::key(key), &error)
        })?;
        match answer.item {
            Some(stored) => self.table.read(stored, key),
            None => Ok(Item::default()),
        }
    }

    async fn remove(&self, key: &Key) -> Result<(), PersistenceError> {
        let input = DeleteItemInput::builder()
            .table_name(&self.table.name)
            .set_key(Some(self.table.key_of(key)));
        let answer = self.client.delete_item(input).await;
        answer.map_err(|error| self.table.not_deleted(key, &error))?;
        Ok(())
    }

    async fn wait(&self, conflicts: u32) {
        sleep(self.table.sleep.clone(), pause_after(conflicts)).await;
    }
}

/// The client has the credentials and is left out.
impl<C> fmt::Debug for DynamoDb<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamoDb")
            .field("table", &self.table.name)
            .field("layout", &self.table.layout)
            .field("sort_key", &self.table.sort_key)
            .field("time_to_live", &self.table.time_to_live)
            .field("consistent_reads", &self.table.consistent_reads)
            .finish_non_exhaustive()
    }
}

impl<C: ItemOperations> PersistenceAdapter for DynamoDb<C> {
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(self.get(key, self.table.consistent_reads))
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

    fn store_identity(&self) -> Option<String> {
        Some(self.table.named())
    }

    fn pause(&self, conflicts: u32) -> BoxFuture<'_, ()> {
        Box::pin(self.wait(conflicts))
    }
}
