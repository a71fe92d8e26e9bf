//! The visit counter with the AWS SDK and lambda_runtime, and nothing above them: what a turn takes
//! before alexa-skill adds to it. It writes the attributes alone, whoever wrote meanwhile, as the
//! ASK SDKs do.

use std::collections::HashMap;
use std::env;

use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, Region, StalledStreamProtectionConfig,
};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::{Client, Config};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value as Json, json};

const TABLE: &str = "VisitCounter";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let [id, secret] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(env::var);
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(env::var("AWS_REGION")?))
        .credentials_provider(Credentials::new(id?, secret?, None, None, "environment"))
        .endpoint_url(env::var("AWS_ENDPOINT_URL_DYNAMODB")?)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    let client = Client::from_conf(config.build());
    lambda_runtime::run(service_fn(|event: LambdaEvent<Json>| {
        let client = client.clone();
        async move { answer(&client, &event.payload).await }
    }))
    .await
}

async fn answer(client: &Client, envelope: &Json) -> Result<Json, Error> {
    let user = envelope["context"]["System"]["user"]["userId"].as_str();
    let user = AttributeValue::S(user.ok_or("nobody")?.to_owned());
    let get = client.get_item().table_name(TABLE);
    let get = get.key("userId", user.clone()).consistent_read(true);
    let item = get.send().await?.item.unwrap_or_default();
    let attributes = item.get("mapAttr").and_then(|map| map.as_m().ok());
    let count = attributes.and_then(|attributes| attributes["count"].as_n().ok());
    let count = count.map_or(Ok(0), |count| count.parse::<u64>())? + 1;
    let attributes = HashMap::from([("count".to_owned(), AttributeValue::N(count.to_string()))]);
    let put = client.put_item().table_name(TABLE).item("userId", user);
    let put = put.item("mapAttr", AttributeValue::M(attributes));
    put.send().await?;
    let speech = match count {
        1 => "Welcome! This is your first visit.".to_owned(),
        count => format!("Welcome back! This is visit {count}."),
    };
    let speech = json!({"type": "SSML", "ssml": format!("<speak>{speech}</speak>")});
    Ok(json!({"version": "1.0", "response": {"outputSpeech": speech}}))
}
