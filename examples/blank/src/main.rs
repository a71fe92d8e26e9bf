//! The skill as a Lambda function.

use alexa_skill::BoxError;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    blank::skill().table("Blank").run().await
}
