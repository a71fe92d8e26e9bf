//! What each call does on a connection: from the AWS SDK's input to a request, and from the reply to
//! the SDK's output.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::batch_get_item::{BatchGetItemInput, BatchGetItemOutput};
use aws_sdk_dynamodb::operation::delete_item::{DeleteItemInput, DeleteItemOutput};
use aws_sdk_dynamodb::operation::get_item::{GetItemInput, GetItemOutput};
use aws_sdk_dynamodb::operation::put_item::{PutItemInput, PutItemOutput};
use aws_sdk_dynamodb::operation::query::{QueryInput, QueryOutput};
use aws_sdk_dynamodb::operation::update_item::{UpdateItemInput, UpdateItemOutput};
use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnItemCollectionMetrics};

use super::Call;
use super::answers::{self, consumed};
use super::requests::{Expressions, required, table_reads};
use super::schemas::Schemas;
use crate::cluster::{Access, Connection};
use crate::error::Error;
use crate::protocol::{
    BatchGetItemRequest, DeleteItemRequest, GetItemRequest, Options, PutItemRequest, QueryRequest,
    StoredItem, UpdateItemRequest, is_of_update,
};
use crate::wire::item;
use crate::wire::key::{self, KeySchema};
use crate::wire::value::Item;

impl Call for GetItemInput {
    type Output = GetItemOutput;

    const ACCESS: Access = Access::Read;

    async fn run(
        &self,
        schemas: &Schemas,
        connection: &mut Connection,
    ) -> Result<GetItemOutput, Error> {
        let expressions = Expressions {
            projection: self.projection_expression(),
            names: self.expression_attribute_names(),
            ..Expressions::default()
        };
        let options = Options {
            consistent_read: self.consistent_read().unwrap_or_default(),
            consumed_capacity: self.return_consumed_capacity().cloned(),
            ..expressions.parse()?.into_options()
        };
        let table = required(self.table_name(), "TableName")?;
        let asked = required(self.key(), "Key")?;
        let schema = schemas.of(table, connection).await?;
        let projection = options.projection.clone();
        let key = schema.encode(asked)?;
        let request = GetItemRequest {
            table: table.to_owned(),
            key,
            options,
        };
        let reply = connection.exchange(&request).await?;
        let item = match reply.item {
            Some(stored) => {
                let projection = projection.as_ref();
                Some(answers::item(stored, Some(asked), &schema, projection, connection).await?)
            }
            None => None,
        };
        Ok(GetItemOutput::builder()
            .set_item(item)
            .set_consumed_capacity(reply.consumed_capacity.map(consumed))
            .build())
    }
}

impl Call for PutItemInput {
    type Output = PutItemOutput;

    const ACCESS: Access = Access::Write;

    async fn run(
        &self,
        schemas: &Schemas,
        connection: &mut Connection,
    ) -> Result<PutItemOutput, Error> {
        let expressions = Expressions {
            condition: self.condition_expression(),
            names: self.expression_attribute_names(),
            values: self.expression_attribute_values(),
            ..Expressions::default()
        };
        let metrics = self.return_item_collection_metrics();
        let options = Options {
            return_values: self.return_values().cloned(),
            consumed_capacity: self.return_consumed_capacity().cloned(),
            collection_metrics: metrics == Some(&ReturnItemCollectionMetrics::Size),
            ..expressions.parse()?.into_options()
        };
        let table = required(self.table_name(), "TableName")?;
        let item = required(self.item(), "Item")?;
        let schema = schemas.of(table, connection).await?;
        let names = item::attribute_names(item, &schema);
        let values = item::write_values(item, &names, connection.list_id(&names).await?)?;
        let request = PutItemRequest {
            table: table.to_owned(),
            key: schema.encode_of(item)?,
            values,
            options,
        };
        let reply = connection.exchange(&request).await?;
        let returned = Returned {
            attributes: reply.attributes,
            options: &request.options,
            key: item,
        };
        Ok(PutItemOutput::builder()
            .set_attributes(returned.item(&schema, connection).await?)
            .set_consumed_capacity(reply.consumed_capacity.map(consumed))
            .build())
    }
}

impl Call for UpdateItemInput {
    type Output = UpdateItemOutput;

    const ACCESS: Access = Access::Write;

    async fn run(
        &self,
        schemas: &Schemas,
        connection: &mut Connection,
    ) -> Result<UpdateItemOutput, Error> {
        let expressions = Expressions {
            condition: self.condition_expression(),
            update: self.update_expression(),
            names: self.expression_attribute_names(),
            values: self.expression_attribute_values(),
            ..Expressions::default()
        };
        let metrics = self.return_item_collection_metrics();
        let options = Options {
            return_values: self.return_values().cloned(),
            consumed_capacity: self.return_consumed_capacity().cloned(),
            collection_metrics: metrics == Some(&ReturnItemCollectionMetrics::Size),
            ..expressions.parse()?.into_options()
        };
        let table = required(self.table_name(), "TableName")?;
        let key = required(self.key(), "Key")?;
        let schema = schemas.of(table, connection).await?;
        let request = UpdateItemRequest {
            table: table.to_owned(),
            key: schema.encode(key)?,
            options,
        };
        let reply = connection.exchange(&request).await?;
        let returned = Returned {
            attributes: reply.attributes,
            options: &request.options,
            key,
        };
        Ok(UpdateItemOutput::builder()
            .set_attributes(returned.item(&schema, connection).await?)
            .set_consumed_capacity(reply.consumed_capacity.map(consumed))
            .build())
    }
}

impl Call for DeleteItemInput {
    type Output = DeleteItemOutput;

    const ACCESS: Access = Access::Write;

    async fn run(
        &self,
        schemas: &Schemas,
        connection: &mut Connection,
    ) -> Result<DeleteItemOutput, Error> {
        let expressions = Expressions {
            condition: self.condition_expression(),
            names: self.expression_attribute_names(),
            values: self.expression_attribute_values(),
            ..Expressions::default()
        };
        let metrics = self.return_item_collection_metrics();
        let options = Options {
            return_values: self.return_values().cloned(),
            consumed_capacity: self.return_consumed_capacity().cloned(),
            collection_metrics: metrics == Some(&ReturnItemCollectionMetrics::Size),
            ..expressions.parse()?.into_options()
        };
        let table = required(self.table_name(), "TableName")?;
        let key = required(self.key(), "Key")?;
        let schema = schemas.of(table, connection).await?;
        let request = DeleteItemRequest {
            table: table.to_owned(),
            key: schema.encode(key)?,
            options,
        };
        let reply = connection.exchange(&request).await?;
        let returned = Returned {
            attributes: reply.attributes,
            options: &request.options,
            key,
        };
        Ok(DeleteItemOutput::builder()
            .set_attributes(returned.item(&schema, connection).await?)
            .set_consumed_capacity(reply.consumed_capacity.map(consumed))
            .build())
    }
}

/// What a write returns of the item.
struct Returned<'w> {
    attributes: Option<Vec<u8>>,
    options: &'w Options,
    /// The item or the key that was written: the key's attributes are not in the reply.
    key: &'w Item,
}

impl Returned<'_> {
    async fn item(
        self,
        schema: &KeySchema,
        connection: &mut Connection,
    ) -> Result<Option<Item>, Error> {
        let Some(bytes) = self.attributes else {
            return Ok(None);
        };
        let attributes = match is_of_update(self.options.return_values.as_ref()) {
            true => answers::changed(&bytes, connection).await?,
            false => {
                let values = StoredItem::Values(bytes);
                answers::item(values, Some(self.key), schema, None, connection).await?
            }
        };
        Ok(Some(attributes).filter(|attributes| !attributes.is_empty()))
    }
}

impl Call for QueryInput {
    type Output = QueryOutput;

    const ACCESS: Access = Access::Read;

    async fn run(
        &self,
        schemas: &Schemas,
        connection: &mut Connection,
    ) -> Result<QueryOutput, Error> {
        let expressions = Expressions {
            key_condition: self.key_condition_expression(),
            filter: self.filter_expression(),
            projection: self.projection_expression(),
            names: self.expression_attribute_names(),
            values: self.expression_attribute_values(),
            ..Expressions::default()
        };
        let mut parsed = expressions.parse()?;
        let key_condition = parsed.key_condition.take();
        let table = required(self.table_name(), "TableName")?;
        let schema = schemas.of(table, connection).await?;
        let start = self.exclusive_start_key();
        let exclusive_start_key = match self.index_name() {
            Some(_) => start.map(key::encode_index_key).transpose()?,
            None => start.map(|start| schema.encode(start)).transpose()?,
        };
        let options = Options {
            consistent_read: self.consistent_read().unwrap_or_default(),
            consumed_capacity: self.return_consumed_capacity().cloned(),
            exclusive_start_key,
            index: self.index_name().map(str::to_owned),
            limit: self.limit().map(i64::from),
            forward: self.scan_index_forward(),
            select: self.select().cloned(),
            ..parsed.into_options()
        };
        let projection = options.projection.clone();
        let request = QueryRequest {
            table: table.to_owned(),
            key_condition,
            options,
        };
        let reply = connection.exchange(&request).await?;
        let mut items = Vec::new();
        for stored in reply.items.unwrap_or_default() {
            let projection = projection.as_ref();
            items.push(answers::item(stored, None, &schema, projection, connection).await?);
        }
        let last_evaluated_key = match (reply.last_evaluated_key, self.index_name()) {
            (Some(bytes), Some(_)) => Some(key::decode_index_key(&bytes)?),
            (Some(bytes), None) => Some(schema.decode(&bytes)?),
            (None, _) => None,
        };
        let counted = items.len() as i64;
        let count = reply.count.unwrap_or(counted);
        Ok(QueryOutput::builder()
            .count(int(count)?)
            .scanned_count(int(reply.scanned_count.unwrap_or(count))?)
            .set_items(Some(items))
            .set_last_evaluated_key(last_evaluated_key)
            .set_consumed_capacity(reply.consumed_capacity.map(consumed))
            .build())
    }
}

impl Call for BatchGetItemInput {
    type Output = BatchGetItemOutput;

    const ACCESS: Access = Access::Read;

    async fn run(
        &self,
        schemas: &Schemas,
        connection: &mut Connection,
    ) -> Result<BatchGetItemOutput, Error> {
        let asked = required(self.request_items(), "RequestItems")?;
        let mut tables = Vec::new();
        let mut projections = HashMap::new();
        for (table, wanted) in asked {
            let schema = schemas.of(table, connection).await?;
            let of_table = table_reads(table, wanted, &schema)?;
            projections.insert(table.clone(), (schema, of_table.projection.clone()));
            tables.push(of_table);
        }
        let request = BatchGetItemRequest {
            tables,
            consumed_capacity: self.return_consumed_capacity().cloned(),
        };
        let reply = connection.exchange(&request).await?;
        let unasked = Error::Unexpected("a table that nobody asked for");
        let mut responses = HashMap::new();
        for (table, stored) in reply.responses {
            let Some((schema, projection)) = projections.get(&table) else {
                return Err(unasked);
            };
            let mut items = Vec::new();
            for stored in stored {
                let projection = projection.as_ref();
                items.push(answers::item(stored, None, schema, projection, connection).await?);
            }
            responses.insert(table, items);
        }
        let mut unprocessed = HashMap::new();
        for (table, keys) in reply.unprocessed {
            let (Some(wanted), Some((schema, _))) = (asked.get(&table), projections.get(&table))
            else {
                return Err(unasked);
            };
            let keys: Vec<Item> = keys
                .iter()
                .map(|key| schema.decode(key))
                .collect::<Result<_, _>>()?;
            if !keys.is_empty() {
                unprocessed.insert(table, left(wanted, keys)?);
            }
        }
        let capacities: Vec<_> = reply.consumed_capacity.into_iter().map(consumed).collect();
        Ok(BatchGetItemOutput::builder()
            .set_responses(Some(responses))
            .set_unprocessed_keys(Some(unprocessed))
            .set_consumed_capacity(Some(capacities).filter(|capacities| !capacities.is_empty()))
            .build())
    }
}

/// The caller's request for a table, with only the keys that are left.
fn left(wanted: &KeysAndAttributes, keys: Vec<Item>) -> Result<KeysAndAttributes, Error> {
    KeysAndAttributes::builder()
        .set_keys(Some(keys))
        .set_consistent_read(wanted.consistent_read())
        .set_projection_expression(wanted.projection_expression().map(str::to_owned))
        .set_expression_attribute_names(wanted.expression_attribute_names().cloned())
        .build()
        .map_err(|error| Error::Invalid(error.to_string()))
}

fn int(count: i64) -> Result<i32, Error> {
    i32::try_from(count).map_err(|_| Error::Unexpected("a count out of range"))
}
