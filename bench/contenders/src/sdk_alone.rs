//! The two calls of a turn with the AWS SDK. As with the ASK SDKs, the second writes nothing but the
//! attributes, and has no condition.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::types::AttributeValue;

/// A table of visits.
pub struct Visits {
    client: Client,
    table: String,
}

impl Visits {
    /// The table `table` of `client`.
    #[must_use]
    pub fn new(client: Client, table: &str) -> Visits {
        let table = table.to_owned();
        Visits { client, table }
    }

    /// Counts a visit of `user`, and returns how many there were with this one.
    ///
    /// # Errors
    /// Fails when the SDK does, and when the stored count is no whole number.
    pub async fn count(&self, user: &str) -> Result<u64, BoxError> {
        let user = AttributeValue::S(user.to_owned());
        let get = self.client.get_item().table_name(&self.table);
        let get = get.key("userId", user.clone()).consistent_read(true);
        let item = get.send().await?.item.unwrap_or_default();
        let attributes = item.get("mapAttr").and_then(|map| map.as_m().ok());
        let count = attributes.and_then(|attributes| attributes.get("count")?.as_n().ok());
        let count = count.map_or(Ok(0), |count| count.parse::<u64>())? + 1;
        let written = AttributeValue::N(count.to_string());
        let attributes = HashMap::from([("count".to_owned(), written)]);
        let put = self.client.put_item().table_name(&self.table);
        let put = put.item("userId", user);
        put.item("mapAttr", AttributeValue::M(attributes))
            .send()
            .await?;
        Ok(count)
    }
}
