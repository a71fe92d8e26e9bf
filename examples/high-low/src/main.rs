//! The skill as a Lambda function.

use alexa_skill::BoxError;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    high_low::skill().table("HighLow").run().await
}
