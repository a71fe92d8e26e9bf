//! What the nodes of a local DAX share.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodb::config::Credentials;
use moka::sync::Cache;

use super::cache::{ItemCache, Known, QueryCache};
use super::store::{Store, invalid};
use crate::error::Error;
use crate::protocol::{EndpointsReply, ServiceEndpoint};
use crate::wire::item::{self, NO_ATTRIBUTES};
use crate::wire::key::KeySchema;
use crate::wire::value::Item;

/// The state behind all nodes. A real cluster replicates it; here it is one.
pub(super) struct State {
    pub(super) store: Store,
    pub(super) items: ItemCache,
    pub(super) queries: QueryCache,
    pub(super) credentials: Option<Credentials>,
    pub(super) authorization: Duration,
    /// Where discovery says that the nodes are; the first is the leader.
    advertised: Mutex<Vec<SocketAddr>>,
    schemas: Cache<String, Arc<KeySchema>>,
    lists: Mutex<AttributeLists>,
}

/// Lists of attribute names, and the numbers that stand for them.
#[derive(Debug, Default)]
struct AttributeLists {
    ids: HashMap<Arc<[String]>, i64>,
    names: Vec<Arc<[String]>>,
}

/// Number 1 is the empty list, so that the first list gets 2.
const FIRST_LIST: i64 = NO_ATTRIBUTES + 1;

impl State {
    pub(super) fn new(
        store: Store,
        items: ItemCache,
        queries: QueryCache,
        credentials: Option<Credentials>,
        authorization: Duration,
    ) -> State {
        State {
            store,
            items,
            queries,
            credentials,
            authorization,
            advertised: Mutex::default(),
            schemas: Cache::builder()
                .max_capacity(1000)
                .time_to_live(Duration::from_secs(60))
                .build(),
            lists: Mutex::default(),
        }
    }

    pub(super) fn endpoints(&self) -> EndpointsReply {
        let advertised = self.advertised.lock();
        let advertised = advertised.unwrap_or_else(PoisonError::into_inner);
        let endpoint = |(node, address): (usize, &SocketAddr)| ServiceEndpoint {
            address: *address,
            is_leader: node == 0,
        };
        EndpointsReply(advertised.iter().enumerate().map(endpoint).collect())
    }

    pub(super) fn set_advertised(&self, addresses: Vec<SocketAddr>) {
        *self
            .advertised
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = addresses;
    }

    pub(super) async fn schema(&self, table: &str) -> Result<Arc<KeySchema>, Error> {
        if let Some(schema) = self.schemas.get(table) {
            return Ok(schema);
        }
        let schema = Arc::new(self.store.key_schema(table).await?);
        self.schemas.insert(table.to_owned(), schema.clone());
        Ok(schema)
    }

    pub(super) fn list_id(&self, names: &[String]) -> i64 {
        if names.is_empty() {
            return NO_ATTRIBUTES;
        }
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = lists.ids.get(names) {
            return *id;
        }
        let names: Arc<[String]> = names.into();
        let id = FIRST_LIST + lists.names.len() as i64;
        lists.names.push(names.clone());
        lists.ids.insert(names, id);
        id
    }

    pub(super) fn list(&self, id: i64) -> Result<Arc<[String]>, Error> {
        if id == NO_ATTRIBUTES {
            return Ok(Arc::default());
        }
        let lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let place = usize::try_from(id - FIRST_LIST).ok();
        let names = place.and_then(|place| lists.names.get(place)).cloned();
        let undefined = || invalid(format!("there is no list of attribute names {id}"));
        names.ok_or_else(undefined)
    }

    /// An item's values as they go over the wire.
    pub(super) fn values(&self, item: &Item, schema: &KeySchema) -> Result<Vec<u8>, Error> {
        let names = item::attribute_names(item, schema);
        item::write_values(item, &names, self.list_id(&names))
    }

    /// What the store says of an item, as the cache keeps it.
    pub(super) fn known(
        &self,
        item: Option<Item>,
        schema: &KeySchema,
    ) -> Result<Arc<Known>, Error> {
        let Some(item) = item else {
            return Ok(Arc::new(Known::Missing));
        };
        let values = self.values(&item, schema)?;
        Ok(Arc::new(Known::Item { item, values }))
    }

    /// The item of a key and its values.
    pub(super) fn item(
        &self,
        schema: &KeySchema,
        key: &[u8],
        values: &[u8],
    ) -> Result<Item, Error> {
        let names = self.list(item::list_id(values)?)?;
        let mut item = item::read_values(values, &names)?;
        item.extend(schema.decode(key)?);
        Ok(item)
    }
}
