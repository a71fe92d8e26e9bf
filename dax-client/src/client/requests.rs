//! The AWS SDK's inputs as requests.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};

use crate::error::Error;
use crate::expression::{Condition, Parser, Projection, Update};
use crate::protocol::{Options, TableReads};
use crate::wire::key::KeySchema;

type Names = HashMap<String, String>;
type Values = HashMap<String, AttributeValue>;

/// A call's expressions, as its input has them.
#[derive(Default)]
pub(super) struct Expressions<'i> {
    pub(super) condition: Option<&'i str>,
    pub(super) key_condition: Option<&'i str>,
    pub(super) filter: Option<&'i str>,
    pub(super) update: Option<&'i str>,
    pub(super) projection: Option<&'i str>,
    pub(super) names: Option<&'i Names>,
    pub(super) values: Option<&'i Values>,
}

/// The trees of a call's expressions.
pub(super) struct Parsed {
    pub(super) condition: Option<Condition>,
    pub(super) key_condition: Option<Condition>,
    pub(super) filter: Option<Condition>,
    pub(super) update: Option<Update>,
    pub(super) projection: Option<Projection>,
}

impl Expressions<'_> {
    pub(super) fn parse(&self) -> Result<Parsed, Error> {
        let (no_names, no_values) = (Names::new(), Values::new());
        let names = self.names.unwrap_or(&no_names);
        let values = self.values.unwrap_or(&no_values);
        let mut parser = Parser::new(names, values);
        let of = |what: &'static str| {
            move |error| match error {
                Error::Invalid(reason) => Error::Invalid(format!("Invalid {what}: {reason}")),
                other => other,
            }
        };
        let mut condition = |text: Option<&str>, what| {
            text.map(|text| parser.condition(text))
                .transpose()
                .map_err(of(what))
        };
        let parsed = Parsed {
            condition: condition(self.condition, "ConditionExpression")?,
            key_condition: condition(self.key_condition, "KeyConditionExpression")?,
            filter: condition(self.filter, "FilterExpression")?,
            update: self
                .update
                .map(|text| parser.update(text))
                .transpose()
                .map_err(of("UpdateExpression"))?,
            projection: self
                .projection
                .map(|text| parser.projection(text))
                .transpose()
                .map_err(of("ProjectionExpression"))?,
        };
        parser.finish()?;
        Ok(parsed)
    }
}

impl Parsed {
    /// The options that hold these expressions, all but the key condition.
    pub(super) fn into_options(self) -> Options {
        Options {
            condition: self.condition,
            filter: self.filter,
            update: self.update,
            projection: self.projection,
            ..Options::default()
        }
    }
}

/// A parameter that DynamoDB requires.
pub(super) fn required<T>(value: Option<T>, what: &str) -> Result<T, Error> {
    value.ok_or_else(|| Error::Invalid(format!("{what} is required")))
}

/// What a batch reads from one table.
pub(super) fn table_reads(
    table: &str,
    wanted: &KeysAndAttributes,
    schema: &KeySchema,
) -> Result<TableReads, Error> {
    if !wanted.attributes_to_get().is_empty() {
        return Err(Error::Invalid(
            "AttributesToGet is not supported: use a projection".into(),
        ));
    }
    let expressions = Expressions {
        projection: wanted.projection_expression(),
        names: wanted.expression_attribute_names(),
        ..Expressions::default()
    };
    let keys: Vec<Vec<u8>> = wanted
        .keys()
        .iter()
        .map(|key| schema.encode(key))
        .collect::<Result<_, _>>()?;
    let mut distinct = HashSet::new();
    if !keys.iter().all(|key| distinct.insert(key)) {
        return Err(Error::Invalid(
            "Provided list of item keys contains duplicates".into(),
        ));
    }
    Ok(TableReads {
        table: table.to_owned(),
        consistent_read: wanted.consistent_read().unwrap_or_default(),
        projection: expressions.parse()?.projection,
        keys,
    })
}
