//! The visit counter with the AWS SDK and lambda_runtime, and nothing above them: what a turn takes
//! before alexa-skill adds to it.

use std::env;

use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, Region, StalledStreamProtectionConfig,
};
use aws_sdk_dynamodb::{Client, Config};
use contenders::sdk_alone::Visits;
use contenders::{TABLE, welcome};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value as Json, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let [id, secret] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(env::var);
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(env::var("AWS_REGION")?))
        .credentials_provider(Credentials::new(id?, secret?, None, None, "environment"))
        .endpoint_url(env::var("AWS_ENDPOINT_URL_DYNAMODB")?)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    let visits = Visits::new(Client::from_conf(config.build()), TABLE);
    let visits = &visits;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Json>| async move {
        answer(visits, &event.payload).await
    }))
    .await
}

async fn answer(visits: &Visits, envelope: &Json) -> Result<Json, Error> {
    let user = envelope["context"]["System"]["user"]["userId"].as_str();
    let user = user.ok_or("the request has no user id")?;
    let speech = welcome(visits.count(user).await?);
    let speech = json!({"type": "SSML", "ssml": format!("<speak>{speech}</speak>")});
    Ok(json!({"version": "1.0", "response": {"outputSpeech": speech}}))
}
