//! The starter with the credentials, the Region and the endpoint that the crate aws-config finds.

use alexa_skill::BoxError;
use alexa_skill::persistence::dynamodb::DynamoDb;
use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::Client;
use contenders::TABLE;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let config = aws_config::load_defaults(BehaviorVersion::v2026_01_12()).await;
    let table = DynamoDb::new(Client::new(&config), TABLE);
    visit_counter::skill().persistence(table).run().await
}
