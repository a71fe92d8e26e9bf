//! The skill as a Lambda function.

use alexa_skill::BoxError;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    shared_list::skill().table("SharedList").run().await
}
