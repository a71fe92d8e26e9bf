//! The starter on Tokio's runtime of many threads.

use alexa_skill::BoxError;
use contenders::TABLE;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    visit_counter::skill().table(TABLE).run().await
}
