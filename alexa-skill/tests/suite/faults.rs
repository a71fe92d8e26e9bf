//! Lost answers, throttling, delays and many writers at once: nothing lost, nothing twice.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alexa_skill::attributes::{Value, to_attributes};
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, PersistenceError, Save};
use alexa_skill::{BoxError, Error, Skill};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use local_dynamodb::LocalDynamoDb;
use simulator::Conversation;

use crate::carried::carrying;
use crate::proxy::{Fault, Faults, Proxy};
use crate::{SKILL_ID, Visits, welcome};

// ANCHOR: losing
/// Loses the answers of the first `count` writes.
fn losing(count: u32) -> Faults {
    let mut left = count;
    Box::new(move |operation| {
        if operation == "PutItem" && left > 0 {
            left -= 1;
            return Fault::LoseAnswer;
        }
        Fault::None
    })
}
// ANCHOR_END: losing

fn counter(table: DynamoDb) -> Conversation {
    let skill = Skill::builder(SKILL_ID)
        .persistence(table)
        .on_launch(welcome);
    Conversation::with(skill.build().unwrap()).user("u")
}

async fn count(table: &DynamoDb) -> Value {
    table.load(&Key::from("u")).await.unwrap().attributes["count"].clone()
}

// ANCHOR: lost
#[tokio::test]
async fn a_write_whose_answer_was_lost_counts_once() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    // The SDK tries five times. With all five answers lost, only a look at the item can tell.
    for lost in [1, 4, 5] {
        let before = table.load(&Key::from("u")).await.unwrap().revision;
        let proxy = Proxy::start(&local, losing(lost)).await;
        let through = DynamoDb::new(proxy.client(&local), table.table());
        counter(through).launch().await.unwrap();
        let after = table.load(&Key::from("u")).await.unwrap().revision;
        assert_eq!(
            before.next("x").number,
            after.next("x").number - 1,
            "{lost} lost answers"
        );
    }
    assert_eq!(count(&table).await, Value::from(3));
}
// ANCHOR_END: lost

/// Faults of the first writes and deletions, one each.
fn first_writes(faults: impl IntoIterator<Item = Fault, IntoIter: Send + 'static>) -> Faults {
    let mut faults = faults.into_iter();
    Box::new(move |operation| match operation {
        "PutItem" | "DeleteItem" => faults.next().unwrap_or(Fault::None),
        _ => Fault::None,
    })
}

/// What DynamoDB says when another Region or a transaction writes the item, and how often it must
/// say so until the SDK gives up: it tries the first again by itself.
const OTHERS_WRITE: [(Fault, usize); 2] = [
    (
        Fault::Refuse(
            "ReplicatedWriteConflictException",
            "One or more items in this request are being modified by a request in another Region",
        ),
        5,
    ),
    (
        Fault::Refuse(
            "TransactionConflictException",
            "Transaction is ongoing for the item",
        ),
        1,
    ),
];

#[tokio::test]
async fn a_turn_runs_again_when_another_region_or_a_transaction_writes_the_item() {
    for (conflict, tries) in OTHERS_WRITE {
        let local = LocalDynamoDb::start().unwrap();
        let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
        let proxy = Proxy::start(&local, first_writes(vec![conflict; tries])).await;
        let mut user = counter(DynamoDb::new(proxy.client(&local), table.table()));
        assert_eq!(user.launch().await.unwrap().speech(), "visit 1");
        assert_eq!(count(&table).await, Value::from(1));
    }
}

#[tokio::test]
async fn a_deletion_that_meets_another_write_is_a_conflict() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    for (conflict, tries) in OTHERS_WRITE {
        let proxy = Proxy::start(&local, first_writes(vec![conflict; tries])).await;
        let refused = DynamoDb::new(proxy.client(&local), table.table());
        let key = Key::from("u");
        let error = refused.delete(&key).await.unwrap_err();
        assert!(
            matches!(error, PersistenceError::Conflict { .. }),
            "{error}"
        );
        refused.delete(&key).await.unwrap();
    }
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_and_that_then_meets_another_write_counts_once() {
    for (conflict, _) in OTHERS_WRITE {
        let local = LocalDynamoDb::start().unwrap();
        let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
        let mut faults = vec![conflict; 5];
        faults[0] = Fault::LoseAnswer;
        let proxy = Proxy::start(&local, first_writes(faults)).await;
        let mut user = counter(DynamoDb::new(proxy.client(&local), table.table()));
        assert_eq!(user.launch().await.unwrap().speech(), "visit 1");
        assert_eq!(count(&table).await, Value::from(1));
    }
}

/// Nobody else has written, so the write may still arrive: the turn must not run again.
#[tokio::test]
async fn a_write_that_may_still_arrive_is_not_run_again() {
    for (conflict, _) in OTHERS_WRITE {
        let local = LocalDynamoDb::start().unwrap();
        let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
        let mut faults = vec![conflict; 5];
        faults[0] = Fault::ServerError { carried_out: false };
        let proxy = Proxy::start(&local, first_writes(faults)).await;
        let mut user = counter(DynamoDb::new(proxy.client(&local), table.table()));
        let error = user.launch().await.unwrap_err();
        let error = error.downcast::<Error>().unwrap();
        assert_eq!(error.name(), "Other", "{error}");
        let item = table.load(&Key::from("u")).await.unwrap();
        assert_eq!(item, Item::default());
    }
}

#[tokio::test]
async fn a_write_that_a_server_error_answered_counts_once() {
    // The SDK tries five times.
    for answered in [1, 4, 5] {
        for carried_out in [true, false] {
            let local = LocalDynamoDb::start().unwrap();
            let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
            let fault = Fault::ServerError { carried_out };
            let proxy = Proxy::start(&local, first_writes(vec![fault; answered])).await;
            let mut user = counter(DynamoDb::new(proxy.client(&local), table.table()));
            let answer = user.launch().await;
            if answered < 5 || carried_out {
                answer.unwrap();
                assert_eq!(count(&table).await, Value::from(1));
            } else {
                let error = answer.unwrap_err().downcast::<Error>().unwrap();
                assert_eq!(error.name(), "Other", "{error}");
                let item = table.load(&Key::from("u")).await.unwrap();
                assert_eq!(item, Item::default());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_was_lost_and_on_which_others_built_counts_once() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let key = Key::from("u");
    // Between the lost answer and the second try, another turn reads 1 and writes 2.
    let (lost, mut answers_lost) = tokio::sync::mpsc::unbounded_channel();
    let (go, mut gone) = tokio::sync::mpsc::unbounded_channel::<()>();
    let mut writes = 0;
    let faults: Faults = Box::new(move |operation| {
        if operation != "PutItem" {
            return Fault::None;
        }
        writes += 1;
        if writes == 1 {
            lost.send(()).unwrap();
            return Fault::LoseAnswer;
        }
        if writes == 2 {
            tokio::task::block_in_place(|| gone.blocking_recv());
        }
        Fault::None
    });
    let proxy = Proxy::start(&local, faults).await;
    let mut user = counter(DynamoDb::new(proxy.client(&local), table.table()));
    let turn = tokio::spawn(async move { user.launch().await.unwrap().speech().to_owned() });
    answers_lost.recv().await.unwrap();
    let first = loop {
        let item = table.load(&key).await.unwrap();
        if !item.attributes.is_empty() {
            break item;
        }
    };
    let attributes = to_attributes(&Visits { count: 2 }).unwrap();
    let save = Save {
        key: &key,
        read: &first,
        attributes: &attributes,
        request_id: "another",
    };
    table.save(save).await.unwrap();
    go.send(()).unwrap();
    assert_eq!(turn.await.unwrap(), "visit 1");
    assert_eq!(
        count(&table).await,
        Value::from(2),
        "a third visit would be the first one twice"
    );
}

#[tokio::test]
async fn a_save_that_nobody_can_account_for_is_uncertain_and_not_repeated() {
    let local = LocalDynamoDb::start().unwrap();
    let error = uncertain(&local, &Key::from("u")).await;
    assert!(
        matches!(error, PersistenceError::Uncertain { .. }),
        "{error}"
    );
}

/// What a save ends in whose first try finds an item of another SDK, so that its condition
/// refuses, and whose first answer is lost.
pub async fn uncertain(local: &LocalDynamoDb, key: &Key) -> PersistenceError {
    let table = DynamoDb::new(local.client(), "Uncertain");
    table.ensure_table().await.unwrap();
    let mut writes = 0;
    let faults: Faults = Box::new(move |operation| {
        writes += u32::from(operation == "PutItem");
        if operation != "PutItem" || writes > 1 {
            Fault::None
        } else {
            Fault::LoseAnswer
        }
    });
    let proxy = Proxy::start(local, faults).await;
    let through = DynamoDb::new(proxy.client(local), table.table());
    let put = local.client().put_item().table_name(table.table());
    let put = put.item("userId", AttributeValue::S(key.expose().into()));
    put.send().await.unwrap();
    let attributes = to_attributes(&Visits { count: 1 }).unwrap();
    let read = Item::default();
    let save = Save {
        key,
        read: &read,
        attributes: &attributes,
        request_id: "r",
    };
    through.save(save).await.unwrap_err()
}

#[tokio::test]
async fn a_throttled_call_is_sent_again_and_one_throttled_for_good_is_named() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let mut calls = 0;
    let proxy = Proxy::start(
        &local,
        Box::new(move |_| {
            calls += 1;
            if calls % 2 == 1 {
                Fault::Throttle
            } else {
                Fault::None
            }
        }),
    )
    .await;
    let answer = counter(DynamoDb::new(proxy.client(&local), table.table()))
        .launch()
        .await;
    assert_eq!(answer.unwrap().speech(), "visit 1");
    let proxy = Proxy::start(&local, Box::new(|_| Fault::Throttle)).await;
    let answer = counter(DynamoDb::new(proxy.client(&local), table.table()))
        .launch()
        .await;
    let error = answer.unwrap_err();
    assert_eq!(error.downcast_ref::<Error>().unwrap().name(), "Throttled");
}

/// What a run of many turns of one user at once came to.
#[derive(Debug)]
struct Outcome {
    answered: u32,
    failed: Vec<&'static str>,
    counted: u32,
}

impl Outcome {
    /// A turn that got no answer from a slow endpoint, and found no trace of its write there, may
    /// find the write done after it gave up; its error says so. No other turn may be counted
    /// without an answer, and none twice.
    #[track_caller]
    fn assert_counted_once_each(&self) {
        let told = self.failed.iter().filter(|error| **error == "Unreachable");
        let most = self.answered + told.count() as u32;
        assert!((self.answered..=most).contains(&self.counted), "{self:?}");
    }
}

const TURNS: u32 = 1000;
const INSTANCES: u32 = 8;
const SEED: u64 = 20261122;

/// Loses the answers of a tenth of all calls, throttles a tenth and delays a tenth.
fn seeded_faults() -> Faults {
    let mut random = fastrand::Rng::with_seed(SEED);
    Box::new(move |_| match random.u32(..10) {
        0 => Fault::LoseAnswer,
        1 => Fault::Throttle,
        2 => Fault::Delay(Duration::from_millis(random.u64(1..10))),
        _ => Fault::None,
    })
}

/// Something that takes one turn after the other.
trait Turns: Send + 'static {
    fn turn(&mut self) -> impl Future<Output = Result<(), BoxError>> + Send;
}

impl Turns for Conversation {
    async fn turn(&mut self) -> Result<(), BoxError> {
        self.launch().await.map(drop)
    }
}

/// Turns of one long session, whose attributes carry the item from each answer to the next request.
struct InSession(Conversation);

impl Turns for InSession {
    async fn turn(&mut self) -> Result<(), BoxError> {
        self.0.intent("Add", []).await.map(drop)
    }
}

/// Counts a visit as the ASK SDKs for Node.js and Python do: read, add, write whatever is there.
struct Unconditional {
    client: Client,
    table: String,
}

impl Turns for Unconditional {
    async fn turn(&mut self) -> Result<(), BoxError> {
        let user = AttributeValue::S("u".into());
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("userId", user.clone());
        let item = get
            .consistent_read(true)
            .send()
            .await?
            .item
            .unwrap_or_default();
        let attributes = item.get("mapAttr").and_then(|map| map.as_m().ok());
        let count = attributes.and_then(|attributes| attributes["count"].as_n().ok());
        let count = count.map_or(Ok(0), |count| count.parse::<u32>())? + 1;
        let count = HashMap::from([("count".to_owned(), AttributeValue::N(count.to_string()))]);
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("userId", user);
        put.item("mapAttr", AttributeValue::M(count)).send().await?;
        Ok(())
    }
}

/// Runs the turns on several instances of the skill, each with a client of its own.
async fn run<T: Turns>(
    local: &LocalDynamoDb,
    table: &DynamoDb,
    instance: impl Fn(Client) -> T,
) -> Outcome {
    let proxy = Proxy::start(local, seeded_faults()).await;
    let left = Arc::new(AtomicU32::new(TURNS));
    let instances = (0..INSTANCES).map(|_| {
        let mut turns = instance(proxy.client(local));
        let left = left.clone();
        tokio::spawn(async move {
            let (mut answered, mut failed) = (0, Vec::new());
            while left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
                .is_ok()
            {
                match turns.turn().await {
                    Ok(()) => answered += 1,
                    Err(error) => failed.push(error.downcast_ref().map_or("other", Error::name)),
                }
            }
            (answered, failed)
        })
    });
    let (mut answered, mut failed) = (0, Vec::new());
    for instance in instances.collect::<Vec<_>>() {
        let (more, errors) = instance.await.unwrap();
        answered += more;
        failed.extend(errors);
    }
    let item = table.load(&Key::from("u")).await.unwrap();
    let Value::Number(counted) = &item.attributes["count"] else {
        panic!("no count")
    };
    Outcome {
        answered,
        failed,
        counted: counted.as_str().parse().unwrap(),
    }
}

#[tokio::test]
async fn a_thousand_turns_of_one_user_at_once_are_counted_once_each() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let ours = run(&local, &table, |client| {
        counter(DynamoDb::new(client, table.table()))
    })
    .await;
    let bare = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let theirs = run(&local, &bare, |client| Unconditional {
        client,
        table: bare.table().into(),
    });
    let theirs = theirs.await;
    println!("seed {SEED}, {TURNS} turns over {INSTANCES} instances");
    println!(
        "conditional:   {} answered, {} counted",
        ours.answered, ours.counted
    );
    println!(
        "unconditional: {} answered, {} counted",
        theirs.answered, theirs.counted
    );
    println!(
        "turns that ended in an error: {:?} and {}",
        ours.failed,
        theirs.failed.len()
    );
    ours.assert_counted_once_each();
    // How many end in an error depends on how the machine interleaves them.
    assert!(ours.answered > TURNS / 2, "{ours:?}");
    assert!(theirs.counted < theirs.answered, "{theirs:?}");
}

#[tokio::test]
async fn a_thousand_turns_in_sessions_that_carry_the_item_are_counted_once_each() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    let outcome = run(&local, &table, |client| {
        InSession(carrying(DynamoDb::new(client, table.table())))
    })
    .await;
    println!("seed {SEED}, {TURNS} turns over {INSTANCES} instances, one session each");
    println!(
        "carried: {} answered, {} counted, errors {:?}",
        outcome.answered, outcome.counted, outcome.failed
    );
    outcome.assert_counted_once_each();
    assert!(outcome.answered > TURNS / 2, "{outcome:?}");
}
