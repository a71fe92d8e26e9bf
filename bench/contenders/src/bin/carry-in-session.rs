//! The starter, but what it remembers travels in the session, so that a later turn does not read.

use alexa_skill::{BoxError, Response};
use contenders::TABLE;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let skill = visit_counter::skill().carry_in_session();
    let skill = skill.after(keep_session_open);
    skill.table(TABLE).run().await
}

/// A session that ends carries nothing, and the starter ends it with its welcome.
async fn keep_session_open(response: Response) -> Response {
    response.keep_session_open()
}
