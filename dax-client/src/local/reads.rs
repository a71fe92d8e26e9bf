//! GetItem, BatchGetItem, Query and Scan: from the caches, or from the store.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::{ConsumedCapacity as SdkConsumedCapacity, KeysAndAttributes, Select};

use super::cache::{Key, Known};
use super::state::State;
use super::store::{invalid, refusal};
use crate::error::Error;
use crate::expression::{Placeholders, Projection};
use crate::protocol::{
    BatchGetItemReply, BatchGetItemRequest, ConsumedCapacity, GetItemReply, GetItemRequest,
    Options, Page, QueryRequest, Request, ScanRequest, StoredItem, reply,
};
use crate::wire::key::{self, KeySchema};
use crate::wire::value::Item;

impl State {
    pub(super) async fn get_item(&self, request: GetItemRequest) -> Result<GetItemReply, Error> {
        let GetItemRequest {
            table,
            key,
            options,
        } = request;
        let schema = self.schema(&table).await?;
        let cache_key = Key::new(&table, &key);
        let cached = match options.consistent_read {
            true => None,
            false => self.items.get(&cache_key),
        };
        if let Some(known) = cached {
            return Ok(GetItemReply {
                item: stored(&known, options.projection.as_ref()),
                consumed_capacity: None,
            });
        }
        let ticket = self.items.begin_read(&cache_key);
        let answer = self
            .store
            .call()
            .await
            .get_item()
            .table_name(&table)
            .set_key(Some(schema.decode(&key)?))
            .consistent_read(options.consistent_read)
            .set_return_consumed_capacity(options.consumed_capacity.clone())
            .send()
            .await
            .map_err(refusal)?;
        let known = self.known(answer.item, &schema)?;
        if !options.consistent_read {
            self.items.finish_read(cache_key, ticket, known.clone());
        }
        Ok(GetItemReply {
            item: stored(&known, options.projection.as_ref()),
            consumed_capacity: answer.consumed_capacity.as_ref().map(capacity),
        })
    }

    pub(super) async fn batch_get_item(
        &self,
        request: BatchGetItemRequest,
    ) -> Result<BatchGetItemReply, Error> {
        let tables = request.tables;
        let mut reply = BatchGetItemReply::default();
        let mut asked = HashMap::new();
        let mut waiting = HashMap::new();
        for wanted in &tables {
            let schema = self.schema(&wanted.table).await?;
            let mut found = Vec::new();
            let mut keys = Vec::new();
            for key in &wanted.keys {
                let cache_key = Key::new(&wanted.table, key);
                let cached = match wanted.consistent_read {
                    true => None,
                    false => self.items.get(&cache_key),
                };
                if let Some(known) = cached {
                    found.extend(keyed(&known, key, wanted.projection.as_ref()));
                    continue;
                }
                let ticket = self.items.begin_read(&cache_key);
                waiting.insert(cache_key, ticket);
                keys.push(schema.decode(key)?);
            }
            if !keys.is_empty() {
                let keys = KeysAndAttributes::builder()
                    .set_keys(Some(keys))
                    .consistent_read(wanted.consistent_read)
                    .build()?;
                asked.insert(wanted.table.clone(), keys);
            }
            reply.responses.push((wanted.table.clone(), found));
        }
        if asked.is_empty() {
            return Ok(reply);
        }
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
        let mut responses = answer.responses.unwrap_or_default();
        let unprocessed = answer.unprocessed_keys.unwrap_or_default();
        for (wanted, (_, found)) in tables.iter().zip(&mut reply.responses) {
            let schema = self.schema(&wanted.table).await?;
            let mut of_key: HashMap<Vec<u8>, Item> = HashMap::new();
            for item in responses.remove(&wanted.table).unwrap_or_default() {
                of_key.insert(schema.encode_of(&item)?, item);
            }
            let mut left = Vec::new();
            for key in unprocessed
                .get(&wanted.table)
                .iter()
                .flat_map(|keys| keys.keys())
            {
                left.push(schema.encode(key)?);
            }
            for key in &wanted.keys {
                let cache_key = Key::new(&wanted.table, key);
                let Some(ticket) = waiting.remove(&cache_key) else {
                    continue;
                };
                if left.contains(key) {
                    continue;
                }
                let known = self.known(of_key.remove(key), &schema)?;
                found.extend(keyed(&known, key, wanted.projection.as_ref()));
                if !wanted.consistent_read {
                    self.items.finish_read(cache_key, ticket, known);
                }
            }
            if !left.is_empty() {
                reply.unprocessed.push((wanted.table.clone(), left));
            }
        }
        Ok(reply)
    }

    /// The whole reply to a query, from the query cache or of the store.
    pub(super) async fn cached_query(&self, request: QueryRequest) -> Result<Arc<Vec<u8>>, Error> {
        // Written anew, so that the same question of two clients is one question.
        let question = request.encode()?;
        let consistent = request.options.consistent_read;
        self.cached(question, consistent, self.query(request)).await
    }

    /// The whole reply to a scan, from the query cache or of the store.
    pub(super) async fn cached_scan(&self, request: ScanRequest) -> Result<Arc<Vec<u8>>, Error> {
        let question = request.encode()?;
        let consistent = request.options.consistent_read;
        self.cached(question, consistent, self.scan(request)).await
    }

    async fn cached(
        &self,
        question: Vec<u8>,
        consistent: bool,
        page: impl Future<Output = Result<Page, Error>>,
    ) -> Result<Arc<Vec<u8>>, Error> {
        if !consistent && let Some(answer) = self.queries.get(&question) {
            return Ok(answer);
        }
        let answer = Arc::new(reply::encode(&page.await?)?);
        if !consistent {
            self.queries.insert(question, answer.clone());
        }
        Ok(answer)
    }

    async fn query(&self, request: QueryRequest) -> Result<Page, Error> {
        let QueryRequest {
            table,
            key_condition,
            options,
        } = request;
        let schema = self.schema(&table).await?;
        let mut placeholders = Placeholders::default();
        let key_condition = key_condition.map(|condition| placeholders.condition(&condition));
        let filter = options
            .filter
            .as_ref()
            .map(|filter| placeholders.condition(filter));
        let answer = self
            .store
            .call()
            .await
            .query()
            .table_name(&table)
            .set_key_condition_expression(key_condition)
            .set_filter_expression(filter)
            .set_expression_attribute_names(some(placeholders.names))
            .set_expression_attribute_values(some(placeholders.values))
            .set_index_name(options.index.clone())
            .set_limit(int(options.limit)?)
            .set_scan_index_forward(options.forward)
            .set_select(select(&options))
            .set_exclusive_start_key(start_key(&options, &schema)?)
            .consistent_read(options.consistent_read)
            .set_return_consumed_capacity(options.consumed_capacity.clone())
            .send()
            .await
            .map_err(refusal)?;
        let consumed = answer.consumed_capacity.as_ref().map(capacity);
        let counts = (answer.count, answer.scanned_count);
        self.page(
            &schema,
            &options,
            answer.items,
            counts,
            answer.last_evaluated_key,
            consumed,
        )
    }

    async fn scan(&self, request: ScanRequest) -> Result<Page, Error> {
        let ScanRequest { table, options } = request;
        let schema = self.schema(&table).await?;
        let mut placeholders = Placeholders::default();
        let filter = options
            .filter
            .as_ref()
            .map(|filter| placeholders.condition(filter));
        let answer = self
            .store
            .call()
            .await
            .scan()
            .table_name(&table)
            .set_filter_expression(filter)
            .set_expression_attribute_names(some(placeholders.names))
            .set_expression_attribute_values(some(placeholders.values))
            .set_index_name(options.index.clone())
            .set_limit(int(options.limit)?)
            .set_select(select(&options))
            .set_segment(int(options.segment)?)
            .set_total_segments(int(options.total_segments)?)
            .set_exclusive_start_key(start_key(&options, &schema)?)
            .consistent_read(options.consistent_read)
            .set_return_consumed_capacity(options.consumed_capacity.clone())
            .send()
            .await
            .map_err(refusal)?;
        let consumed = answer.consumed_capacity.as_ref().map(capacity);
        let counts = (answer.count, answer.scanned_count);
        self.page(
            &schema,
            &options,
            answer.items,
            counts,
            answer.last_evaluated_key,
            consumed,
        )
    }

    fn page(
        &self,
        schema: &KeySchema,
        options: &Options,
        items: Option<Vec<Item>>,
        (count, scanned): (i32, i32),
        last: Option<Item>,
        consumed_capacity: Option<ConsumedCapacity>,
    ) -> Result<Page, Error> {
        let stored = |item: Item| match &options.projection {
            Some(projection) => Ok(StoredItem::Projected(projection.pick(&item))),
            None => Ok(StoredItem::Keyed {
                key: schema.encode_of(&item)?,
                values: self.values(&item, schema)?,
            }),
        };
        let items = items.map(|items| items.into_iter().map(stored).collect::<Result<_, Error>>());
        let last_evaluated_key = match last {
            Some(key) if options.index.is_some() => Some(key::encode_index_key(&key)?),
            Some(key) => Some(schema.encode(&key)?),
            None => None,
        };
        Ok(Page {
            items: items.transpose()?,
            count: Some(count.into()),
            scanned_count: Some(scanned.into()),
            last_evaluated_key,
            consumed_capacity,
        })
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

pub(super) fn some<K, V>(map: HashMap<K, V>) -> Option<HashMap<K, V>> {
    Some(map).filter(|map| !map.is_empty())
}

fn int(value: Option<i64>) -> Result<Option<i32>, Error> {
    let int = |value| i32::try_from(value).map_err(|_| invalid(format!("{value} is too large")));
    value.map(int).transpose()
}

/// Projections are taken here, so the store is asked for whole items.
fn select(options: &Options) -> Option<Select> {
    let select = options.select.clone();
    select.filter(|select| *select != Select::SpecificAttributes)
}

fn start_key(options: &Options, schema: &KeySchema) -> Result<Option<Item>, Error> {
    let Some(bytes) = &options.exclusive_start_key else {
        return Ok(None);
    };
    Ok(Some(match options.index {
        Some(_) => key::decode_index_key(bytes)?,
        None => schema.decode(bytes)?,
    }))
}
