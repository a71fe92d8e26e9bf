//! Which stored attributes a type does not read.

use super::{State, merged, read, reads_as};
use crate::attributes::{Attributes, AttributesError, Value, to_attributes};

/// A stored attribute that a type does not read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unread {
    /// Where it is, such as `players[0].score`.
    pub place: String,
    /// Its name.
    pub name: String,
}

/// The stored attributes that make no difference to a `T`. A save keeps them where it can, though no
/// handler sees them any more: mostly, a field was renamed.
///
/// # Errors
/// Fails as a turn does that reads `stored` and saves what it read.
///
/// ```
/// use alexa_skill::attributes::{to_attributes, unread};
///
/// #[derive(Default, serde::Serialize, serde::Deserialize)]
/// #[serde(default)]
/// struct Visits { visits: u32 }
///
/// let stored = to_attributes(&serde_json::json!({"count": 2}))?;
/// assert_eq!(unread::<Visits>(&stored)?[0].place, "count");
/// # Ok::<(), alexa_skill::attributes::AttributesError>(())
/// ```
pub fn unread<T: State>(stored: &Attributes) -> Result<Vec<Unread>, AttributesError> {
    let before = to_attributes(&read::<T>(stored)?)?;
    // Fails where the save of a turn would fail; what it would write is not needed here.
    merged::<T>(stored, &before, &before)?;
    let mut unread = Vec::new();
    let root = Value::Map(stored.clone());
    let before_root = Value::Map(before.clone());
    visit(&root, Some(&before_root), &mut Vec::new(), &mut |path| {
        let is_read = is_read::<T>(stored, &before, path);
        if !is_read {
            unread.push(unread_at(path));
        }
        is_read
    });
    Ok(unread)
}

fn unread_at(path: &[Step]) -> Unread {
    let mut place = String::new();
    for step in path {
        match step {
            Step::Name(name) if place.is_empty() => place += name,
            Step::Name(name) => place += &format!(".{name}"),
            Step::Index(index) => place += &format!("[{index}]"),
        }
    }
    let name = match path.last() {
        Some(Step::Name(name)) => name.clone(),
        _ => String::new(),
    };
    Unread { place, name }
}

/// A step on the way to a stored value.
#[derive(Clone)]
enum Step {
    Name(String),
    Index(usize),
}

/// Asks `is_read` of each name that the type does not write at the same place, from the outside in.
fn visit(
    stored: &Value,
    written: Option<&Value>,
    path: &mut Vec<Step>,
    is_read: &mut impl FnMut(&[Step]) -> bool,
) {
    match stored {
        Value::Map(stored) => {
            for (name, value) in stored {
                let written = match written {
                    Some(Value::Map(written)) => written.get(name),
                    _ => None,
                };
                path.push(Step::Name(name.clone()));
                if written.is_some() || is_read(path) {
                    visit(value, written, path, is_read);
                }
                path.pop();
            }
        }
        Value::List(stored) => {
            for (index, value) in stored.iter().enumerate() {
                let written = match written {
                    Some(Value::List(written)) => written.get(index),
                    _ => None,
                };
                path.push(Step::Index(index));
                visit(value, written, path, is_read);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Whether it matters to `T` what is at `path`. Without it a field may have the same value by
/// default, so that something else is put there as well.
fn is_read<T: State>(stored: &Attributes, before: &Attributes, path: &[Step]) -> bool {
    let something_else = Value::from("$alexa_skill::unread");
    [None, Some(something_else)].into_iter().any(|value| {
        let mut root = Value::Map(stored.clone());
        replace(&mut root, path, value);
        match root {
            Value::Map(attributes) => !reads_as::<T>(&attributes, before),
            _ => true,
        }
    })
}

fn replace(stored: &mut Value, path: &[Step], new: Option<Value>) {
    match (stored, path) {
        (Value::Map(map), [Step::Name(name)]) => match new {
            Some(value) => drop(map.insert(name.clone(), value)),
            None => drop(map.remove(name)),
        },
        (Value::Map(map), [Step::Name(name), rest @ ..]) => {
            if let Some(value) = map.get_mut(name) {
                replace(value, rest, new);
            }
        }
        (Value::List(list), [Step::Index(index), rest @ ..]) => {
            if let Some(value) = list.get_mut(*index) {
                replace(value, rest, new);
            }
        }
        _ => {}
    }
}
