//! Making the table.

use std::time::Duration;

use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::create_table::{CreateTableError, CreateTableOutput};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableStatus,
    TimeToLiveSpecification, TimeToLiveStatus,
};

use super::DynamoDb;
use super::errors::Operation;
use super::layout::TimeToLive;
use crate::persistence::PersistenceError;
use crate::persistence::aws::pause::sleep;
use crate::persistence::aws::reported::Sent;

/// AWS makes a table within seconds; a table that is not there after this long will not come.
const WAIT: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

impl DynamoDb {
    /// Makes the table if it is not there, with the layout's key and on-demand billing, waits
    /// until it is active, and enables time to live where items expire. An existing table is fine.
    ///
    /// This takes the actions `dynamodb:CreateTable` and `dynamodb:DescribeTable`, and for time to
    /// live `dynamodb:DescribeTimeToLive` and `dynamodb:UpdateTimeToLive`. A skill should not have
    /// them: they are for programs that set up, and for tests.
    ///
    /// # Errors
    /// Fails when the table cannot be made, or is not active after a minute.
    pub async fn ensure_table(&self) -> Result<(), PersistenceError> {
        match self.create_table().await {
            Ok(_) => {}
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(CreateTableError::ResourceInUseException(_))
                ) => {}
            Err(error) => {
                return Err(self
                    .table
                    .failed(Operation::CreateTable, Sent::nothing(), &error));
            }
        }
        self.wait_until_active().await?;
        match &self.table.time_to_live {
            Some(time_to_live) => self.enable(time_to_live).await,
            None => Ok(()),
        }
    }

    async fn create_table(&self) -> Result<CreateTableOutput, SdkError<CreateTableError>> {
        let mut create = self
            .client
            .create_table()
            .table_name(&self.table.name)
            .billing_mode(BillingMode::PayPerRequest);
        let partition_key = (self.table.layout.partition_key(), KeyType::Hash);
        let sort_key = self.table.sort_key.as_ref();
        let sort_key = sort_key.map(|key| (key.name.as_ref(), KeyType::Range));
        for (name, key_type) in [partition_key].into_iter().chain(sort_key) {
            let definition = AttributeDefinition::builder().attribute_name(name);
            let definition = definition.attribute_type(ScalarAttributeType::S).build();
            let element = KeySchemaElement::builder().attribute_name(name);
            let element = element.key_type(key_type).build();
            let incomplete = |error: BuildError| SdkError::construction_failure(error);
            create = create
                .attribute_definitions(definition.map_err(incomplete)?)
                .key_schema(element.map_err(incomplete)?);
        }
        create.send().await
    }

    async fn wait_until_active(&self) -> Result<(), PersistenceError> {
        let mut waited = Duration::ZERO;
        let mut pause = FIRST_PAUSE;
        loop {
            let description = self
                .client
                .describe_table()
                .table_name(&self.table.name)
                .send()
                .await
                .map_err(|error| {
                    self.table
                        .failed(Operation::DescribeTable, Sent::nothing(), &error)
                })?;
            let status = description.table.and_then(|table| table.table_status);
            if status == Some(TableStatus::Active) {
                return Ok(());
            }
            if waited >= WAIT {
                return Err(PersistenceError::Other {
                    action: Operation::DescribeTable.action(),
                    location: self.table.location(),
                    source: format!("the table is not active but {status:?}").into(),
                });
            }
            sleep(self.client.config().sleep_impl(), pause).await;
            waited += pause;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn enable(&self, time_to_live: &TimeToLive) -> Result<(), PersistenceError> {
        let description = self
            .client
            .describe_time_to_live()
            .table_name(&self.table.name)
            .send()
            .await
            .map_err(|error| {
                self.table
                    .failed(Operation::DescribeTimeToLive, Sent::nothing(), &error)
            })?;
        let description = description.time_to_live_description;
        let status = description.and_then(|description| description.time_to_live_status);
        // Enabling it twice is an error.
        if matches!(
            status,
            Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
        ) {
            return Ok(());
        }
        let specification = TimeToLiveSpecification::builder()
            .attribute_name(&time_to_live.attribute)
            .enabled(true)
            .build()
            .map_err(SdkError::construction_failure);
        let enabled = match specification {
            Ok(specification) => {
                let update = self
                    .client
                    .update_time_to_live()
                    .table_name(&self.table.name);
                update
                    .time_to_live_specification(specification)
                    .send()
                    .await
            }
            Err(error) => Err(error),
        };
        enabled.map_err(|error| {
            self.table
                .failed(Operation::UpdateTimeToLive, Sent::nothing(), &error)
        })?;
        Ok(())
    }
}
