//! A skill that remembers in an S3 bucket.

// ANCHOR: skill
use alexa_skill::{BoxError, Response, Result, Skill, Turn};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
struct Visits {
    count: u32,
}

async fn welcome(turn: Turn) -> Result {
    let mut visits = turn.persistent::<Visits>().await?;
    visits.count += 1;
    Ok(Response::new().speak(format!("This is visit {}.", visits.count)))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    Skill::builder("amzn1.ask.skill.…")
        .bucket("your-bucket")
        .on_launch(welcome)
        .run()
        .await
}
// ANCHOR_END: skill
