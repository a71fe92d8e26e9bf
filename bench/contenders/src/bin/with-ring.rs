//! The starter with ring's cryptography instead of AWS-LC's.

use alexa_skill::BoxError;
use alexa_skill::persistence::dynamodb::{DynamoDb, client_from_env};
use aws_sdk_dynamodb::Client;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use contenders::TABLE;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    let config = client_from_env()?.config().to_builder();
    let config = config.http_client(http.build_https()).build();
    let table = DynamoDb::new(Client::from_conf(config), TABLE);
    visit_counter::skill().persistence(table).run().await
}
