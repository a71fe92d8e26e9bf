//! Answers as the AWS SDK's outputs.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{Capacity, ConsumedCapacity as SdkConsumedCapacity};

use crate::cluster::Connection;
use crate::error::Error;
use crate::expression::Projection;
use crate::protocol::{ConsumedCapacity, StoredItem};
use crate::wire::item;
use crate::wire::key::KeySchema;
use crate::wire::value::Item;

/// The item of an answer. A key that the answer does not hold is the one that was asked for.
pub(super) async fn item(
    stored: StoredItem,
    asked: Option<&Item>,
    schema: &KeySchema,
    projection: Option<&Projection>,
    connection: &mut Connection,
) -> Result<Item, Error> {
    match stored {
        StoredItem::Projected(found) => {
            let unasked = Error::Unexpected("a projection that nobody asked for");
            Ok(projection.ok_or(unasked)?.build(found)?)
        }
        StoredItem::Values(bytes) => {
            let mut item = values(&bytes, connection).await?;
            item.extend(asked.into_iter().flat_map(|item| key(item, schema)));
            Ok(item)
        }
        StoredItem::Keyed { key, values: bytes } => {
            let mut item = values(&bytes, connection).await?;
            item.extend(schema.decode(&key)?);
            Ok(item)
        }
    }
}

/// The attributes that an update changed.
pub(super) async fn changed(bytes: &[u8], connection: &mut Connection) -> Result<Item, Error> {
    let names = connection.list(item::list_id(bytes)?).await?;
    Ok(item::read_changed(bytes, &names)?)
}

async fn values(bytes: &[u8], connection: &mut Connection) -> Result<Item, Error> {
    let names = connection.list(item::list_id(bytes)?).await?;
    Ok(item::read_values(bytes, &names)?)
}

/// The attributes of an item that are its key.
fn key(item: &Item, schema: &KeySchema) -> Item {
    let part = |name: &String| Some((name.clone(), item.get(name)?.clone()));
    let parts = schema.attributes().map(|attribute| part(&attribute.name));
    parts.flatten().collect()
}

pub(super) fn consumed(capacity: ConsumedCapacity) -> SdkConsumedCapacity {
    let units = |units: f64| Capacity::builder().capacity_units(units).build();
    let of_index = |of_index: HashMap<String, f64>| {
        of_index
            .into_iter()
            .map(|(index, capacity)| (index, units(capacity)))
            .collect()
    };
    SdkConsumedCapacity::builder()
        .table_name(capacity.table)
        .capacity_units(capacity.units)
        .set_table(capacity.of_table.map(units))
        .set_global_secondary_indexes(capacity.of_global_indexes.map(of_index))
        .set_local_secondary_indexes(capacity.of_local_indexes.map(of_index))
        .build()
}
