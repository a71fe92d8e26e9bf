//! The stage with a DynamoDB of this process behind it.

use alexa_skill::persistence::BoxFuture;
use alexa_skill::persistence::dynamodb::{DynamoDb, Layout};
use aws_sdk_dynamodb::Client;
use aws_smithy_http_client::{Builder, tls};
use local_dynamodb::LocalDynamoDb;
use simulator::{Refusal, Stage, Tables};

/// A stage whose DynamoDB ends with it.
pub struct Local {
    stage: Stage,
    _dynamodb: LocalDynamoDb,
}

impl Local {
    /// Starts the DynamoDB and makes the tables.
    ///
    /// # Errors
    ///
    /// [`Refusal::NoTable`] when no port or thread can be had.
    pub async fn start() -> Result<Local, Refusal> {
        let local =
            LocalDynamoDb::embedded().map_err(|error| Refusal::NoTable(error.to_string()))?;
        let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
        let http = Builder::new().tls_provider(provider).build_https();
        let client = local.client();
        Ok(Local {
            stage: Stage::over(&client, &http, ThroughTheSdk(client.clone())).await?,
            _dynamodb: local,
        })
    }

    /// Where the starters run.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }
}

/// Makes tables as a program that sets up does.
struct ThroughTheSdk(Client);

impl Tables for ThroughTheSdk {
    fn make<'a>(&'a self, name: &'a str, key: &'a str) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let table = DynamoDb::new(self.0.clone(), name).layout(Layout::Named {
                partition_key: key.to_owned(),
                attributes: "mapAttr".to_owned(),
            });
            let made = table.ensure_table().await;
            made.map_err(|error| error.to_string())
        })
    }
}
