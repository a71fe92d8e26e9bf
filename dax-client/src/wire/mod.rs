//! What all messages are made of: CBOR values (RFC 8949), and DynamoDB's numbers, attribute values,
//! keys and items in them. Each file has the writing and the reading.

pub(crate) mod cbor;
pub(crate) mod decimal;
pub(crate) mod frame;
pub(crate) mod item;
pub(crate) mod key;
pub(crate) mod sortable;
pub(crate) mod value;
