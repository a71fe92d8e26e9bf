//! The skill as a Lambda function.

use alexa_skill::BoxError;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let table = std::env::var("TABLE_NAME").unwrap_or("Blank".into());
    blank::skill().table(table).run().await
}
