//! Attributes through DAX: the promises of the adapter for DynamoDB, and the cache's.

use std::sync::atomic::{AtomicBool, Ordering};

use alexa_skill::attributes::{Attributes, Value};
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, PersistenceError, Save};
use alexa_skill::{Persistent, Response, Skill};
use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::config::interceptors::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use dax_client::Dax;
use dax_client::local::LocalDax;
use local_dynamodb::LocalDynamoDb;
use serde::{Deserialize, Serialize};
use simulator::Conversation;

async fn start() -> (LocalDax, Dax, DynamoDb) {
    let local = LocalDax::start().unwrap();
    let table = DynamoDb::new(local.store(), "visits");
    table.ensure_table().await.unwrap();
    let through = Dax::new(local.client().unwrap(), table.clone());
    (local, through, table)
}

fn visits(count: u32) -> Attributes {
    Attributes::from_iter([("count".to_owned(), Value::from(i64::from(count)))])
}

async fn save(
    adapter: &impl PersistenceAdapter,
    read: &Item,
    count: u32,
    request_id: &str,
) -> Result<(), PersistenceError> {
    let (key, attributes) = (Key::from("ann"), visits(count));
    let save = Save {
        key: &key,
        read,
        attributes: &attributes,
        request_id,
    };
    adapter.save(save).await.map(|_| ())
}

#[tokio::test]
async fn what_is_saved_is_loaded_from_the_cache() {
    let (local, through, _) = start().await;
    save(&through, &Item::default(), 1, "first").await.unwrap();
    let before = local.counters();
    let item = through.load(&Key::from("ann")).await.unwrap();
    assert_eq!(item.attributes, visits(1));
    let after = local.counters();
    assert_eq!(after.store_calls, before.store_calls);
    assert_eq!(after.item_hits, before.item_hits + 1);
}

#[tokio::test]
async fn a_save_on_an_old_item_is_a_conflict_and_the_fresh_item_is_there() {
    let (_local, through, around) = start().await;
    save(&through, &Item::default(), 1, "first").await.unwrap();
    let read = around.load(&Key::from("ann")).await.unwrap();
    save(&around, &read, 2, "around").await.unwrap();
    let old = through.load(&Key::from("ann")).await.unwrap();
    assert_eq!(old.attributes, visits(1));
    let refused = save(&through, &old, 2, "second").await.unwrap_err();
    assert_eq!(refused.name(), "Conflict");
    let fresh = through.load_fresh(&Key::from("ann")).await.unwrap();
    assert_eq!(fresh.attributes, visits(2));
    save(&through, &fresh, 3, "second").await.unwrap();
}

#[tokio::test]
async fn a_save_that_happened_already_counts_as_done() {
    let (_local, through, _) = start().await;
    save(&through, &Item::default(), 1, "first").await.unwrap();
    save(&through, &Item::default(), 1, "first").await.unwrap();
    let item = through.load(&Key::from("ann")).await.unwrap();
    assert_eq!(item.attributes, visits(1));
}

#[tokio::test]
async fn what_is_deleted_is_gone() {
    let (_local, through, around) = start().await;
    save(&through, &Item::default(), 1, "first").await.unwrap();
    through.delete(&Key::from("ann")).await.unwrap();
    assert_eq!(
        through.load(&Key::from("ann")).await.unwrap(),
        Item::default()
    );
    assert_eq!(
        around.load(&Key::from("ann")).await.unwrap(),
        Item::default()
    );
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

async fn visit(mut visits: Persistent<Visits>) -> Response {
    visits.count += 1;
    Response::ask(format!("visit {}", visits.count))
}

#[tokio::test]
async fn a_session_that_carries_the_item_asks_the_cache_once() {
    let (local, through, around) = start().await;
    let skill = Skill::builder("test").persistence(through).fallback(visit);
    let skill = skill.carry_in_session().build().unwrap();
    let mut user = Conversation::with(skill).user("ann");
    let before = local.counters();
    for visits in 1..=3 {
        let answer = user.intent("Add", []).await.unwrap();
        assert_eq!(answer.speech(), format!("visit {visits}"));
    }
    let after = local.counters();
    assert_eq!(after.item_hits, before.item_hits);
    assert_eq!(after.item_misses, before.item_misses + 1);
    // A write around the cluster makes what is carried old, as it does the cache.
    let read = around.load(&Key::from("ann")).await.unwrap();
    save(&around, &read, 10, "around").await.unwrap();
    let answer = user.intent("Add", []).await.unwrap();
    assert_eq!(answer.speech(), "visit 11");
}

/// Answers each write with HTTP 500, whether DynamoDB carried it out or never saw it.
#[derive(Debug)]
struct ServerErrors {
    carried_out: bool,
    /// Whether the call under way is one; the test makes one at a time.
    writes: AtomicBool,
}

impl Intercept for ServerErrors {
    fn name(&self) -> &'static str {
        "ServerErrors"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request().headers();
        let operation = headers.get("x-amz-target").unwrap_or_default();
        let writes = operation.ends_with(".PutItem") || operation.ends_with(".DeleteItem");
        self.writes.store(writes, Ordering::Relaxed);
        if writes && !self.carried_out {
            *context.request_mut().body_mut() = "no request".into();
        }
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.writes.load(Ordering::Relaxed) {
            let error = r#"{"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError"}"#;
            *context.response_mut() = HttpResponse::new(500u16.try_into()?, error.into());
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_a_server_error_answered_counts_as_done_if_it_is_there() {
    for carried_out in [true, false] {
        let local = LocalDynamoDb::embedded().unwrap();
        let table = DynamoDb::new(local.client(), "visits");
        table.ensure_table().await.unwrap();
        let store = local.client().config().to_builder();
        let errors = ServerErrors {
            carried_out,
            writes: AtomicBool::default(),
        };
        let store = store.interceptor(errors).build();
        let node = LocalDax::builder().store(store).start().unwrap();
        let through = Dax::new(node.client().unwrap(), table);
        let answer = save(&through, &Item::default(), 1, "r").await;
        assert_eq!(answer.is_ok(), carried_out, "{answer:?}");
    }
}
