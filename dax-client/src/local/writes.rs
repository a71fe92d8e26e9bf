//! PutItem, UpdateItem, DeleteItem and BatchWriteItem: into the store first, then into the cache.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemOutput;
use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, ReturnValue, WriteRequest};

use super::cache::{Key, Known, Written};
use super::reads::capacity;
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
        let options = request.options;
        let schema = self.schema(&request.table).await?;
        let item = self.item(&schema, &request.key, &request.values)?;
        let mut placeholders = Placeholders::default();
        let condition = options.condition.as_ref();
        let condition = condition.map(|it| placeholders.condition(it));
        let cache_key = Key::new(&request.table, &request.key);
        let ticket = self.items.begin_write(&cache_key);
        let answer = self
            .store
            .call()
            .await
            .put_item()
            .table_name(&request.table)
            .set_item(Some(item.clone()))
            .set_condition_expression(condition)
            .set_expression_attribute_names(placeholders.names())
            .set_expression_attribute_values(placeholders.values())
            .set_return_values(options.return_values.clone())
            .set_return_consumed_capacity(options.consumed_capacity.clone())
            .send()
            .await;
        let values = request.values;
        let written = match answer.is_ok() {
            true => Written::Known(Arc::new(Known::Item { item, values })),
            false => Written::Nothing,
        };
        self.items.finish_write(cache_key, ticket, written);
        let answer = answer.map_err(refusal)?;
        let attributes = answer.attributes;
        self.written(&schema, &options, attributes, answer.consumed_capacity)
    }

    pub(super) async fn delete_item(
        &self,
        request: DeleteItemRequest,
    ) -> Result<WriteReply, Error> {
        let options = request.options;
        let schema = self.schema(&request.table).await?;
        let key = schema.decode(&request.key)?;
        let mut placeholders = Placeholders::default();
        let condition = options.condition.as_ref();
        let condition = condition.map(|it| placeholders.condition(it));
        let cache_key = Key::new(&request.table, &request.key);
        let ticket = self.items.begin_write(&cache_key);
        let answer = self
            .store
            .call()
            .await
            .delete_item()
            .table_name(&request.table)
            .set_key(Some(key))
            .set_condition_expression(condition)
            .set_expression_attribute_names(placeholders.names())
            .set_expression_attribute_values(placeholders.values())
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
        let attributes = answer.attributes;
        self.written(&schema, &options, attributes, answer.consumed_capacity)
    }

    pub(super) async fn update_item(
        &self,
        request: UpdateItemRequest,
    ) -> Result<WriteReply, Error> {
        let options = request.options;
        let schema = self.schema(&request.table).await?;
        let key = schema.decode(&request.key)?;
        let mut placeholders = Placeholders::default();
        let condition = options.condition.as_ref();
        let condition = condition.map(|it| placeholders.condition(it));
        let update = options.update.as_ref();
        let update = update.map(|it| placeholders.update(it));
        // The item cache needs the whole new item. Where the caller wants nothing back, the store's
        // answer can hold it; where the caller wants something else, it takes another read.
        let returned = options.return_values.clone();
        let returned = returned.filter(|asked| *asked != ReturnValue::None);
        let asks = returned.clone().unwrap_or(ReturnValue::AllNew);
        let cache_key = Key::new(&request.table, &request.key);
        let ticket = self.items.begin_write(&cache_key);
        let answer = self
            .store
            .call()
            .await
            .update_item()
            .table_name(&request.table)
            .set_key(Some(key.clone()))
            .set_condition_expression(condition)
            .set_update_expression(update)
            .set_expression_attribute_names(placeholders.names())
            .set_expression_attribute_values(placeholders.values())
            .set_return_values(Some(asks.clone()))
            .set_return_consumed_capacity(options.consumed_capacity.clone())
            .send()
            .await;
        let new = match &answer {
            Ok(answer) if asks == ReturnValue::AllNew => Ok(answer.attributes.clone()),
            Ok(_) => self.read_again(&request.table, key).await,
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
        let mut requests = HashMap::new();
        let mut waiting = Vec::new();
        for TableWrites { table, writes } in &request.tables {
            let schema = self.schema(table).await?;
            let mut of_table = Vec::new();
            for (key, values) in writes {
                let (request, known) = self.write_request(&schema, key, values.as_deref())?;
                of_table.push(request);
                waiting.push((Key::new(table, key), Arc::new(known)));
            }
            requests.insert(table.clone(), of_table);
        }
        let tickets = waiting.iter().map(|(key, _)| self.items.begin_write(key));
        let tickets: Vec<_> = tickets.collect();
        let answer = self
            .store
            .call()
            .await
            .batch_write_item()
            .set_request_items(Some(requests))
            .set_return_consumed_capacity(request.consumed_capacity)
            .send()
            .await
            .map_err(refusal);
        let left = match &answer {
            Ok(answer) => self.left(answer).await,
            Err(_) => Ok(HashSet::new()),
        };
        for ((key, known), ticket) in waiting.into_iter().zip(tickets) {
            let written = match (&answer, &left) {
                (Err(_), _) => Written::Nothing,
                (Ok(_), Err(_)) => Written::Unknown,
                (Ok(_), Ok(left)) if left.contains(&key) => Written::Nothing,
                (Ok(_), Ok(_)) => Written::Known(known),
            };
            self.items.finish_write(key, ticket, written);
        }
        let (answer, left) = (answer?, left?);
        let mut unprocessed = request.tables;
        for TableWrites { table, writes } in &mut unprocessed {
            writes.retain(|(key, _)| left.contains(&Key::new(table, key)));
        }
        unprocessed.retain(|wanted| !wanted.writes.is_empty());
        Ok(BatchWriteItemReply {
            unprocessed,
            consumed_capacity: answer.consumed_capacity().iter().map(capacity).collect(),
        })
    }

    /// A write of a batch, and the item that it leaves.
    fn write_request(
        &self,
        schema: &KeySchema,
        key: &[u8],
        values: Option<&[u8]>,
    ) -> Result<(WriteRequest, Known), Error> {
        let request = WriteRequest::builder();
        let Some(values) = values else {
            let delete = DeleteRequest::builder().set_key(Some(schema.decode(key)?));
            let request = request.delete_request(delete.build()?).build();
            return Ok((request, Known::Missing));
        };
        let item = self.item(schema, key, values)?;
        let put = PutRequest::builder().set_item(Some(item.clone()));
        let request = request.put_request(put.build()?).build();
        let values = values.to_vec();
        Ok((request, Known::Item { item, values }))
    }

    /// The keys of a batch that the store did not write.
    async fn left(&self, answer: &BatchWriteItemOutput) -> Result<HashSet<Key>, Error> {
        let mut left = HashSet::new();
        for (table, requests) in answer.unprocessed_items().into_iter().flatten() {
            let schema = self.schema(table).await?;
            for request in requests {
                let put = request.put_request().map(|it| schema.encode_of(it.item()));
                let delete = request.delete_request().map(|it| schema.encode(it.key()));
                if let Some(key) = put.or(delete) {
                    left.insert(Key::new(table, &key?));
                }
            }
        }
        Ok(left)
    }
}
