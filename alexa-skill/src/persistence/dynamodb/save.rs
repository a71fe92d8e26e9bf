//! A save, and what its answer says of the item.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemInput};
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;

use super::errors::{Operation, meets_another_write};
use super::{DynamoDb, ItemOperations};
use crate::persistence::aws::attempts::lost_an_answer;
use crate::persistence::aws::reported::Sent;
use crate::persistence::{Contained, PersistenceError, Save, Version};

/// The largest item, in bytes; a KB is 1,024 bytes here (Developer Guide, "Service quotas").
const MOST_BYTES: usize = 400 * 1024;

impl<C: ItemOperations> DynamoDb<C> {
    pub(super) async fn put(&self, save: Save<'_>) -> Result<Version, PersistenceError> {
        let version = save.read.revision.next(save.request_id);
        let (item, bytes) = self.table.write(&save, &version);
        if bytes > MOST_BYTES {
            let (key, location) = (save.key.clone(), self.table.location());
            return Err(PersistenceError::TooLarge {
                key,
                location,
                bytes,
            });
        }
        let condition = self.table.condition(save.read);
        let input = PutItemInput::builder()
            .table_name(&self.table.name)
            .set_item(Some(item))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match self.client.put_item(input).await {
            Ok(_) => Ok(version),
            Err(error) => self.judge(&save, version, &error).await,
        }
    }

    /// Whether a write that was not answered with success happened all the same.
    async fn judge(
        &self,
        save: &Save<'_>,
        version: Version,
        error: &SdkError<PutItemError>,
    ) -> Result<Version, PersistenceError> {
        let (key, location) = (save.key.clone(), self.table.location());
        let failed = || {
            self.table
                .failed(Operation::PutItem, Sent::save(save), error)
        };
        let refusal = match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(refusal)) => Some(refusal),
            _ => None,
        };
        let is_refused = refusal.is_some() || meets_another_write(error);
        let there = match (lost_an_answer(error), is_refused) {
            (false, false) => return Err(failed()),
            (false, true) if C::REPEATS_WRITES => {
                self.get(save.key, true).await.map_err(|_| failed())?
            }
            (false, true) => return Err(PersistenceError::Conflict { key, location }),
            (true, _) => match refusal.map(|refusal| refusal.item()) {
                Some(Some(there)) => self.table.read(there.clone(), save.key)?,
                Some(None) => self.get(save.key, true).await?,
                None => match self.get(save.key, true).await {
                    Ok(there) if there.revision.contains(&version) == Contained::Yes => there,
                    // Where others have written, the try that lost its answer cannot succeed any more.
                    Ok(there) if is_refused && there.revision != save.read.revision => there,
                    _ => return Err(failed()),
                },
            },
        };
        // The write may have happened, and what is there may be our own item, or one that others
        // built on it. Then the turn must not run again.
        match there.revision.contains(&version) {
            Contained::Yes => Ok(version),
            Contained::No => Err(PersistenceError::Conflict { key, location }),
            Contained::Unknown => Err(PersistenceError::Uncertain { key, location }),
        }
    }
}
