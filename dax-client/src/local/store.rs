//! The DynamoDB endpoint behind the caches.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::RequestId;
use aws_sdk_dynamodb::types::KeyType as SdkKeyType;

use crate::error::{Error, Refusal};
use crate::wire::key::{KeyAttribute, KeySchema, KeyType};

/// The store, with a wait before each call.
#[derive(Debug)]
pub(super) struct Store {
    client: Client,
    /// In microseconds.
    latency: AtomicU64,
    calls: AtomicU64,
}

impl Store {
    pub(super) fn new(client: Client) -> Store {
        Store {
            client,
            latency: AtomicU64::new(0),
            calls: AtomicU64::new(0),
        }
    }

    pub(super) fn set_latency(&self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.latency.store(micros, Ordering::Relaxed);
    }

    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// The client for one call, after the wait.
    pub(super) async fn call(&self) -> &Client {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let micros = self.latency.load(Ordering::Relaxed);
        if micros > 0 {
            tokio::time::sleep(Duration::from_micros(micros)).await;
        }
        &self.client
    }

    pub(super) async fn key_schema(&self, table: &str) -> Result<KeySchema, Error> {
        let described = self
            .call()
            .await
            .describe_table()
            .table_name(table)
            .send()
            .await;
        let table = described.map_err(refusal)?.table;
        let table = table.ok_or_else(|| internal("the table has no description".to_owned()))?;
        let definitions = table.attribute_definitions();
        let types: HashMap<&str, &str> = definitions
            .iter()
            .map(|definition| {
                (
                    definition.attribute_name(),
                    definition.attribute_type().as_str(),
                )
            })
            .collect();
        let part = |kind: SdkKeyType| {
            let element = table
                .key_schema()
                .iter()
                .find(|element| *element.key_type() == kind)?;
            let name = element.attribute_name();
            let kind = KeyType::parse(types.get(name)?).ok()?;
            Some(KeyAttribute {
                name: name.to_owned(),
                kind,
            })
        };
        let partition = part(SdkKeyType::Hash);
        let partition = partition.ok_or_else(|| internal("the table has no key".to_owned()))?;
        Ok(KeySchema {
            partition,
            sort: part(SdkKeyType::Range),
        })
    }
}

/// DynamoDB's error as DAX tells it.
pub(super) fn refusal<E>(error: SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let request_id = error.request_id().map(str::to_owned);
    let Some(service) = error.as_service_error() else {
        let shown = aws_sdk_dynamodb::error::DisplayErrorContext(&error).to_string();
        return internal(shown);
    };
    let code = service.code().unwrap_or("InternalServerError");
    let message = service.message().unwrap_or_default().to_owned();
    Error::Refused(Refusal {
        request_id,
        ..Refusal::of_dynamodb(code, message)
    })
}

pub(super) fn invalid(message: String) -> Error {
    Error::Refused(Refusal::invalid(message))
}

pub(super) fn internal(message: String) -> Error {
    Error::Refused(Refusal::internal(message))
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        invalid(error.to_string())
    }
}
