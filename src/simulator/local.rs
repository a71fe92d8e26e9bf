//! The simulator on a DynamoDB in this process.

use alexa_skill::persistence::BoxFuture;
use alexa_skill::persistence::dynamodb::{DynamoDb, Layout};
use aws_sdk_dynamodb::Client;
use aws_smithy_http_client::{Builder, tls};
use local_dynamodb::LocalDynamoDb;
use simulator::{Error, Simulator, Tables};

/// A simulator of all starters, whose DynamoDB ends with it.
pub struct LocalSimulator {
    simulator: Simulator,
    _dynamodb: LocalDynamoDb,
}

impl LocalSimulator {
    /// Starts the DynamoDB and creates the tables.
    ///
    /// # Errors
    ///
    /// [`Error::DynamoDb`] when no port or thread can be had.
    pub async fn start() -> Result<LocalSimulator, Error> {
        let local =
            LocalDynamoDb::embedded().map_err(|error| Error::DynamoDb(error.to_string()))?;
        let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
        let http = Builder::new().tls_provider(provider).build_https();
        let client = local.client();
        let tables = SdkTables(client.clone());
        Ok(LocalSimulator {
            simulator: Simulator::start(&client, &http, tables, starters::ALL).await?,
            _dynamodb: local,
        })
    }

    /// The simulator itself.
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }
}

/// Creates tables with the SDK, as a program that sets up a skill does.
struct SdkTables(Client);

impl Tables for SdkTables {
    fn create<'a>(&'a self, name: &'a str, key: &'a str) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let table = DynamoDb::new(self.0.clone(), name).layout(Layout::Named {
                partition_key: key.to_owned(),
                attributes: "mapAttr".to_owned(),
            });
            let created = table.ensure_table().await;
            created.map_err(|error| error.to_string())
        })
    }
}
