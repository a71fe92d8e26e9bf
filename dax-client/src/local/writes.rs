//! PutItem, UpdateItem, DeleteItem and BatchWriteItem: into the store first, then into the cache.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, ReturnValue, WriteRequest};

use super::cache::{Key, Known, Written};
use super::reads::{capacity, some};
use super::state::State;
use super::store::{capacity_level, refusal};
use crate::error::Error;
use crate::expression::Placeholders;
use crate::wire::cbor::Writer;
use crate::wire::item::{self, Item};
use crate::wire::key::KeySchema;
use crate::wire::options::{Options, ReturnValues};
use crate::wire::reply::{Body, some_values};
use crate::wire::request::BatchWrite;

impl State {
    pub(super) async fn put_item(
        &self,
        table: String,
        key: Vec<u8>,
        values: Vec<u8>,
        options: Options,
    ) -> Result<Body, Error> {
        let schema = self.schema(&table).await?;
        let item = self.item(&schema, &key, &values)?;
        let mut placeholders = Placeholders::default();
        let condition = options
            .condition
            .as_ref()
            .map(|it| placeholders.condition(it));
        let cache_key = Key {
            table: table.as_str().into(),
            key: key.into(),
        };
        let ticket = self.items.begin_write(&cache_key);
        let answer = self
            .store
            .call()
            .await
            .put_item()
            .table_name(&table)
            .set_item(Some(item.clone()))
            .set_condition_expression(condition)
            .set_expression_attribute_names(some(placeholders.names))
            .set_expression_attribute_values(some(placeholders.values))
            .set_return_values(return_values(options.return_values))
            .set_return_consumed_capacity(capacity_level(options.consumed_capacity))
            .send()
            .await;
        let written = match answer.is_ok() {
            true => Written::Known(Arc::new(Known::Item { item, values })),
            false => Written::Nothing,
        };
        self.items.finish_write(cache_key, ticket, written);
        let answer = answer.map_err(refusal)?;
        self.written(
            &schema,
            &options,
            answer.attributes,
            answer.consumed_capacity,
        )
    }

    pub(super) async fn delete_item(
        &self,
        table: String,
        key: Vec<u8>,
        options: Options,
    ) -> Result<Body, Error> {
        let schema = self.schema(&table).await?;
        let mut placeholders = Placeholders::default();
        let condition = options
            .condition
            .as_ref()
            .map(|it| placeholders.condition(it));
        let decoded = schema.decode(&key)?;
        let cache_key = Key {
            table: table.as_str().into(),
            key: key.into(),
        };
        let ticket = self.items.begin_write(&cache_key);
        let answer = self
            .store
            .call()
            .await
            .delete_item()
            .table_name(&table)
            .set_key(Some(decoded))
            .set_condition_expression(condition)
            .set_expression_attribute_names(some(placeholders.names))
            .set_expression_attribute_values(some(placeholders.values))
            .set_return_values(return_values(options.return_values))
            .set_return_consumed_capacity(capacity_level(options.consumed_capacity))
            .send()
            .await;
        let written = match answer.is_ok() {
            true => Written::Known(Arc::new(Known::Missing)),
            false => Written::Nothing,
        };
        self.items.finish_write(cache_key, ticket, written);
        let answer = answer.map_err(refusal)?;
        self.written(
            &schema,
            &options,
            answer.attributes,
            answer.consumed_capacity,
        )
    }

    pub(super) async fn update_item(
        &self,
        table: String,
        key: Vec<u8>,
        options: Options,
    ) -> Result<Body, Error> {
        let schema = self.schema(&table).await?;
        let mut placeholders = Placeholders::default();
        let condition = options
            .condition
            .as_ref()
            .map(|it| placeholders.condition(it));
        let update = options.update.as_ref().map(|it| placeholders.update(it));
        let decoded = schema.decode(&key)?;
        // The cache wants the whole new item, so that is asked for wherever the caller is content
        // with it or with nothing.
        let asks = match options.return_values {
            ReturnValues::None => ReturnValues::AllNew,
            asked => asked,
        };
        let cache_key = Key {
            table: table.as_str().into(),
            key: key.into(),
        };
        let ticket = self.items.begin_write(&cache_key);
        let answer = self
            .store
            .call()
            .await
            .update_item()
            .table_name(&table)
            .set_key(Some(decoded.clone()))
            .set_condition_expression(condition)
            .set_update_expression(update)
            .set_expression_attribute_names(some(placeholders.names))
            .set_expression_attribute_values(some(placeholders.values))
            .set_return_values(return_values(asks))
            .set_return_consumed_capacity(capacity_level(options.consumed_capacity))
            .send()
            .await;
        let new = match &answer {
            Ok(answer) if asks == ReturnValues::AllNew => Ok(answer.attributes.clone()),
            Ok(_) => self.read_again(&table, decoded).await,
            Err(_) => Ok(None),
        };
        let written = match new.and_then(|item| self.known(item, &schema)) {
            _ if answer.is_err() => Written::Nothing,
            Ok(known) => Written::Known(known),
            Err(_) => Written::Unknown,
        };
        self.items.finish_write(cache_key, ticket, written);
        let answer = answer.map_err(refusal)?;
        let attributes = answer
            .attributes
            .filter(|_| options.return_values != ReturnValues::None);
        self.written(&schema, &options, attributes, answer.consumed_capacity)
    }

    async fn read_again(&self, table: &str, key: Item) -> Result<Option<Item>, Error> {
        let client = self.store.call().await;
        let read = client
            .get_item()
            .table_name(table)
            .set_key(Some(key))
            .consistent_read(true);
        Ok(read.send().await.map_err(refusal)?.item)
    }

    fn written(
        &self,
        schema: &KeySchema,
        options: &Options,
        attributes: Option<Item>,
        consumed: Option<aws_sdk_dynamodb::types::ConsumedCapacity>,
    ) -> Result<Body, Error> {
        let attributes = match attributes {
            Some(changed) if options.return_values.is_of_update() => {
                let names = item::attribute_names(&changed, schema);
                Some(some_values(&changed, &names, self.list_id(&names))?)
            }
            Some(whole) => Some(self.values(&whole, schema)?),
            None => None,
        };
        let consumed_capacity = consumed.as_ref().map(capacity);
        Ok(Body {
            attributes,
            consumed_capacity,
            ..Body::default()
        })
    }

    /// Writes a batch, and its answer: what was left, capacities, sizes of collections.
    pub(super) async fn batch_write_item(
        &self,
        tables: Vec<BatchWrite>,
        options: Options,
        writer: &mut Writer,
    ) -> Result<(), Error> {
        let mut requests = HashMap::new();
        let mut waiting = Vec::new();
        for wanted in &tables {
            let schema = self.schema(&wanted.table).await?;
            let mut of_table = Vec::new();
            for (key, values) in &wanted.writes {
                let cache_key = Key {
                    table: wanted.table.as_str().into(),
                    key: key.as_slice().into(),
                };
                let (request, known) = match values {
                    Some(values) => {
                        let item = self.item(&schema, key, values)?;
                        let put = PutRequest::builder().set_item(Some(item.clone())).build()?;
                        let known = Known::Item {
                            item,
                            values: values.clone(),
                        };
                        (WriteRequest::builder().put_request(put).build(), known)
                    }
                    None => {
                        let key = schema.decode(key)?;
                        let delete = DeleteRequest::builder().set_key(Some(key)).build()?;
                        (
                            WriteRequest::builder().delete_request(delete).build(),
                            Known::Missing,
                        )
                    }
                };
                of_table.push(request);
                waiting.push((cache_key, Arc::new(known)));
            }
            requests.insert(wanted.table.clone(), of_table);
        }
        let tickets: Vec<_> = waiting
            .iter()
            .map(|(key, _)| self.items.begin_write(key))
            .collect();
        let answer = self
            .store
            .call()
            .await
            .batch_write_item()
            .set_request_items(Some(requests))
            .set_return_consumed_capacity(capacity_level(options.consumed_capacity))
            .send()
            .await;
        let mut left: HashMap<String, Vec<Vec<u8>>> = HashMap::new();
        if let Ok(answer) = &answer {
            for (table, requests) in answer.unprocessed_items().into_iter().flatten() {
                let schema = self.schema(table).await?;
                for request in requests {
                    let put = request
                        .put_request()
                        .map(|put| schema.encode_of(put.item()));
                    let delete = request.delete_request().map(|it| schema.encode(it.key()));
                    if let Some(key) = put.or(delete) {
                        left.entry(table.clone()).or_default().push(key?);
                    }
                }
            }
        }
        for ((key, known), ticket) in waiting.into_iter().zip(tickets) {
            let is_left = left
                .get(&*key.table)
                .is_some_and(|keys| keys.iter().any(|left| left.as_slice() == &*key.key));
            let written = match answer.is_ok() && !is_left {
                true => Written::Known(known),
                false => Written::Nothing,
            };
            self.items.finish_write(key, ticket, written);
        }
        let answer = answer.map_err(refusal)?;
        write_left(&tables, &left, writer);
        writer.array(answer.consumed_capacity().len());
        for consumed in answer.consumed_capacity() {
            capacity(consumed).write(writer)?;
        }
        writer.map(0);
        Ok(())
    }
}

/// What of a batch was left: each table's keys, with the values to put or null to delete.
fn write_left(tables: &[BatchWrite], left: &HashMap<String, Vec<Vec<u8>>>, writer: &mut Writer) {
    writer.map(left.len());
    for wanted in tables {
        let Some(keys) = left.get(&wanted.table) else {
            continue;
        };
        let writes: Vec<_> = wanted
            .writes
            .iter()
            .filter(|(key, _)| keys.contains(key))
            .collect();
        writer.text(&wanted.table);
        writer.array(2 * writes.len());
        for (key, values) in writes {
            writer.bytes(key);
            match values {
                Some(values) => writer.bytes(values),
                None => writer.null(),
            }
        }
    }
}

fn return_values(asked: ReturnValues) -> Option<ReturnValue> {
    match asked {
        ReturnValues::None => None,
        ReturnValues::AllOld => Some(ReturnValue::AllOld),
        ReturnValues::UpdatedOld => Some(ReturnValue::UpdatedOld),
        ReturnValues::AllNew => Some(ReturnValue::AllNew),
        ReturnValues::UpdatedNew => Some(ReturnValue::UpdatedNew),
    }
}
