//! The starter with mimalloc instead of the system's allocator.

use alexa_skill::BoxError;
use contenders::TABLE;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    visit_counter::skill().table(TABLE).run().await
}
