//! A cache in front of a table: fewer reads, and nothing lost by an old one.

use alexa_skill::persistence::dynamodb::DynamoDb;
use std::sync::Arc;
use std::time::Duration;

use alexa_skill::attributes::{Value, to_attributes};
use alexa_skill::persistence::cached::{Cached, Counts};
use alexa_skill::persistence::memory::Memory;
use alexa_skill::persistence::{
    BoxFuture, Item, Key, PersistenceAdapter, PersistenceError, Save, Version,
};
use alexa_skill::{Persistent, Provided, Result, Skill};
use local_dynamodb::LocalDynamoDb;
use simulator::Conversation;
use tokio::sync::Semaphore;

use crate::{Counted, Runs, SKILL_ID, Visits, welcome};

async fn save(store: &impl PersistenceAdapter, count: u32) -> Result<Version, PersistenceError> {
    let key = Key::from("u");
    let read = store.load(&key).await.unwrap();
    save_on(store, &read, count).await
}

async fn save_on(
    store: &impl PersistenceAdapter,
    read: &Item,
    count: u32,
) -> Result<Version, PersistenceError> {
    let key = Key::from("u");
    let attributes = to_attributes(&Visits { count }).unwrap();
    let request_id = format!("request {count}");
    let save = Save {
        key: &key,
        read,
        attributes: &attributes,
        request_id: &request_id,
    };
    store.save(save).await
}

async fn count(store: &impl PersistenceAdapter) -> Value {
    let item = store.load(&Key::from("u")).await.unwrap();
    item.attributes.get("count").cloned().unwrap_or(Value::Null)
}

fn hits_and_misses(hits: u64, misses: u64) -> Counts {
    Counts { hits, misses }
}

#[tokio::test]
async fn the_second_turn_of_a_user_reads_nothing_and_sees_what_the_first_saved() {
    let table = Counted::default();
    let cached = Cached::new(table.clone());
    let skill = Skill::builder(SKILL_ID)
        .persistence(cached.clone())
        .on_launch(welcome);
    let mut user = Conversation::with(skill.build().unwrap());
    user.launch().await.unwrap();
    assert_eq!(user.launch().await.unwrap().speech(), "visit 2");
    assert_eq!(table.loads_and_saves(), (1, 2));
    assert_eq!(cached.counts(), hits_and_misses(1, 1));
}

#[tokio::test]
async fn a_turn_on_an_old_item_meets_a_conflict_runs_again_and_nothing_is_lost() {
    let local = LocalDynamoDb::start().unwrap();
    let table = DynamoDb::new(local.client(), local.new_table().await.unwrap());
    async fn visit(visits: Persistent<Visits>, runs: Provided<Runs>) -> String {
        runs.another();
        welcome(visits).await
    }
    let runs = Runs::default();
    let cached = Cached::new(table.clone());
    let skill = Skill::builder(SKILL_ID)
        .persistence(cached.clone())
        .provide(runs.clone())
        .on_launch(visit);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    user.launch().await.unwrap();
    // Another instance, which knows nothing of this cache.
    save(&table, 10).await.unwrap();
    assert_eq!(count(&cached).await, Value::from(1), "the cache is old");
    assert_eq!(user.launch().await.unwrap().speech(), "visit 11");
    assert_eq!(runs.count(), 3);
    assert_eq!(count(&table).await, Value::from(11));
    assert_eq!(count(&cached).await, Value::from(11));
}

#[tokio::test]
async fn two_caches_in_front_of_one_table_count_every_visit() {
    let table = Memory::new();
    let instance = || {
        let skill = Skill::builder(SKILL_ID)
            .persistence(Cached::new(table.clone()))
            .on_launch(welcome);
        Conversation::with(skill.build().unwrap()).user("u")
    };
    let (mut one, mut other) = (instance(), instance());
    for visit in 0..10 {
        let user = if visit % 2 == 0 { &mut one } else { &mut other };
        let answer = user.launch().await.unwrap();
        assert_eq!(answer.speech(), format!("visit {}", visit + 1));
    }
}

#[tokio::test]
async fn a_missing_item_is_cached_and_found_once_it_is_saved_through_the_cache() {
    let table = Counted::default();
    let cached = Cached::new(table.clone());
    assert_eq!(count(&cached).await, Value::Null);
    save(&table.memory, 1).await.unwrap();
    assert_eq!(count(&cached).await, Value::Null, "as with DAX");
    assert_eq!(table.loads_and_saves(), (1, 0));
    let old = cached.load(&Key::from("u")).await.unwrap();
    save_on(&cached, &old, 5).await.unwrap_err();
    assert_eq!(count(&cached).await, Value::from(1), "no longer cached");
    save(&cached, 6).await.unwrap();
    assert_eq!(count(&cached).await, Value::from(6));
}

#[tokio::test]
async fn a_save_that_the_table_refuses_is_not_cached() {
    let table = Counted::default();
    let cached = Cached::new(table.clone());
    save(&cached, 1).await.unwrap();
    let old = Item::default();
    let error = save_on(&cached, &old, 99).await.unwrap_err();
    assert!(
        matches!(error, PersistenceError::Conflict { .. }),
        "{error}"
    );
    assert_eq!(count(&cached).await, Value::from(1));
    assert_eq!(table.loads_and_saves().0, 2, "the conflict dropped it");
}

#[tokio::test]
async fn a_fresh_load_reads_the_table_and_leaves_what_it_read() {
    let table = Counted::default();
    let cached = Cached::new(table.clone());
    save(&cached, 1).await.unwrap();
    save(&table.memory, 2).await.unwrap();
    let fresh = cached.load_fresh(&Key::from("u")).await.unwrap();
    assert_eq!(fresh.attributes["count"], Value::from(2));
    assert_eq!(count(&cached).await, Value::from(2));
    assert_eq!(cached.counts(), hits_and_misses(1, 2));
}

#[tokio::test]
async fn a_refresh_of_a_turn_goes_past_the_cache() {
    async fn look(mut visits: Persistent<Visits>) -> Result<String> {
        Persistent::refresh(&mut visits).await?;
        Ok(visits.count.to_string())
    }
    let table = Memory::new();
    let cached = Cached::new(table.clone());
    save(&cached, 1).await.unwrap();
    save(&table, 2).await.unwrap();
    let skill = Skill::builder(SKILL_ID).persistence(cached).on_launch(look);
    let mut user = Conversation::with(skill.build().unwrap()).user("u");
    assert_eq!(user.launch().await.unwrap().speech(), "2");
}

#[tokio::test]
async fn a_deleted_item_is_gone_from_the_cache_and_the_table() {
    let table = Memory::new();
    let cached = Cached::new(table.clone());
    save(&cached, 1).await.unwrap();
    cached.delete(&Key::from("u")).await.unwrap();
    assert_eq!(count(&cached).await, Value::Null);
    assert_eq!(count(&table).await, Value::Null);
}

#[tokio::test]
async fn an_item_is_read_again_when_its_time_is_over() {
    let table = Memory::new();
    let cached = Cached::new(table.clone()).time_to_live(Duration::from_millis(20));
    save(&cached, 1).await.unwrap();
    save(&table, 2).await.unwrap();
    let seen = async {
        while count(&cached).await == Value::from(1) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        count(&cached).await
    };
    let seen = tokio::time::timeout(Duration::from_secs(10), seen).await;
    assert_eq!(seen.unwrap(), Value::from(2));
}

#[tokio::test]
async fn a_full_cache_makes_room() {
    let cached = Cached::new(Memory::new()).capacity(64 * 1024);
    let users = (0..2000).map(|user| Key::from(format!("{user:200}").as_str()));
    let users: Vec<Key> = users.collect();
    for key in users.iter().chain(&users) {
        cached.load(key).await.unwrap();
    }
    let Counts { hits, misses } = cached.counts();
    assert_eq!(hits + misses, 4000);
    // Each key alone has 200 bytes, so that 327 of them would fill it.
    assert!(hits < 1000, "{hits} hits");
}

/// A table whose loads wait until they are let through.
#[derive(Clone)]
struct Slow {
    table: Counted,
    gate: Arc<Semaphore>,
}

impl PersistenceAdapter for Slow {
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(async {
            let read = self.table.load(key).await;
            self.gate.acquire().await.unwrap().forget();
            read
        })
    }
    fn save<'a>(&'a self, save: Save<'a>) -> BoxFuture<'a, Result<Version, PersistenceError>> {
        self.table.save(save)
    }
    fn delete<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), PersistenceError>> {
        self.table.delete(key)
    }
}

/// Lets all tasks go on until each waits for something.
async fn until_all_wait() {
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn loads_that_begin_at_once_share_one_read() {
    let slow = Slow {
        table: Counted::default(),
        gate: Arc::new(Semaphore::new(0)),
    };
    let cached = Cached::new(slow.clone());
    let loads = [(); 20].map(|()| {
        let cached = cached.clone();
        tokio::spawn(async move { count(&cached).await })
    });
    until_all_wait().await;
    slow.gate.add_permits(20);
    for load in loads {
        assert_eq!(load.await.unwrap(), Value::Null);
    }
    assert_eq!(slow.table.loads_and_saves(), (1, 0));
    assert_eq!(cached.counts(), hits_and_misses(19, 1));
}

#[tokio::test]
async fn a_load_that_was_overtaken_by_a_save_does_not_bring_the_old_item_back() {
    let slow = Slow {
        table: Counted::default(),
        gate: Arc::new(Semaphore::new(0)),
    };
    let cached = Cached::new(slow.clone());
    let load = tokio::spawn({
        let cached = cached.clone();
        async move { count(&cached).await }
    });
    until_all_wait().await;
    let write = tokio::spawn({
        let cached = cached.clone();
        async move { save_on(&cached, &Item::default(), 1).await }
    });
    until_all_wait().await;
    slow.gate.add_permits(10);
    assert_eq!(load.await.unwrap(), Value::Null);
    write.await.unwrap().unwrap();
    assert_eq!(count(&cached).await, Value::from(1));
}
