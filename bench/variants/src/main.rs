//! The visit counter with one thing done otherwise: what the cold start's profile compares. Each
//! feature is one thing; the argument `carried` lets what the skill remembers travel in the session.

use std::env;

use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::{BoxError, Response};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const TABLE: &str = "VisitCounter";

#[cfg_attr(feature = "threads", tokio::main)]
#[cfg_attr(not(feature = "threads"), tokio::main(flavor = "current_thread"))]
async fn main() -> Result<(), BoxError> {
    let mut skill = visit_counter::skill();
    if env::args().any(|argument| argument == "carried") {
        skill = skill.carry_in_session().after(stay_open);
    }
    skill.persistence(table().await?).run().await
}

/// A session that ends carries nothing, and the visit counter ends it with its welcome.
async fn stay_open(response: Response) -> Response {
    response.keep_session_open()
}

/// With the credentials, the Region and the endpoint that the crate aws-config finds.
#[cfg(feature = "aws-config")]
async fn table() -> Result<DynamoDb, BoxError> {
    let config = aws_config::load_defaults(aws_config::BehaviorVersion::v2026_01_12()).await;
    Ok(DynamoDb::new(aws_sdk_dynamodb::Client::new(&config), TABLE))
}

/// With the cryptography of the crate ring.
#[cfg(all(feature = "ring", not(feature = "aws-config")))]
async fn table() -> Result<DynamoDb, BoxError> {
    use aws_smithy_http_client::{Builder, tls};

    let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
    let client = alexa_skill::persistence::dynamodb::client_from_env()?;
    let config = client.config().to_builder();
    let config = config.http_client(Builder::new().tls_provider(ring).build_https());
    let client = aws_sdk_dynamodb::Client::from_conf(config.build());
    Ok(DynamoDb::new(client, TABLE))
}

#[cfg(not(any(feature = "aws-config", feature = "ring")))]
async fn table() -> Result<DynamoDb, BoxError> {
    Ok(DynamoDb::from_env(TABLE)?)
}
