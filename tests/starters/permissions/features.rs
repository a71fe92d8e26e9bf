//! What each feature of the library calls: the table on the page about the policy, row by row.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use alexa_skill::persistence::dynamodb::{DynamoDb, Layout};
use alexa_skill::{BoxError, Persistent, Result, Skill, Turn};
use local_dynamodb::LocalDynamoDb;
use serde::{Deserialize, Serialize};
use simulator::Conversation;

use super::guarded::Guarded;
use super::policy::Policy;
use crate::repository;

const TABLE: &str = "Visits";
const CHAPTER: &str = "book/src/permissions/policy.md";

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn count(mut visits: Persistent<Visits>) {
    visits.count += 1;
}

async fn read(visits: Persistent<Visits>) -> String {
    visits.count.to_string()
}

async fn forget(turn: Turn) -> Result<()> {
    turn.forget().await
}

/// A feature as the first column of the table calls it.
type Feature = &'static str;

const FEATURES: [Feature; 9] = [
    "a handler that only reads",
    "a handler that changes something",
    "two devices at once",
    "`eventually_consistent_reads`",
    "`sort_key`, another `Layout`",
    "`time_to_live`",
    "`turn.forget()`",
    "`ensure_table`",
    "`ensure_table` with `time_to_live`",
];

/// Uses the feature on a table that somebody made before, where it does not make one itself.
async fn use_feature(
    feature: Feature,
    local: &LocalDynamoDb,
    guarded: &Guarded,
) -> Result<(), BoxError> {
    let table = |client| DynamoDb::new(client, TABLE);
    let day = Duration::from_secs(24 * 60 * 60);
    let shaped = |client| match feature {
        "`sort_key`, another `Layout`" => {
            table(client).layout(Layout::Id).sort_key("skill", "visits")
        }
        "`time_to_live`" | "`ensure_table` with `time_to_live`" => {
            table(client).time_to_live("expires", day)
        }
        "`eventually_consistent_reads`" => table(client).eventually_consistent_reads(),
        _ => table(client),
    };
    let by_skill = shaped(guarded.client(local));
    if feature.starts_with("`ensure_table`") {
        return Ok(by_skill.ensure_table().await?);
    }
    shaped(local.client()).ensure_table().await?;
    let skill = || Skill::builder("amzn1.ask.skill.example").persistence(by_skill.clone());
    let user = |skill: Skill| Conversation::with(skill).user("household");
    match feature {
        "a handler that only reads" => {
            user(skill().on_launch(read).build()?).launch().await?;
        }
        "`turn.forget()`" => {
            user(skill().on_launch(forget).build()?).launch().await?;
        }
        "two devices at once" => {
            let skill = skill().on_launch(count).build()?;
            let (mut kitchen, mut cellar) = (user(skill.clone()), user(skill));
            for _ in 0..5 {
                let (first, second) = tokio::join!(kitchen.launch(), cellar.launch());
                first?;
                second?;
            }
        }
        _ => {
            user(skill().on_launch(count).build()?).launch().await?;
        }
    }
    Ok(())
}

/// The rows of the chapter's table: a feature, and the actions that it calls.
fn rows() -> BTreeMap<String, Vec<String>> {
    let chapter = fs::read_to_string(repository().join(CHAPTER)).unwrap();
    let rows = chapter
        .lines()
        .skip_while(|line| !line.starts_with("| Feature"));
    rows.skip(2)
        .map_while(|line| {
            line.strip_prefix("| ")?
                .strip_suffix(" |")?
                .split_once(" | ")
        })
        .map(|(feature, actions)| {
            let actions = actions.split(", ").map(|action| action.replace('`', ""));
            (feature.to_owned(), actions.collect())
        })
        .collect()
}

#[tokio::test]
async fn each_feature_takes_the_actions_of_its_row_and_no_other() {
    let rows = rows();
    for feature in FEATURES {
        let local = LocalDynamoDb::embedded().unwrap();
        let everything = Policy::allowing(&["dynamodb:*"], TABLE);
        let guarded = Guarded::start(&local, &everything).await;
        use_feature(feature, &local, &guarded).await.unwrap();
        assert_eq!(rows.get(feature), Some(&guarded.actions()), "{feature}");
    }
    let tested = FEATURES.len() + OTHER_ROWS.len();
    assert_eq!(rows.len(), tested, "{:?}", rows.keys());
}

/// The rows that are not used here. The starter that has the first one proves it; S3 and DAX have
/// other endpoints, and the page says that nothing evaluated them.
const OTHER_ROWS: [&str; 3] = ["`forget_disabled_users`", "S3 instead", "DAX in front"];

#[tokio::test]
async fn a_feature_without_one_of_its_actions_is_refused_by_name() {
    for (feature, actions) in rows() {
        if !FEATURES.contains(&&*feature) {
            continue;
        }
        let feature = FEATURES
            .into_iter()
            .find(|known| *known == feature)
            .unwrap();
        for taken in &actions {
            let left: Vec<&str> = actions.iter().map(String::as_str).collect();
            let left: Vec<&str> = left.into_iter().filter(|action| action != taken).collect();
            // A policy without an action is none; one that allows another thing allows nothing here.
            let left = if left.is_empty() {
                vec!["dynamodb:Scan"]
            } else {
                left
            };
            let local = LocalDynamoDb::embedded().unwrap();
            let guarded = Guarded::start(&local, &Policy::allowing(&left, TABLE)).await;
            let error = use_feature(feature, &local, &guarded).await.unwrap_err();
            let told = format!("the skill may not call {taken} on table `{TABLE}`");
            assert!(error.to_string().contains(&told), "{feature}: {error}");
        }
    }
}
