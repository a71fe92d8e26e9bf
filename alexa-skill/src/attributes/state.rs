//! A skill's state: what serde reads from attributes, and what a turn's changes make of them.
//!
//! serde hides what a type ignores (`flatten`, `tag` and `untagged` buffer, and pass over what they
//! do not need), so the type itself is asked: it reads attributes without a name, and what it
//! serializes to then tells whether it needed that name.

mod unread;

use std::cell::Cell;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::de::{MapDeserializer, Shape};
use super::set::as_the_same_set;
use super::unordered::differ;
use super::{Attributes, AttributesError, Problem, Value, from_attributes, to_attributes};

pub use unread::{Unread, unread};

type Result<T> = std::result::Result<T, AttributesError>;

/// A type that can be a skill's state: whatever serde reads and writes as a struct or a map, and
/// that has a default for a user whom the skill doesn't know yet.
///
/// Nothing implements it by hand:
///
/// ```
/// #[derive(Default, serde::Serialize, serde::Deserialize)]
/// #[serde(default)]
/// struct Visits { count: u32 }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a skill's state",
    label = "the handler given here asks for it",
    note = "write `#[derive(Default, Serialize, Deserialize)] #[serde(default)]` on it, and own what it \
            holds: `String` instead of `&str`"
)]
pub trait State: Serialize + DeserializeOwned + Default + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Default + Send + 'static> State for T {}

/// The attributes as a `T`: `T::default()` where there are none at all, else what serde reads.
///
/// A top-level `NULL` counts as absent where `T` cannot hold it: the Node.js SDK v2 writes one for
/// what it has no value for.
pub(crate) fn read<T: State>(stored: &Attributes) -> Result<T> {
    without_nulls(stored, |attributes| match attributes.is_empty() {
        true => Ok(T::default()),
        false => from_attributes(attributes),
    })
}

/// Reads with `read`, and without the `NULL`s that it cannot hold where that fails.
fn without_nulls<T>(stored: &Attributes, read: fn(&Attributes) -> Result<T>) -> Result<T> {
    read(stored).or_else(|error| {
        let is_read = |attributes: &Attributes| read(attributes).is_ok();
        read(&with_the_nulls_that_fit(stored, &is_read).ok_or(error)?)
    })
}

/// `stored` without those of its `NULL`s with which it is not read, if that helps.
fn with_the_nulls_that_fit(
    stored: &Attributes,
    is_read: &dyn Fn(&Attributes) -> bool,
) -> Option<Attributes> {
    let (nulls, mut rest): (Attributes, Attributes) = stored
        .clone()
        .into_iter()
        .partition(|(_, value)| *value == Value::Null);
    if nulls.is_empty() || !is_read(&rest) {
        return None;
    }
    // A field of type `Option` or `()` reads a NULL, so its NULL stays.
    for (name, null) in nulls {
        rest.insert(name.clone(), null);
        if !is_read(&rest) {
            rest.remove(&name);
        }
    }
    Some(rest)
}

/// How a type reads attributes, told by what it writes afterwards. The rules of a save know no more of
/// it, so that they are compiled once and not for each state.
#[derive(Clone, Copy)]
struct Reads {
    /// As a turn reads.
    by_a_turn: fn(&Attributes) -> Result<Attributes>,
    /// As serde does, even where there are no attributes.
    by_serde: fn(&Attributes) -> Result<Attributes>,
}

impl Reads {
    fn of<T: State>() -> Reads {
        Reads {
            by_a_turn: |stored| to_attributes(&read::<T>(stored)?),
            by_serde: |stored| to_attributes(&without_nulls(stored, from_attributes::<T>)?),
        }
    }

    /// Whether `attributes` are read as what serializes to `expected`: by serde, even where there are
    /// none, for `T::default()` need not be what it makes of them, or else as a turn reads them.
    fn gives(self, attributes: &Attributes, expected: &Attributes) -> bool {
        let as_expected = |written: Result<Attributes>| {
            written.is_ok_and(|written| differ(expected, &written).is_none())
        };
        as_expected((self.by_serde)(attributes))
            || (attributes.is_empty() && as_expected((self.by_a_turn)(attributes)))
    }

    /// Fails, at the first place that differs, unless the next turn reads `new` as what serializes to
    /// `after`.
    fn fits(self, new: &Attributes, after: &Attributes) -> Result<()> {
        differ(after, &(self.by_a_turn)(new)?).map_or(Ok(()), Err)
    }
}

/// The attributes to save after a turn that read `stored`, or `None` if nothing changed.
///
/// `before` is what the value serialized to right after it was read, `after` what it does now. The
/// order of a list's elements counts.
pub(crate) fn changed<T: State>(
    stored: &Attributes,
    before: &Attributes,
    after: Attributes,
) -> Result<Option<Attributes>> {
    match *before == after {
        true => Ok(None),
        false => merged::<T>(stored, before, &after).map(Some),
    }
}

/// `stored` with the changes from `before` to `after`, which `T` reads as `after` again.
///
/// What is unchanged keeps the form in which it is stored, such as a set that the type reads as a
/// list. Lists are replaced whole, for nothing tells which element is which. A name that `T` does
/// not write stays, unless reading needed it or would need it now.
pub(crate) fn merged<T: State>(
    stored: &Attributes,
    before: &Attributes,
    after: &Attributes,
) -> Result<Attributes> {
    merge(Reads::of::<T>(), stored, before, after)
}

/// Whether `attributes` are read as what serializes to `expected`.
fn reads_as<T: State>(attributes: &Attributes, expected: &Attributes) -> bool {
    Reads::of::<T>().gives(attributes, expected)
}

fn merge(
    reads: Reads,
    stored: &Attributes,
    before: &Attributes,
    after: &Attributes,
) -> Result<Attributes> {
    let mut unwritten = Vec::new();
    let base = lay(stored, before, after, &mut Vec::new(), &mut unwritten);
    let (survivors, needed) = survivors(reads, stored, before, unwritten);
    if let Some(moved) = moved(reads, stored, before, &needed) {
        return merge(reads, &moved, before, after);
    }
    if survivors.is_empty() {
        reads.fits(&base, after)?;
        return Ok(base);
    }
    let mut whole = base.clone();
    for path in &survivors {
        put_back(&mut whole, stored, path);
    }
    if reads.fits(&whole, after).is_ok() {
        return Ok(whole);
    }
    // A former name of a field reads as nothing new where it holds the default's value, and still
    // is one name too many beside the field.
    let mut new = base;
    reads.fits(&new, after)?;
    for path in &survivors {
        let mut with = new.clone();
        put_back(&mut with, stored, path);
        if reads.fits(&with, after).is_ok() {
            new = with;
        }
    }
    Ok(new)
}

/// The names on the way to an attribute, through maps.
type Path<'a> = Vec<&'a str>;

/// Lays `after` over `stored`, and lists in `unwritten` the stored names that neither `before` nor
/// `after` has.
fn lay<'a>(
    stored: &'a Attributes,
    before: &Attributes,
    after: &Attributes,
    path: &mut Path<'a>,
    unwritten: &mut Vec<Path<'a>>,
) -> Attributes {
    let unchanged = |name: &str, value: &Value| before.get(name) == Some(value);
    let none = Attributes::new();
    let mut new = Attributes::new();
    for (name, value) in after {
        let Some((name, kept)) = stored.get_key_value(name) else {
            new.insert(name.clone(), value.clone());
            continue;
        };
        let value = match (kept, before.get(name), value) {
            (kept, _, value) if unchanged(name, value) => kept.clone(),
            (Value::Map(stored), None, Value::Map(after)) => within(path, name, |path| {
                lay(stored, &none, after, path, unwritten)
            }),
            (Value::Map(stored), Some(Value::Map(before)), Value::Map(after)) => {
                within(path, name, |path| {
                    lay(stored, before, after, path, unwritten)
                })
            }
            (kept, _, value) => as_the_same_set(kept, value).unwrap_or_else(|| value.clone()),
        };
        new.insert(name.clone(), value);
    }
    for name in stored.keys() {
        if !after.contains_key(name) && !before.contains_key(name) {
            let mut path = path.clone();
            path.push(name);
            unwritten.push(path);
        }
    }
    new
}

fn within<'a>(
    path: &mut Path<'a>,
    name: &'a str,
    lay: impl FnOnce(&mut Path<'a>) -> Attributes,
) -> Value {
    path.push(name);
    let attributes = lay(path);
    path.pop();
    Value::Map(attributes)
}

/// Those of the unwritten names that were not needed to become `before`, and those that were.
fn survivors<'a>(
    reads: Reads,
    stored: &Attributes,
    before: &Attributes,
    unwritten: Vec<Path<'a>>,
) -> (Vec<Path<'a>>, Vec<Path<'a>>) {
    let without = |paths: &[Path<'a>]| {
        let mut rest = stored.clone();
        for path in paths {
            take_out(&mut rest, path);
        }
        rest
    };
    // Usually another program wrote all of them. Then one reading without any of them shows it, and
    // none of them has to be tried alone.
    if unwritten.len() > 1 && reads.gives(&without(&unwritten), before) {
        return (unwritten, Vec::new());
    }
    let is_survivor = |path: &Path<'a>| reads.gives(&without(std::slice::from_ref(path)), before);
    unwritten.into_iter().partition(is_survivor)
}

/// `stored` with one map or set, which was read under a former name, under the name that is written:
/// what others keep inside of it moves along, and a set stays one.
fn moved(
    reads: Reads,
    stored: &Attributes,
    before: &Attributes,
    needed: &[Path<'_>],
) -> Option<Attributes> {
    needed.iter().find_map(|path| {
        let (name, parents) = path.split_last()?;
        let (siblings, written) = (map_at(stored, parents)?, map_at(before, parents)?);
        if !matches!(
            siblings.get(*name)?,
            Value::Map(_) | Value::StringSet(_) | Value::NumberSet(_) | Value::BinarySet(_)
        ) {
            return None;
        }
        let mut new_names = written.keys().filter(|new| !siblings.contains_key(*new));
        new_names.find_map(|new| {
            let mut moved = stored.clone();
            let siblings = map_at_mut(&mut moved, parents)?;
            let value = siblings.remove(*name)?;
            siblings.insert(new.clone(), value);
            reads.gives(&moved, before).then_some(moved)
        })
    })
}

fn map_at<'a>(attributes: &'a Attributes, path: &[&str]) -> Option<&'a Attributes> {
    path.iter()
        .try_fold(attributes, |map, name| match map.get(*name) {
            Some(Value::Map(inner)) => Some(inner),
            _ => None,
        })
}

fn map_at_mut<'a>(attributes: &'a mut Attributes, path: &[&str]) -> Option<&'a mut Attributes> {
    path.iter()
        .try_fold(attributes, |map, name| match map.get_mut(*name) {
            Some(Value::Map(inner)) => Some(inner),
            _ => None,
        })
}

fn take_out(attributes: &mut Attributes, path: &[&str]) {
    if let Some((name, parents)) = path.split_last()
        && let Some(map) = map_at_mut(attributes, parents)
    {
        map.remove(*name);
    }
}

fn put_back(attributes: &mut Attributes, stored: &Attributes, path: &[&str]) {
    if let Some((name, parents)) = path.split_last()
        && let Some(value) = map_at(stored, parents).and_then(|map| map.get(*name))
        && let Some(map) = map_at_mut(attributes, parents)
    {
        map.insert((*name).to_owned(), value.clone());
    }
}

/// Fails if `T` is no state that can grow: one whose default is no map, or that serde does not read
/// where a field is missing ([`AttributesError::missing_field`] names it).
///
/// An enum as the whole state or flattened into it is exempt, for serde has no default for it.
pub(crate) fn check<T: State>() -> Result<()> {
    to_attributes(&T::default())?;
    check_that_it_grows(|attributes, shape| {
        T::deserialize(MapDeserializer::noting(attributes, shape)).map(drop)
    })
}

fn check_that_it_grows(read: fn(&Attributes, &Cell<Shape>) -> Result<()>) -> Result<()> {
    let shape = Cell::new(Shape::Any);
    let Err(error) = read(&Attributes::new(), &shape) else {
        return Ok(());
    };
    let Some(field) = error.missing_field() else {
        return Ok(());
    };
    if shape.get() == Shape::Struct {
        return Err(error);
    }
    // An internally tagged enum reads its variant's name from the field that is missing here. No other
    // field refuses a text because it is an unknown variant.
    let nonsense = Value::from("$alexa_skill::nonsense");
    let mut with_field = Attributes::new();
    with_field.insert(field.to_owned(), nonsense);
    let is_tag = match read(&with_field, &shape) {
        Ok(()) => shape.get() == Shape::Any,
        Err(error) => match error.problem() {
            // The error of a field of the struct itself names that field; the error of a flattened enum
            // names none.
            Problem::UnknownVariant(_) => shape.get() == Shape::Any || error.place().is_empty(),
            _ => false,
        },
    };
    match is_tag {
        true => Ok(()),
        false => Err(error),
    }
}

#[cfg(test)]
mod tests;
