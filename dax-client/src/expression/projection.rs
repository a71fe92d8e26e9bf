//! Projections: what of an item goes over the wire, and the item that it makes at the other end.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::tree::{Path, Projection, Step};
use crate::error::DecodeError;
use crate::wire::value::Item;

/// What a projection found: each value with the place of its path in the projection.
pub(crate) type Projected = Vec<(usize, AttributeValue)>;

impl Projection {
    /// What the item has at the projection's paths.
    pub(crate) fn pick(&self, item: &Item) -> Projected {
        let found = |path: &Path| {
            let mut steps = path.0.iter();
            let Step::Name(name) = steps.next()? else {
                return None;
            };
            steps.try_fold(item.get(name)?, |value, step| match (step, value) {
                (Step::Name(name), AttributeValue::M(entries)) => entries.get(name),
                (Step::Index(index), AttributeValue::L(values)) => values.get(*index as usize),
                _ => None,
            })
        };
        let paths = self.0.iter().enumerate();
        paths
            .filter_map(|(place, path)| Some((place, found(path)?.clone())))
            .collect()
    }

    /// The item that has the values at the projection's paths: maps are made as the paths say, and
    /// lists hold what was asked for, in the order of the indexes and without the gaps.
    pub(crate) fn build(&self, found: Projected) -> Result<Item, DecodeError> {
        let mut item = BTreeMap::new();
        for (place, value) in found {
            let path = self
                .0
                .get(place)
                .ok_or(DecodeError("a value without a path"))?;
            let mut steps = path.0.iter();
            let Some(Step::Name(first)) = steps.next() else {
                continue;
            };
            let mut part = item.entry(first.clone()).or_insert(Part::Nothing);
            for step in steps {
                part = part.at(step);
            }
            *part = Part::Value(value);
        }
        Ok(item
            .into_iter()
            .map(|(name, part)| (name, part.into_value()))
            .collect())
    }
}

enum Part {
    Nothing,
    Value(AttributeValue),
    Map(BTreeMap<String, Part>),
    List(BTreeMap<u32, Part>),
}

impl Part {
    fn at(&mut self, step: &Step) -> &mut Part {
        match (&*self, step) {
            (Part::Map(_), Step::Name(_)) | (Part::List(_), Step::Index(_)) => {}
            (_, Step::Name(_)) => *self = Part::Map(BTreeMap::new()),
            (_, Step::Index(_)) => *self = Part::List(BTreeMap::new()),
        }
        match (self, step) {
            (Part::Map(entries), Step::Name(name)) => {
                entries.entry(name.clone()).or_insert(Part::Nothing)
            }
            (Part::List(elements), Step::Index(index)) => {
                elements.entry(*index).or_insert(Part::Nothing)
            }
            (part, _) => part,
        }
    }

    fn into_value(self) -> AttributeValue {
        match self {
            Part::Nothing => AttributeValue::Null(true),
            Part::Value(value) => value,
            Part::Map(entries) => AttributeValue::M(
                entries
                    .into_iter()
                    .map(|(name, part)| (name, part.into_value()))
                    .collect(),
            ),
            Part::List(elements) => {
                AttributeValue::L(elements.into_values().map(Part::into_value).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::expression::Parser;

    #[test]
    fn a_projection_keeps_the_shape_and_closes_the_gaps() {
        let number = |number: &str| AttributeValue::N(number.to_owned());
        let list = AttributeValue::L(vec![number("0"), number("1"), number("2")]);
        let inner = HashMap::from([("list".to_owned(), list), ("x".to_owned(), number("9"))]);
        let item = Item::from([("a".to_owned(), AttributeValue::M(inner))]);
        let (names, values) = (HashMap::new(), HashMap::new());
        let projection = Parser::new(&names, &values)
            .projection("a.list[2], a.list[0], missing")
            .unwrap();

        let built = projection.build(projection.pick(&item)).unwrap();

        let list = AttributeValue::L(vec![number("0"), number("2")]);
        let inner = HashMap::from([("list".to_owned(), list)]);
        assert_eq!(
            built,
            Item::from([("a".to_owned(), AttributeValue::M(inner))])
        );
    }
}
