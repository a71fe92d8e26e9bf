//! GetItem, BatchGetItem, Query and Scan: from the caches, or from the store.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::{ConsumedCapacity as SdkConsumedCapacity, KeysAndAttributes, Select};

use super::cache::{Key, Known};
use super::state::State;
use super::store::{capacity_level, invalid, refusal};
use crate::error::Error;
use crate::expression::{Condition, Placeholders, Projection};
use crate::wire::cbor::Writer;
use crate::wire::item::Item;
use crate::wire::key::KeySchema;
use crate::wire::options::Options;
use crate::wire::reply::{Batch, Body, ConsumedCapacity, Stored};
use crate::wire::request::{BatchGet, Request};

impl State {
    pub(super) async fn get_item(
        &self,
        table: String,
        key: Vec<u8>,
        options: Options,
    ) -> Result<Body, Error> {
        let schema = self.schema(&table).await?;
        let cache_key = Key {
            table: table.as_str().into(),
            key: key.as_slice().into(),
        };
        let cached = match options.consistent_read {
            true => None,
            false => self.items.get(&cache_key),
        };
        if let Some(known) = cached {
            let item = stored(&known, options.projection.as_ref());
            return Ok(Body {
                item,
                ..Body::default()
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
            .set_return_consumed_capacity(capacity_level(options.consumed_capacity))
            .send()
            .await
            .map_err(refusal)?;
        let known = self.known(answer.item, &schema)?;
        if !options.consistent_read {
            self.items.finish_read(cache_key, ticket, known.clone());
        }
        Ok(Body {
            item: stored(&known, options.projection.as_ref()),
            consumed_capacity: answer.consumed_capacity.as_ref().map(capacity),
            ..Body::default()
        })
    }

    pub(super) async fn batch_get_item(
        &self,
        tables: Vec<BatchGet>,
        options: Options,
    ) -> Result<Batch, Error> {
        let mut batch = Batch::default();
        let mut asked = HashMap::new();
        let mut waiting = HashMap::new();
        for wanted in &tables {
            let schema = self.schema(&wanted.table).await?;
            let mut found = Vec::new();
            let mut keys = Vec::new();
            for key in &wanted.keys {
                let cache_key = Key {
                    table: wanted.table.as_str().into(),
                    key: key.as_slice().into(),
                };
                let cached = match wanted.consistent {
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
                    .consistent_read(wanted.consistent)
                    .build()?;
                asked.insert(wanted.table.clone(), keys);
            }
            batch.responses.push((wanted.table.clone(), found));
        }
        if asked.is_empty() {
            return Ok(batch);
        }
        let answer = self
            .store
            .call()
            .await
            .batch_get_item()
            .set_request_items(Some(asked))
            .set_return_consumed_capacity(capacity_level(options.consumed_capacity))
            .send()
            .await
            .map_err(refusal)?;
        batch.consumed_capacity = answer.consumed_capacity().iter().map(capacity).collect();
        let mut responses = answer.responses.unwrap_or_default();
        let unprocessed = answer.unprocessed_keys.unwrap_or_default();
        for (wanted, (_, found)) in tables.iter().zip(&mut batch.responses) {
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
                let cache_key = Key {
                    table: wanted.table.as_str().into(),
                    key: key.as_slice().into(),
                };
                let Some(ticket) = waiting.remove(&cache_key) else {
                    continue;
                };
                if left.contains(key) {
                    continue;
                }
                let known = self.known(of_key.remove(key), &schema)?;
                found.extend(keyed(&known, key, wanted.projection.as_ref()));
                if !wanted.consistent {
                    self.items.finish_read(cache_key, ticket, known);
                }
            }
            if !left.is_empty() {
                batch.unprocessed.push((wanted.table.clone(), left));
            }
        }
        Ok(batch)
    }

    /// Answers from the query cache, or asks the store; the answer is kept as it is sent.
    pub(super) async fn cached_query(&self, request: Request) -> Result<Arc<Vec<u8>>, Error> {
        let consistent = match &request {
            Request::Query { options, .. } | Request::Scan { options, .. } => {
                options.consistent_read
            }
            _ => true,
        };
        // Written anew, so that the same question of two clients is one question.
        let question = request.encode()?;
        if !consistent && let Some(answer) = self.queries.get(&question) {
            return Ok(answer);
        }
        let body = match request {
            Request::Query {
                table,
                key_condition,
                options,
            } => self.query(table, key_condition, options).await?,
            Request::Scan { table, options } => self.scan(table, options).await?,
            _ => return Err(Error::Malformed("a request that is no query")),
        };
        let mut writer = Writer::new();
        body.write(&mut writer)?;
        let answer = Arc::new(writer.into_bytes());
        if !consistent {
            self.queries.insert(question, answer.clone());
        }
        Ok(answer)
    }

    async fn query(
        &self,
        table: String,
        key_condition: Option<Condition>,
        options: Options,
    ) -> Result<Body, Error> {
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
            .set_limit(limit(&options)?)
            .set_scan_index_forward(options.forward)
            .set_select(select(&options)?)
            .set_exclusive_start_key(start_key(&options, &schema)?)
            .consistent_read(options.consistent_read)
            .set_return_consumed_capacity(capacity_level(options.consumed_capacity))
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

    async fn scan(&self, table: String, options: Options) -> Result<Body, Error> {
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
            .set_limit(limit(&options)?)
            .set_select(select(&options)?)
            .set_segment(int(options.segment)?)
            .set_total_segments(int(options.total_segments)?)
            .set_exclusive_start_key(start_key(&options, &schema)?)
            .consistent_read(options.consistent_read)
            .set_return_consumed_capacity(capacity_level(options.consumed_capacity))
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
    ) -> Result<Body, Error> {
        let stored = |item: Item| match &options.projection {
            Some(projection) => Ok(Stored::Projected(projection.pick(&item))),
            None => Ok(Stored::Keyed {
                key: schema.encode_of(&item)?,
                values: self.values(&item, schema)?,
            }),
        };
        let items = items.map(|items| items.into_iter().map(stored).collect::<Result<_, Error>>());
        let last_evaluated_key = match last {
            Some(key) if options.index.is_some() => Some(crate::wire::key::encode_named(&key)?),
            Some(key) => Some(schema.encode(&key)?),
            None => None,
        };
        Ok(Body {
            items: items.transpose()?,
            count: Some(count.into()),
            scanned_count: Some(scanned.into()),
            last_evaluated_key,
            consumed_capacity,
            ..Body::default()
        })
    }
}

/// What of an item an answer holds. Projections are taken here, so that the whole item is cached.
fn stored(known: &Known, projection: Option<&Projection>) -> Option<Stored> {
    match (known, projection) {
        (Known::Missing, _) => None,
        (Known::Item { values, .. }, None) => Some(Stored::Values(values.clone())),
        (Known::Item { item, .. }, Some(projection)) => {
            Some(Stored::Projected(projection.pick(item)))
        }
    }
}

fn keyed(known: &Known, key: &[u8], projection: Option<&Projection>) -> Option<Stored> {
    Some(match stored(known, projection)? {
        Stored::Values(values) => Stored::Keyed {
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

fn limit(options: &Options) -> Result<Option<i32>, Error> {
    int(options.limit)
}

/// Projections are taken here, so the store is asked for whole items.
fn select(options: &Options) -> Result<Option<Select>, Error> {
    match options.select {
        None | Some(4) => Ok(None),
        Some(1) => Ok(Some(Select::AllAttributes)),
        Some(2) => Ok(Some(Select::AllProjectedAttributes)),
        Some(3) => Ok(Some(Select::Count)),
        Some(other) => Err(invalid(format!("Select has no value {other}"))),
    }
}

fn start_key(options: &Options, schema: &KeySchema) -> Result<Option<Item>, Error> {
    let Some(bytes) = &options.exclusive_start_key else {
        return Ok(None);
    };
    match options.index {
        Some(_) => crate::wire::key::decode_named(bytes).map(Some),
        None => schema.decode(bytes).map(Some),
    }
}
