//! GetItem and BatchGetItem: from the item cache, or from the store.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::{ConsumedCapacity as SdkConsumedCapacity, KeysAndAttributes};

use super::cache::{Key, Known, Ticket};
use super::state::State;
use super::store::refusal;
use crate::error::Error;
use crate::expression::Projection;
use crate::protocol::{
    BatchGetItemReply, BatchGetItemRequest, ConsumedCapacity, GetItemReply, GetItemRequest,
    StoredItem, TableReads,
};
use crate::wire::key::KeySchema;
use crate::wire::value::Item;

/// What a batch reads from one table.
struct Batch {
    reads: TableReads,
    schema: Arc<KeySchema>,
    /// Items that are known already.
    found: Vec<StoredItem>,
    /// Keys that the store is asked for.
    missed: Vec<(Vec<u8>, Ticket)>,
}

impl State {
    pub(super) async fn get_item(&self, request: GetItemRequest) -> Result<GetItemReply, Error> {
        let options = request.options;
        let projection = options.projection.as_ref();
        let schema = self.schema(&request.table).await?;
        let cache_key = Key::new(&request.table, &request.key);
        if let Some(known) = self.cached(&cache_key, options.consistent_read) {
            return Ok(GetItemReply {
                item: stored(&known, projection),
                consumed_capacity: None,
            });
        }
        let ticket = self.items.begin_read(&cache_key);
        let answer = self
            .store
            .call()
            .await
            .get_item()
            .table_name(&request.table)
            .set_key(Some(schema.decode(&request.key)?))
            .consistent_read(options.consistent_read)
            .set_return_consumed_capacity(options.consumed_capacity)
            .send()
            .await
            .map_err(refusal)?;
        let known = self.known(answer.item, &schema)?;
        if !options.consistent_read {
            self.items.finish_read(cache_key, ticket, known.clone());
        }
        Ok(GetItemReply {
            item: stored(&known, projection),
            consumed_capacity: answer.consumed_capacity.as_ref().map(capacity),
        })
    }

    /// What the item cache knows; a consistent read does not ask it.
    fn cached(&self, key: &Key, consistent_read: bool) -> Option<Arc<Known>> {
        match consistent_read {
            true => None,
            false => self.items.get(key),
        }
    }

    pub(super) async fn batch_get_item(
        &self,
        request: BatchGetItemRequest,
    ) -> Result<BatchGetItemReply, Error> {
        let mut batches = Vec::new();
        let mut asked = HashMap::new();
        for reads in request.tables {
            let batch = self.begin_batch(reads).await?;
            if !batch.missed.is_empty() {
                asked.insert(batch.reads.table.clone(), batch.asked()?);
            }
            batches.push(batch);
        }
        let mut reply = BatchGetItemReply::default();
        let (mut items, mut unprocessed) = (HashMap::new(), HashMap::new());
        if !asked.is_empty() {
            let answer = self
                .store
                .call()
                .await
                .batch_get_item()
                .set_request_items(Some(asked))
                .set_return_consumed_capacity(request.consumed_capacity)
                .send()
                .await
                .map_err(refusal)?;
            reply.consumed_capacity = answer.consumed_capacity().iter().map(capacity).collect();
            items = answer.responses.unwrap_or_default();
            unprocessed = answer.unprocessed_keys.unwrap_or_default();
        }
        for batch in batches {
            let table = batch.reads.table.clone();
            let items = items.remove(&table).unwrap_or_default();
            let keys = unprocessed.remove(&table).map(|keys| keys.keys);
            let (found, left) = self.finish_batch(batch, items, &keys.unwrap_or_default())?;
            if !left.is_empty() {
                reply.unprocessed.push((table.clone(), left));
            }
            reply.responses.push((table, found));
        }
        Ok(reply)
    }

    async fn begin_batch(&self, reads: TableReads) -> Result<Batch, Error> {
        let schema = self.schema(&reads.table).await?;
        let (mut found, mut missed) = (Vec::new(), Vec::new());
        for key in &reads.keys {
            let cache_key = Key::new(&reads.table, key);
            match self.cached(&cache_key, reads.consistent_read) {
                Some(known) => found.extend(keyed(&known, key, reads.projection.as_ref())),
                None => missed.push((key.clone(), self.items.begin_read(&cache_key))),
            }
        }
        Ok(Batch {
            reads,
            schema,
            found,
            missed,
        })
    }

    /// Keeps what the store answered of a table: all its items, and the keys that are left.
    fn finish_batch(
        &self,
        batch: Batch,
        items: Vec<Item>,
        unprocessed: &[Item],
    ) -> Result<(Vec<StoredItem>, Vec<Vec<u8>>), Error> {
        let Batch {
            reads,
            schema,
            mut found,
            missed,
        } = batch;
        let mut of_key: HashMap<Vec<u8>, Item> = HashMap::new();
        for item in items {
            of_key.insert(schema.encode_of(&item)?, item);
        }
        let left = unprocessed.iter().map(|key| schema.encode(key));
        let left: Vec<_> = left.collect::<Result<_, _>>()?;
        for (key, ticket) in missed {
            if left.contains(&key) {
                continue;
            }
            let known = self.known(of_key.remove(&key), &schema)?;
            found.extend(keyed(&known, &key, reads.projection.as_ref()));
            if !reads.consistent_read {
                let cache_key = Key::new(&reads.table, &key);
                self.items.finish_read(cache_key, ticket, known);
            }
        }
        Ok((found, left))
    }
}

impl Batch {
    fn asked(&self) -> Result<KeysAndAttributes, Error> {
        let keys = self.missed.iter().map(|(key, _)| self.schema.decode(key));
        let keys = KeysAndAttributes::builder()
            .set_keys(Some(keys.collect::<Result<_, _>>()?))
            .consistent_read(self.reads.consistent_read);
        Ok(keys.build()?)
    }
}

/// What of an item an answer holds. Projections are taken here, so that the whole item is cached.
fn stored(known: &Known, projection: Option<&Projection>) -> Option<StoredItem> {
    match (known, projection) {
        (Known::Missing, _) => None,
        (Known::Item { values, .. }, None) => Some(StoredItem::Values(values.clone())),
        (Known::Item { item, .. }, Some(projection)) => {
            Some(StoredItem::Projected(projection.pick(item)))
        }
    }
}

fn keyed(known: &Known, key: &[u8], projection: Option<&Projection>) -> Option<StoredItem> {
    Some(match stored(known, projection)? {
        StoredItem::Values(values) => StoredItem::Keyed {
            key: key.to_vec(),
            values,
        },
        other => other,
    })
}

pub(super) fn capacity(consumed: &SdkConsumedCapacity) -> ConsumedCapacity {
    ConsumedCapacity {
        table: consumed.table_name().unwrap_or_default().to_owned(),
        units: consumed.capacity_units().unwrap_or_default(),
        of_table: consumed
            .table()
            .and_then(|capacity| capacity.capacity_units()),
        of_global_indexes: None,
        of_local_indexes: None,
    }
}
