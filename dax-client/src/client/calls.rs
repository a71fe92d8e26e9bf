//! The calls, each set up as the AWS SDK's fluent builders are.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::{
    batch_get_item, delete_item, get_item, put_item, query, update_item,
};
use aws_sdk_dynamodb::types::{
    AttributeValue, KeysAndAttributes, ReturnConsumedCapacity, ReturnItemCollectionMetrics,
    ReturnValue, ReturnValuesOnConditionCheckFailure, Select,
};

use super::Client;
use super::errors::sdk_error;

/// A call with the setters that the AWS SDK's builder of the same name has.
macro_rules! call {
    (
        $(#[$doc:meta])*
        $method:ident $call:ident in $module:ident:
        $builder:ident, $output:ident, $error:ident;
        text { $($text:ident $set_text:ident)* }
        value { $($value:ident $set_value:ident: $type:ty;)* }
        map { $($map:ident $set_map:ident: $entry:ty;)* }
        names { $($names:ident $set_names:ident)? }
    ) => {
        $(#[$doc])*
        #[derive(Clone)]
        #[must_use = "a call does nothing until it is sent"]
        pub struct $call {
            client: Client,
            input: $module::builders::$builder,
        }

        impl Client {
            $(#[$doc])*
            pub fn $method(&self) -> $call {
                $call { client: self.clone(), input: Default::default() }
            }
        }

        impl $call {
            /// Sends the call.
            ///
            /// # Errors
            /// The AWS SDK's error, of the kind that DynamoDB's answer would make; where no answer
            /// came, with an [`Error`](crate::Error) as its source.
            pub async fn send(self) -> Result<$module::$output, SdkError<$module::$error>> {
                let input = self.input.build().map_err(SdkError::construction_failure)?;
                self.client.call(&input).await.map_err(sdk_error)
            }

            $(
                #[doc = concat!("As the AWS SDK's `", stringify!($text), "`.")]
                pub fn $text(mut self, value: impl Into<String>) -> Self {
                    self.input = self.input.$text(value);
                    self
                }

                #[doc = concat!("As the AWS SDK's `", stringify!($set_text), "`.")]
                pub fn $set_text(mut self, value: Option<String>) -> Self {
                    self.input = self.input.$set_text(value);
                    self
                }
            )*
            $(
                #[doc = concat!("As the AWS SDK's `", stringify!($value), "`.")]
                pub fn $value(mut self, value: $type) -> Self {
                    self.input = self.input.$value(value);
                    self
                }

                #[doc = concat!("As the AWS SDK's `", stringify!($set_value), "`.")]
                pub fn $set_value(mut self, value: Option<$type>) -> Self {
                    self.input = self.input.$set_value(value);
                    self
                }
            )*
            $(
                #[doc = concat!("As the AWS SDK's `", stringify!($map), "`: adds an entry.")]
                pub fn $map(mut self, name: impl Into<String>, value: $entry) -> Self {
                    self.input = self.input.$map(name, value);
                    self
                }

                #[doc = concat!("As the AWS SDK's `", stringify!($set_map), "`.")]
                pub fn $set_map(mut self, entries: Option<HashMap<String, $entry>>) -> Self {
                    self.input = self.input.$set_map(entries);
                    self
                }
            )*
            $(
                #[doc = concat!("As the AWS SDK's `", stringify!($names), "`: adds an entry.")]
                pub fn $names(
                    mut self,
                    placeholder: impl Into<String>,
                    name: impl Into<String>,
                ) -> Self {
                    self.input = self.input.$names(placeholder, name);
                    self
                }

                #[doc = concat!("As the AWS SDK's `", stringify!($set_names), "`.")]
                pub fn $set_names(mut self, names: Option<HashMap<String, String>>) -> Self {
                    self.input = self.input.$set_names(names);
                    self
                }
            )?
        }
    };
}

call! {
    /// Reads one item.
    get_item GetItem in get_item:
    GetItemInputBuilder, GetItemOutput, GetItemError;
    text { table_name set_table_name projection_expression set_projection_expression }
    value {
        consistent_read set_consistent_read: bool;
        return_consumed_capacity set_return_consumed_capacity: ReturnConsumedCapacity;
    }
    map {
        key set_key: AttributeValue;
    }
    names { expression_attribute_names set_expression_attribute_names }
}

call! {
    /// Writes one item, instead of what is there.
    ///
    /// DAX has no place for `return_values_on_condition_check_failure`: it is taken, and the exception
    /// carries no item.
    put_item PutItem in put_item:
    PutItemInputBuilder, PutItemOutput, PutItemError;
    text { table_name set_table_name condition_expression set_condition_expression }
    value {
        return_values set_return_values: ReturnValue;
        return_consumed_capacity set_return_consumed_capacity: ReturnConsumedCapacity;
        return_item_collection_metrics set_return_item_collection_metrics: ReturnItemCollectionMetrics;
        return_values_on_condition_check_failure set_return_values_on_condition_check_failure: ReturnValuesOnConditionCheckFailure;
    }
    map {
        item set_item: AttributeValue;
        expression_attribute_values set_expression_attribute_values: AttributeValue;
    }
    names { expression_attribute_names set_expression_attribute_names }
}

call! {
    /// Changes one item.
    ///
    /// DAX has no place for `return_values_on_condition_check_failure`: it is taken, and the exception
    /// carries no item.
    update_item UpdateItem in update_item:
    UpdateItemInputBuilder, UpdateItemOutput, UpdateItemError;
    text { table_name set_table_name update_expression set_update_expression condition_expression set_condition_expression }
    value {
        return_values set_return_values: ReturnValue;
        return_consumed_capacity set_return_consumed_capacity: ReturnConsumedCapacity;
        return_item_collection_metrics set_return_item_collection_metrics: ReturnItemCollectionMetrics;
        return_values_on_condition_check_failure set_return_values_on_condition_check_failure: ReturnValuesOnConditionCheckFailure;
    }
    map {
        key set_key: AttributeValue;
        expression_attribute_values set_expression_attribute_values: AttributeValue;
    }
    names { expression_attribute_names set_expression_attribute_names }
}

call! {
    /// Deletes one item.
    ///
    /// DAX has no place for `return_values_on_condition_check_failure`: it is taken, and the exception
    /// carries no item.
    delete_item DeleteItem in delete_item:
    DeleteItemInputBuilder, DeleteItemOutput, DeleteItemError;
    text { table_name set_table_name condition_expression set_condition_expression }
    value {
        return_values set_return_values: ReturnValue;
        return_consumed_capacity set_return_consumed_capacity: ReturnConsumedCapacity;
        return_item_collection_metrics set_return_item_collection_metrics: ReturnItemCollectionMetrics;
        return_values_on_condition_check_failure set_return_values_on_condition_check_failure: ReturnValuesOnConditionCheckFailure;
    }
    map {
        key set_key: AttributeValue;
        expression_attribute_values set_expression_attribute_values: AttributeValue;
    }
    names { expression_attribute_names set_expression_attribute_names }
}

call! {
    /// Reads up to 100 items of one or more tables.
    batch_get_item BatchGetItem in batch_get_item:
    BatchGetItemInputBuilder, BatchGetItemOutput, BatchGetItemError;
    text {  }
    value {
        return_consumed_capacity set_return_consumed_capacity: ReturnConsumedCapacity;
    }
    map {
        request_items set_request_items: KeysAndAttributes;
    }
    names {}
}

call! {
    /// Reads a page of the items that share a partition key.
    query Query in query:
    QueryInputBuilder, QueryOutput, QueryError;
    text { table_name set_table_name index_name set_index_name key_condition_expression set_key_condition_expression filter_expression set_filter_expression projection_expression set_projection_expression }
    value {
        select set_select: Select;
        limit set_limit: i32;
        consistent_read set_consistent_read: bool;
        scan_index_forward set_scan_index_forward: bool;
        return_consumed_capacity set_return_consumed_capacity: ReturnConsumedCapacity;
    }
    map {
        exclusive_start_key set_exclusive_start_key: AttributeValue;
        expression_attribute_values set_expression_attribute_values: AttributeValue;
    }
    names { expression_attribute_names set_expression_attribute_names }
}
