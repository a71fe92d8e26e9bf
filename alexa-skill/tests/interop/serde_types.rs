//! What the ASK SDKs wrote, read by types that use serde's attributes.

use std::collections::BTreeSet;

use alexa_skill::attributes::{Bytes, Set, Value};
use alexa_skill::{Persistent, Skill};
use local_dynamodb::LocalDynamoDb;
use serde::{Deserialize, Serialize};
use simulator::Conversation;

use crate::dynamodb::{load, map, number, table_of};
use crate::peers::{Peer, Place, SKILL_ID, USER};

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Player {
    #[serde(alias = "oldCount")]
    count: u32,
    name: String,
    #[serde(flatten)]
    mode: Mode,
    badges: Set<String>,
    picture: Bytes,
}

/// Its default comes first in the alphabet, so that it would win where both were stored.
#[derive(Debug, Serialize, Deserialize)]
enum Mode {
    Asleep(String),
    Playing { low: u8, high: u8 },
}

impl Default for Mode {
    fn default() -> Mode {
        Mode::Asleep(String::new())
    }
}

async fn play(mut player: Persistent<Player>) -> String {
    player.count += 1;
    player.badges.insert("new".into());
    let Player {
        count, name, mode, ..
    } = &*player;
    format!("{count} {name:?} {mode:?} {:?}", *player.picture)
}

async fn sleep(mut player: Persistent<Player>) {
    player.mode = Mode::Asleep("well".into());
}

async fn what_the_peer_wrote_is_read_and_kept(peer: Peer, name: Value) {
    let local = LocalDynamoDb::start().unwrap();
    let table = table_of(&local, peer).await;
    let environment = local.environment();
    let place = Place {
        name: table.table(),
        environment: &environment,
    };
    let playing = Value::Map(map([("low", number("3")), ("high", number("9"))]));
    let unchanged = [
        ("name", name),
        ("picture", Value::Binary(vec![0, 255])),
        ("theirs", Value::from(true)),
    ];
    let mut written = map(unchanged.clone());
    written.insert("name".into(), Value::from(""));
    written.insert("oldCount".into(), number("41"));
    written.insert("Playing".into(), playing.clone());
    written.insert("badges".into(), Value::StringSet(vec!["old".into()]));
    peer.writes(&place, &written);

    let skill = Skill::builder(SKILL_ID)
        .persistence(table.clone())
        .on_launch(play)
        .on_intent("Sleep", sleep);
    let mut user = Conversation::with(skill.build().unwrap()).user(USER);
    let answer = user.launch().await.unwrap();
    assert_eq!(
        answer.speech(),
        r#"42 "" Playing { low: 3, high: 9 } [0, 255]"#
    );
    let mut stored = load(&table).await.attributes;
    let badges = stored.remove("badges");
    let Some(Value::StringSet(badges)) = badges else {
        panic!("{peer:?}: a set stays one, not {badges:?}");
    };
    let expected = BTreeSet::from(["new".to_owned(), "old".to_owned()]);
    assert_eq!(BTreeSet::from_iter(badges), expected);
    let mut kept = map(unchanged.clone());
    kept.insert("count".into(), number("42"));
    kept.insert("Playing".into(), playing);
    assert_eq!(stored, kept, "{peer:?}");

    user.intent("Sleep", []).await.unwrap();
    let seen = peer.reads(&place);
    assert_eq!(seen.get("Asleep"), Some(&Value::from("well")), "{peer:?}");
    assert_eq!(seen.get("Playing"), None, "{peer:?}");
    assert_eq!(seen.get("theirs"), Some(&Value::from(true)), "{peer:?}");
}

#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn what_node_v1_wrote_is_read_and_kept() {
    what_the_peer_wrote_is_read_and_kept(Peer::NodeV1, Value::from("")).await;
}

#[tokio::test]
#[ignore = "needs Node.js and the packages of tests/interop/node, which .ci/run installs"]
async fn what_node_v2_wrote_is_read_and_kept() {
    what_the_peer_wrote_is_read_and_kept(Peer::NodeV2, Value::Null).await;
}

#[tokio::test]
#[ignore = "needs Python and the packages of tests/interop/python, which .ci/run installs"]
async fn what_python_wrote_is_read_and_kept() {
    what_the_peer_wrote_is_read_and_kept(Peer::Python, Value::from("")).await;
}
