//! What DAX's wire carries: CBOR values (RFC 8949), DynamoDB's items in them, requests, replies.

pub(crate) mod cbor;
pub(crate) mod decimal;
pub(crate) mod frame;
pub(crate) mod item;
pub(crate) mod key;
pub(crate) mod options;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod sortable;
