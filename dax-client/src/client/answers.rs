//! Answers as the AWS SDK's outputs.

use aws_sdk_dynamodb::types::{Capacity, ConsumedCapacity as SdkConsumedCapacity};

use crate::cluster::Connection;
use crate::error::Error;
use crate::expression::Projection;
use crate::wire::item::{self, Item};
use crate::wire::key::KeySchema;
use crate::wire::options::ReturnValues;
use crate::wire::reply::{ConsumedCapacity, Stored};

/// The item of an answer. A key that the answer does not hold is the one that was asked for.
pub(super) async fn item(
    stored: Stored,
    asked: Option<&Item>,
    schema: &KeySchema,
    projection: Option<&Projection>,
    connection: &mut Connection,
) -> Result<Item, Error> {
    match stored {
        Stored::Projected(found) => projection
            .ok_or(Error::Malformed("a projection that nobody asked for"))?
            .build(found),
        Stored::Values(bytes) => {
            let mut item = values(&bytes, connection).await?;
            item.extend(asked.into_iter().flat_map(|item| key(item, schema)));
            Ok(item)
        }
        Stored::Keyed { key, values: bytes } => {
            let mut item = values(&bytes, connection).await?;
            item.extend(schema.decode(&key)?);
            Ok(item)
        }
    }
}

/// The attributes that a write answers with.
pub(super) async fn attributes(
    bytes: &[u8],
    written: &Item,
    schema: &KeySchema,
    returned: ReturnValues,
    connection: &mut Connection,
) -> Result<Item, Error> {
    if returned.is_of_update() {
        let names = connection.list(item::list_id(bytes)?).await?;
        return item::read_some_values(bytes, &names);
    }
    let mut item = values(bytes, connection).await?;
    item.extend(key(written, schema));
    Ok(item)
}

async fn values(bytes: &[u8], connection: &mut Connection) -> Result<Item, Error> {
    let names = connection.list(item::list_id(bytes)?).await?;
    item::read_values(bytes, &names)
}

/// The attributes of an item that are its key.
fn key(item: &Item, schema: &KeySchema) -> impl Iterator<Item = (String, Value)> {
    let part = |name: &String| Some((name.clone(), item.get(name)?.clone()));
    let parts = schema.attributes().map(|attribute| part(&attribute.name));
    parts.flatten().collect::<Vec<_>>().into_iter()
}

type Value = aws_sdk_dynamodb::types::AttributeValue;

pub(super) fn consumed(capacity: ConsumedCapacity) -> SdkConsumedCapacity {
    let units = |units: f64| Capacity::builder().capacity_units(units).build();
    let of_index = |of_index: std::collections::HashMap<String, f64>| {
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
