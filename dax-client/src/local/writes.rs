//! PutItem, UpdateItem, DeleteItem and BatchWriteItem: into the store first, then into the cache.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, ReturnValue, WriteRequest};

use super::cache::{Key, Known, Written};
use super::reads::{capacity, some};
use super::state::State;
use super::store::refusal;
use crate::error::Error;
use crate::expression::Placeholders;
use crate::protocol::{
    BatchWriteItemReply, BatchWriteItemRequest, DeleteItemRequest, Options, PutItemRequest,
    TableWrites, UpdateItemRequest, WriteReply, is_of_update,
};
use crate::wire::item;
use crate::wire::key::KeySchema;
use crate::wire::value::Item;

impl State {
    pub(super) async fn put_item(&self, request: PutItemRequest) -> Result<WriteReply, Error> {
        let PutItemRequest {
            table,
            key,
            values,
            options,
        } = request;
        let schema = self.schema(&table).await?;
        let item = self.item(&schema, &key, &values)?;
        let mut placeholders = Placeholders::default();
        let condition = options
            .condition
            .as_ref()
            .map(|it| placeholders.condition(it));
        let cache_key = Key::new(&table, &key);
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
            .set_return_values(options.return_values.clone())
            .set_return_consumed_capacity(options.consumed_capacity.clone())
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
        request: DeleteItemRequest,
    ) -> Result<WriteReply, Error> {
        let DeleteItemRequest {
            table,
            key,
            options,
        } = request;
        let schema = self.schema(&table).await?;
        let mut placeholders = Placeholders::default();
        let condition = options
            .condition
            .as_ref()
            .map(|it| placeholders.condition(it));
        let decoded = schema.decode(&key)?;
        let cache_key = Key::new(&table, &key);
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
            .set_return_values(options.return_values.clone())
            .set_return_consumed_capacity(options.consumed_capacity.clone())
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
        request: UpdateItemRequest,
    ) -> Result<WriteReply, Error> {
        let UpdateItemRequest {
            table,
            key,
            options,
        } = request;
        let schema = self.schema(&table).await?;
        let mut placeholders = Placeholders::default();
        let condition = options
            .condition
            .as_ref()
            .map(|it| placeholders.condition(it));
        let update = options.update.as_ref().map(|it| placeholders.update(it));
        let decoded = schema.decode(&key)?;
        // The item cache needs the whole new item. Where the caller wants nothing back, the store's
        // answer can hold it; where the caller wants something else, it takes another read.
        let returned = options.return_values.clone();
        let returned = returned.filter(|asked| *asked != ReturnValue::None);
        let asks = returned.clone().unwrap_or(ReturnValue::AllNew);
        let cache_key = Key::new(&table, &key);
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
            .set_return_values(Some(asks.clone()))
            .set_return_consumed_capacity(options.consumed_capacity.clone())
            .send()
            .await;
        let new = match &answer {
            Ok(answer) if asks == ReturnValue::AllNew => Ok(answer.attributes.clone()),
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
        let attributes = answer.attributes.filter(|_| returned.is_some());
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
    ) -> Result<WriteReply, Error> {
        let attributes = match attributes {
            Some(changed) if is_of_update(options.return_values.as_ref()) => {
                let names = item::attribute_names(&changed, schema);
                Some(item::write_changed(&changed, &names, self.list_id(&names))?)
            }
            Some(whole) => Some(self.values(&whole, schema)?),
            None => None,
        };
        Ok(WriteReply {
            attributes,
            consumed_capacity: consumed.as_ref().map(capacity),
        })
    }

    pub(super) async fn batch_write_item(
        &self,
        request: BatchWriteItemRequest,
    ) -> Result<BatchWriteItemReply, Error> {
        let tables = request.tables;
        let mut requests = HashMap::new();
        let mut waiting = Vec::new();
        for wanted in &tables {
            let schema = self.schema(&wanted.table).await?;
            let mut of_table = Vec::new();
            for (key, values) in &wanted.writes {
                let cache_key = Key::new(&wanted.table, key);
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
            .set_return_consumed_capacity(request.consumed_capacity)
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
        Ok(BatchWriteItemReply {
            unprocessed: unprocessed(tables, &left),
            consumed_capacity: answer.consumed_capacity().iter().map(capacity).collect(),
        })
    }
}

/// The writes of a batch whose keys were left.
fn unprocessed(
    mut tables: Vec<TableWrites>,
    left: &HashMap<String, Vec<Vec<u8>>>,
) -> Vec<TableWrites> {
    for TableWrites { table, writes } in &mut tables {
        let keys = left.get(table);
        writes.retain(|(key, _)| keys.is_some_and(|keys| keys.contains(key)));
    }
    tables.retain(|wanted| !wanted.writes.is_empty());
    tables
}
