//! The skill as a Lambda function.

use alexa_skill::BoxError;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let table = std::env::var("TABLE_NAME").unwrap_or("SharedList".into());
    shared_list::skill().table(table).run().await
}
