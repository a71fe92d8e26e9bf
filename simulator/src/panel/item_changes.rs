//! How an item differs from what it was: one entry for each value in it.
//!
//! The walk over DynamoDB's JSON is most of this. The crate `similar` would replace only [`common`],
//! a longest common subsequence of two short lists, and its algorithms and options would go into
//! the module that a reader's browser loads.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value as Json;

/// The attributes that every item has, in the order in which the book explains them.
const ORDER: [&str; 5] = [
    "userId",
    "mapAttr",
    "version",
    "requestId",
    "earlierRequests",
];

/// One value of an item, before and after.
#[derive(Debug, PartialEq, Serialize)]
pub struct ItemChange {
    /// Its place in the item, such as `mapAttr.count`.
    pub path: String,
    /// What it was; absent when it was not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<ShownValue>,
    /// What it is; absent when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<ShownValue>,
    /// Whether the two differ. Two binary values of one length do, though both are shown alike.
    pub changed: bool,
}

/// A value that holds no others, as the panel shows it.
#[derive(Debug, PartialEq, Serialize)]
pub struct ShownValue {
    /// DynamoDB's letter for its type, such as `N`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The value as text; of binary, how much there is.
    pub text: String,
}

/// Compares two items in DynamoDB's JSON, either of which may not be there.
pub fn changes(before: Option<&Json>, after: Option<&Json>) -> Vec<ItemChange> {
    let mut changes = Vec::new();
    for name in names(before, after) {
        let value = |item: Option<&'_ Json>| item.and_then(|item| item.get(name)).cloned();
        compare(
            name.to_owned(),
            value(before).as_ref(),
            value(after).as_ref(),
            &mut changes,
        );
    }
    changes
}

fn names<'a>(before: Option<&'a Json>, after: Option<&'a Json>) -> Vec<&'a str> {
    let items = [before, after].into_iter().flatten();
    let names = items
        .filter_map(Json::as_object)
        .flat_map(|item| item.keys());
    let mut others: BTreeSet<&str> = names.map(String::as_str).collect();
    let known = ORDER.into_iter().filter_map(|name| others.take(name));
    let known: Vec<&str> = known.collect();
    known.into_iter().chain(others).collect()
}

fn compare(
    path: String,
    before: Option<&Json>,
    after: Option<&Json>,
    changes: &mut Vec<ItemChange>,
) {
    let map = |value: Option<&Json>| value.and_then(|value| value.get("M").cloned());
    let list = |value: Option<&Json>| value.and_then(|value| value.get("L")?.as_array().cloned());
    let (maps, lists) = ((map(before), map(after)), (list(before), list(after)));
    let kind = |value: Option<&Json>| value?.as_object()?.keys().next().cloned();
    match (before, after) {
        // A value of another type is not a change of the old one: one is gone, the other is new.
        (Some(_), Some(_)) if kind(before) != kind(after) => {
            compare(path.clone(), before, None, changes);
            compare(path, None, after, changes);
        }
        _ if maps.0.is_some() || maps.1.is_some() => entries(path, maps, changes),
        _ if lists.0.is_some() || lists.1.is_some() => elements(path, lists, changes),
        _ => changes.push(ItemChange {
            path,
            before: before.map(shown),
            after: after.map(shown),
            changed: before != after,
        }),
    }
}

fn entries(
    path: String,
    (before, after): (Option<Json>, Option<Json>),
    changes: &mut Vec<ItemChange>,
) {
    let names = names(before.as_ref(), after.as_ref());
    if names.is_empty() {
        return changes.push(empty(path, "M", before.is_some(), after.is_some()));
    }
    for name in names {
        let value = |item: &Option<Json>| item.as_ref().and_then(|item| item.get(name).cloned());
        let path = format!("{path}.{name}");
        compare(
            path,
            value(&before).as_ref(),
            value(&after).as_ref(),
            changes,
        );
    }
}

type Elements = Option<Vec<Json>>;

/// What was put into a list in the middle does not make all that follows look changed.
fn elements(path: String, (before, after): (Elements, Elements), changes: &mut Vec<ItemChange>) {
    let (was, is) = (before.is_some(), after.is_some());
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    if before.is_empty() && after.is_empty() {
        return changes.push(empty(path, "L", was, is));
    }
    let common = common(&before, &after);
    let (mut old, mut new) = (0, 0);
    for (same_old, same_new) in common.into_iter().chain([(before.len(), after.len())]) {
        let gone = before.get(old..same_old).unwrap_or_default();
        for (index, value) in (old..).zip(gone) {
            compare(format!("{path}[{index}]"), Some(value), None, changes);
        }
        let came = after.get(new..same_new).unwrap_or_default();
        for (index, value) in (new..).zip(came) {
            compare(format!("{path}[{index}]"), None, Some(value), changes);
        }
        if let (Some(one), Some(other)) = (before.get(same_old), after.get(same_new)) {
            compare(
                format!("{path}[{same_new}]"),
                Some(one),
                Some(other),
                changes,
            );
        }
        (old, new) = (same_old + 1, same_new + 1);
    }
}

/// The places of a longest common subsequence in both lists.
fn common(before: &[Json], after: &[Json]) -> Vec<(usize, usize)> {
    let (rows, columns) = (before.len(), after.len());
    let mut longest = vec![vec![0_usize; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            longest[row][column] = if before[row] == after[column] {
                longest[row + 1][column + 1] + 1
            } else {
                longest[row + 1][column].max(longest[row][column + 1])
            };
        }
    }
    let (mut row, mut column, mut places) = (0, 0, Vec::new());
    while row < rows && column < columns {
        if before[row] == after[column] {
            places.push((row, column));
            (row, column) = (row + 1, column + 1);
        } else if longest[row + 1][column] >= longest[row][column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    places
}

fn empty(path: String, kind: &str, was: bool, is: bool) -> ItemChange {
    let value = || ShownValue {
        kind: kind.to_owned(),
        text: "empty".to_owned(),
    };
    ItemChange {
        path,
        before: was.then(value),
        after: is.then(value),
        changed: was != is,
    }
}

fn shown(value: &Json) -> ShownValue {
    let Some((kind, value)) = value.as_object().and_then(|value| value.iter().next()) else {
        return ShownValue {
            kind: "?".to_owned(),
            text: value.to_string(),
        };
    };
    let text = match (kind.as_str(), value) {
        ("B", Json::String(base64)) => {
            format!("{} bytes", base64.trim_end_matches('=').len() * 3 / 4)
        }
        ("NULL", _) => String::new(),
        (_, Json::String(text)) => text.clone(),
        (_, value) => value.to_string(),
    };
    ShownValue {
        kind: kind.clone(),
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn described(before: Option<Json>, after: Option<Json>) -> Vec<String> {
        let text = |value: Option<ShownValue>| {
            value.map_or("-".into(), |value| format!("{} {}", value.kind, value.text))
        };
        changes(before.as_ref(), after.as_ref())
            .into_iter()
            .map(|change| {
                let mark = if change.changed { "!" } else { "=" };
                format!(
                    "{mark} {}: {} > {}",
                    change.path,
                    text(change.before),
                    text(change.after)
                )
            })
            .collect()
    }

    #[test]
    fn a_new_item_is_all_new() {
        let item = json!({"version": {"N": "1"}, "userId": {"S": "a"}, "mapAttr": {"M": {"count": {"N": "1"}}}});
        let expected = [
            "! userId: - > S a",
            "! mapAttr.count: - > N 1",
            "! version: - > N 1",
        ];
        assert_eq!(described(None, Some(item)), expected);
    }

    #[test]
    fn a_change_of_type_is_something_gone_and_something_new() {
        let before = json!({"a": {"NULL": true}});
        let after = json!({"a": {"M": {"b": {"N": "1"}, "c": {"L": [{"S": "x"}]}}}});
        assert_eq!(
            described(Some(before), Some(after)),
            ["! a: NULL  > -", "! a.b: - > N 1", "! a.c[0]: - > S x"]
        );
    }

    #[test]
    fn binary_values_of_one_length_can_differ() {
        let before = json!({"b": {"B": "AAAAAAAAAAA="}});
        assert_eq!(
            described(Some(before.clone()), Some(before.clone())),
            ["= b: B 8 bytes > B 8 bytes"]
        );
        let after = json!({"b": {"B": "AAAAAAAAAAE="}});
        assert_eq!(
            described(Some(before), Some(after)),
            ["! b: B 8 bytes > B 8 bytes"]
        );
    }

    #[test]
    fn what_comes_into_the_middle_of_a_list_leaves_the_rest_unchanged() {
        let before = json!({"l": {"L": [{"S": "a"}, {"S": "c"}, {"S": "d"}]}});
        let after = json!({"l": {"L": [{"S": "a"}, {"S": "b"}, {"S": "c"}]}});
        let expected = [
            "= l[0]: S a > S a",
            "! l[1]: - > S b",
            "= l[2]: S c > S c",
            "! l[2]: S d > -",
        ];
        assert_eq!(described(Some(before), Some(after)), expected);
    }

    #[test]
    fn what_is_empty_is_shown_too() {
        let item = json!({"l": {"L": []}, "m": {"M": {}}});
        assert_eq!(
            described(Some(item.clone()), Some(item)),
            ["= l: L empty > L empty", "= m: M empty > M empty"]
        );
    }

    #[test]
    fn no_item_has_no_changes() {
        assert_eq!(changes(None, None), []);
    }
}
