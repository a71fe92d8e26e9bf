//! Attributes through DAX: the promises of the adapter for DynamoDB, and the cache's.

use alexa_skill::attributes::{Attributes, Value};
use alexa_skill::persistence::dax::Dax;
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::{Item, Key, PersistenceAdapter, PersistenceError, Save};
use dax_client::local::LocalDax;

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
