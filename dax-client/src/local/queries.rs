//! Query and Scan: from the query cache, or from the store.

use std::sync::Arc;

use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::types::Select;

use super::reads::capacity;
use super::state::State;
use super::store::{invalid, refusal};
use crate::error::Error;
use crate::expression::Placeholders;
use crate::protocol::{Options, Page, QueryRequest, Request, ScanRequest, StoredItem, reply};
use crate::wire::key::{self, KeySchema};
use crate::wire::value::Item;

impl State {
    /// The whole reply to a query.
    pub(super) async fn cached_query(&self, request: QueryRequest) -> Result<Arc<Vec<u8>>, Error> {
        // Written anew, so that the same question of two clients is one question.
        let question = request.encode()?;
        let consistent = request.options.consistent_read;
        self.cached_page(question, consistent, self.query(request))
            .await
    }

    /// The whole reply to a scan.
    pub(super) async fn cached_scan(&self, request: ScanRequest) -> Result<Arc<Vec<u8>>, Error> {
        let question = request.encode()?;
        let consistent = request.options.consistent_read;
        self.cached_page(question, consistent, self.scan(request))
            .await
    }

    async fn cached_page(
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
        let options = request.options;
        let schema = self.schema(&request.table).await?;
        let mut placeholders = Placeholders::default();
        let mut text = |condition| placeholders.condition(condition);
        let key_condition = request.key_condition.as_ref().map(&mut text);
        let filter = options.filter.as_ref().map(&mut text);
        let answer = self
            .store
            .call()
            .await
            .query()
            .table_name(&request.table)
            .set_key_condition_expression(key_condition)
            .set_filter_expression(filter)
            .set_expression_attribute_names(placeholders.names())
            .set_expression_attribute_values(placeholders.values())
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
        self.page(&schema, &options, answer)
    }

    async fn scan(&self, request: ScanRequest) -> Result<Page, Error> {
        let options = request.options;
        let schema = self.schema(&request.table).await?;
        let mut placeholders = Placeholders::default();
        let mut text = |condition| placeholders.condition(condition);
        let filter = options.filter.as_ref().map(&mut text);
        let answer = self
            .store
            .call()
            .await
            .scan()
            .table_name(&request.table)
            .set_filter_expression(filter)
            .set_expression_attribute_names(placeholders.names())
            .set_expression_attribute_values(placeholders.values())
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
        let answer = QueryOutput::builder()
            .set_items(answer.items)
            .count(answer.count)
            .scanned_count(answer.scanned_count)
            .set_last_evaluated_key(answer.last_evaluated_key)
            .set_consumed_capacity(answer.consumed_capacity)
            .build();
        self.page(&schema, &options, answer)
    }

    fn page(
        &self,
        schema: &KeySchema,
        options: &Options,
        answer: QueryOutput,
    ) -> Result<Page, Error> {
        let stored = |item: Item| match &options.projection {
            Some(projection) => Ok(StoredItem::Projected(projection.pick(&item))),
            None => Ok(StoredItem::Keyed {
                key: schema.encode_of(&item)?,
                values: self.values(&item, schema)?,
            }),
        };
        let items = answer
            .items
            .map(|items| items.into_iter().map(stored).collect::<Result<_, Error>>());
        let last_evaluated_key = answer.last_evaluated_key.map(|key| match options.index {
            Some(_) => key::encode_index_key(&key),
            None => schema.encode(&key),
        });
        Ok(Page {
            items: items.transpose()?,
            count: Some(answer.count.into()),
            scanned_count: Some(answer.scanned_count.into()),
            last_evaluated_key: last_evaluated_key.transpose()?,
            consumed_capacity: answer.consumed_capacity.as_ref().map(capacity),
        })
    }
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
