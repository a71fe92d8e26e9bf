//! The keys of tables, remembered for a minute as the official clients do.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::time::Instant;

use crate::cluster::Connection;
use crate::error::Error;
use crate::protocol::DefineKeySchemaRequest;
use crate::wire::key::KeySchema;

const REMEMBERED: Duration = Duration::from_secs(60);

/// The most tables that are remembered.
const MOST: usize = 1000;

#[derive(Default)]
pub(super) struct Schemas(RwLock<HashMap<String, (Instant, Arc<KeySchema>)>>);

impl Schemas {
    pub(super) async fn of(
        &self,
        table: &str,
        connection: &mut Connection,
    ) -> Result<Arc<KeySchema>, Error> {
        if let Some(schema) = self.remembered(table) {
            return Ok(schema);
        }
        let request = DefineKeySchemaRequest {
            table: table.to_owned(),
        };
        let schema = Arc::new(connection.exchange(&request).await?);
        let mut schemas = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if schemas.len() >= MOST {
            schemas.clear();
        }
        schemas.insert(table.to_owned(), (Instant::now(), schema.clone()));
        Ok(schema)
    }

    fn remembered(&self, table: &str) -> Option<Arc<KeySchema>> {
        let schemas = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (learned, schema) = schemas.get(table)?;
        (learned.elapsed() < REMEMBERED).then(|| schema.clone())
    }
}
