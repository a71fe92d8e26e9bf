//! A skill that remembers in an S3 bucket.

// ANCHOR: skill
use alexa_skill::{BoxError, Persistent, Skill};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn welcome(mut visits: Persistent<Visits>) -> String {
    visits.count += 1;
    format!("This is visit {}.", visits.count)
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
