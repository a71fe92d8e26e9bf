//! The stage with a DynamoDB of this process behind it.

use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::testing::LocalDynamoDb;
use aws_smithy_http_client::{Builder, tls};
use talk::{Refusal, STARTERS, Stage};

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
        for starter in STARTERS {
            let made = DynamoDb::new(client.clone(), starter.table).ensure_table();
            let made = made.await;
            made.map_err(|error| Refusal::NoTable(error.to_string()))?;
        }
        Ok(Local {
            stage: Stage::over(&client, &http),
            _dynamodb: local,
        })
    }

    /// Where the starters run.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }
}
