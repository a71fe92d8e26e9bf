//! What a client and a node say to each other: one file for each operation, with its request and
//! its reply, and of each both the writing and the reading.
//!
//! A connection begins with a [`preamble`]. Then the client sends a request at a time and the node
//! a [`reply`] to each, which may be a [`refusal`]; only an [`Authorization`] gets none.

mod authorize_connection;
mod batch_get_item;
mod batch_write_item;
mod body;
mod consumed_capacity;
mod define_attribute_list;
mod define_attribute_list_id;
mod define_key_schema;
mod delete_item;
mod endpoints;
mod get_item;
mod options;
mod page;
pub(crate) mod preamble;
mod put_item;
mod query;
mod refusal;
pub(crate) mod reply;
pub(crate) mod request;
mod scan;
mod stored_item;
mod update_item;
mod write_reply;

pub(crate) use authorize_connection::Authorization;
pub(crate) use batch_get_item::{BatchGetItemReply, BatchGetItemRequest, TableReads};
pub(crate) use batch_write_item::{BatchWriteItemReply, BatchWriteItemRequest, TableWrites};
pub(crate) use consumed_capacity::ConsumedCapacity;
pub(crate) use define_attribute_list::{AttributeList, DefineAttributeListRequest};
pub(crate) use define_attribute_list_id::{AttributeListId, DefineAttributeListIdRequest};
pub(crate) use define_key_schema::DefineKeySchemaRequest;
pub(crate) use delete_item::DeleteItemRequest;
pub(crate) use endpoints::{EndpointsReply, EndpointsRequest, ServiceEndpoint};
pub(crate) use get_item::{GetItemReply, GetItemRequest};
pub(crate) use options::{Options, is_of_update};
pub(crate) use page::Page;
pub(crate) use put_item::PutItemRequest;
pub(crate) use query::QueryRequest;
pub(crate) use request::{Message, Method, Request};
pub(crate) use scan::ScanRequest;
pub(crate) use stored_item::StoredItem;
pub(crate) use update_item::UpdateItemRequest;
pub(crate) use write_reply::WriteReply;

const METHODS: [Method; 13] = [
    Authorization::METHOD,
    EndpointsRequest::METHOD,
    DefineKeySchemaRequest::METHOD,
    DefineAttributeListIdRequest::METHOD,
    DefineAttributeListRequest::METHOD,
    GetItemRequest::METHOD,
    PutItemRequest::METHOD,
    UpdateItemRequest::METHOD,
    DeleteItemRequest::METHOD,
    QueryRequest::METHOD,
    ScanRequest::METHOD,
    BatchGetItemRequest::METHOD,
    BatchWriteItemRequest::METHOD,
];

/// The method with a number, if it is one of those that are known here.
pub(crate) fn method(number: i64) -> Option<Method> {
    METHODS.into_iter().find(|method| method.number == number)
}
