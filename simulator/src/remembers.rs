//! That the code of today reads what the code of yesterday saved.

use std::any::type_name;
use std::fs;
use std::path::{Path, PathBuf};

use alexa_skill::State;
use alexa_skill::attributes::{Attributes, Unread, same_in_any_order, to_attributes, unread};
use serde_json::{Map, Value as Json, json};

use crate::dynamodb_json;

/// Set to anything but `0` or nothing, it adds today's form.
const ADD: &str = "REMEMBER";

/// Asserts that a state reads each form in which a release of the skill saved it.
///
/// Each form is an item in a file of `folder`, as `aws dynamodb get-item` prints it; the folder is
/// found from the package's, in which `cargo test` runs. A form with anything that `T` does not read
/// any more fails, because a user's value would be forgotten; so does a field that an old form lacks
/// and that has no default. Delete a file if forgetting is meant.
///
/// `REMEMBER=1 cargo test` adds the form of `sample` as the next file, if no file has it yet: run it
/// before a release. Give each field of the sample another value than its default's, each list an
/// element and each `Option` something, for only what is there is remembered. An item from a real
/// table may be added by hand, under any name that ends in `.json`; take the user's id out of it.
///
/// The attributes are the item's `mapAttr` or `attributes`, or its only M.
///
/// # Panics
/// Panics where a form is not read whole, and where there is none yet.
///
/// ```
/// use simulator::remembers;
///
/// #[derive(Default, serde::Serialize, serde::Deserialize)]
/// #[serde(default)]
/// struct Visits {
///     /// The first release called it `count`.
///     #[serde(alias = "count")]
///     visits: u32,
///     streak: u32,
/// }
///
/// // #[test]
/// fn old_users_are_remembered() {
///     remembers("tests/remembered/visits", &Visits { visits: 2, streak: 1 });
/// }
/// # old_users_are_remembered();
/// ```
#[track_caller]
pub fn remembers<T: State>(folder: impl AsRef<Path>, sample: &T) {
    let add = std::env::var_os(ADD).is_some_and(|value| !value.is_empty() && value != "0");
    if let Err(message) = remember(folder.as_ref(), sample, add) {
        panic!("{message}");
    }
}

fn remember<T: State>(folder: &Path, sample: &T, add: bool) -> Result<(), String> {
    let today = to_attributes(sample)
        .map_err(|error| format!("`{}` is no state: {error}", type_name::<T>()))?;
    let mut forms = forms(folder)?;
    if add
        && !forms
            .iter()
            .any(|(_, form)| same_in_any_order(form, &today))
    {
        let file = folder.join(format!("{}.json", next_number(&forms)));
        write(&file, &today)?;
        forms.push((file, today));
    }
    if forms.is_empty() {
        return Err(format!(
            "{} has no form of `{}` yet: add today's with `{ADD}=1 cargo test`",
            folder.display(),
            type_name::<T>()
        ));
    }
    let forgotten = forms.iter().flat_map(|(file, form)| {
        let problems = forgotten::<T>(form).into_iter();
        problems.map(move |problem| format!("{}: {problem}", file.display()))
    });
    let forgotten: Vec<String> = forgotten.collect();
    match forgotten.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "`{}` does not read what it saved once:\n{}",
            type_name::<T>(),
            forgotten.join("\n")
        )),
    }
}

type Form = (PathBuf, Attributes);

/// The forms in the folder, in the order of their files' names; none where there is no folder.
fn forms(folder: &Path) -> Result<Vec<Form>, String> {
    let failed =
        |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(|error: std::io::Error| failed(folder, &error))?;
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    // `10.json` comes after `9.json`.
    paths.sort_by_key(|path| (number(path), path.clone()));
    let form = |path: PathBuf| {
        let text = fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
        let attributes = attributes_of(&text).map_err(|error| failed(&path, &error))?;
        Ok((path, attributes))
    };
    paths.into_iter().map(form).collect()
}

fn number(path: &Path) -> Option<u32> {
    path.file_stem()?.to_str()?.parse().ok()
}

fn next_number(forms: &[Form]) -> u32 {
    let last = forms.iter().filter_map(|(path, _)| number(path)).max();
    last.map_or(1, |last| last.saturating_add(1))
}

/// The attributes in an item, whose layout its names tell.
fn attributes_of(text: &str) -> Result<Attributes, String> {
    let json: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let item = json.get("Item").and_then(Json::as_object);
    let item = item.ok_or("it has no `Item`: keep what `aws dynamodb get-item` prints")?;
    let map = |name: &str| item.get(name).and_then(|value| value["M"].as_object());
    let maps: Vec<&Map<String, Json>> = item.keys().filter_map(|name| map(name)).collect();
    let only = || maps.first().copied().filter(|_| maps.len() == 1);
    let attributes = map("mapAttr").or_else(|| map("attributes")).or_else(only);
    let attributes = attributes.ok_or_else(|| {
        format!(
            "of its {} M none is called `mapAttr` or `attributes`: keep one of them",
            maps.len()
        )
    })?;
    dynamodb_json::read(attributes).map_err(|error| error.to_string())
}

/// Writes a form as an item of the default layout.
fn write(file: &Path, attributes: &Attributes) -> Result<(), String> {
    let item = json!({"Item": {
        "userId": {"S": "amzn1.ask.account.EXAMPLE"},
        "mapAttr": {"M": dynamodb_json::write(attributes)},
        "version": {"N": "1"},
    }});
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = serde_json::to_string_pretty(&item).map_err(|error| failed(&error))?;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    }
    fs::write(file, text + "\n").map_err(|error| failed(&error))
}

/// What would be lost if a user with this form came back.
fn forgotten<T: State>(form: &Attributes) -> Vec<String> {
    match unread::<T>(form) {
        Ok(unread) => unread.iter().map(advice).collect(),
        Err(error) => vec![error.to_string()],
    }
}

fn advice(Unread { place, name, .. }: &Unread) -> String {
    format!(
        "the attribute `{place}` is no longer read, so what users have there is forgotten: give the \
         field that is there instead `#[serde(alias = \"{name}\")]`, or delete the file if \
         forgetting is meant"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};

    /// A folder of its own that goes with the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Folder {
            Folder(
                std::env::temp_dir().join(format!("remembers-{}", crate::conversation::unique())),
            )
        }

        fn with(attributes: Json) -> Folder {
            let folder = Folder::new();
            let attributes = to_attributes(&attributes).unwrap();
            write(&folder.0.join("1.json"), &attributes).unwrap();
            folder
        }

        /// The message without the folder, which differs from run to run.
        fn message<T: State>(&self, sample: &T) -> String {
            let message = remember(&self.0, sample, false).unwrap_err();
            message.replace(&*self.0.to_string_lossy(), "…")
        }

        fn files(&self) -> usize {
            fs::read_dir(&self.0).map_or(0, Iterator::count)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Visits {
        count: u32,
    }

    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Renamed {
        visits: u32,
        streak: u32,
    }

    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Moved {
        #[serde(alias = "count")]
        visits: u32,
        streak: u32,
    }

    #[test]
    fn a_struct_may_grow_and_a_field_move_with_an_alias() {
        let folder = Folder::with(json!({"count": 2}));
        #[derive(Default, Serialize, Deserialize)]
        #[serde(default)]
        struct Grown {
            count: u32,
            names: Vec<String>,
        }
        assert_eq!(remember(&folder.0, &Grown::default(), false), Ok(()));
        assert_eq!(remember(&folder.0, &Moved::default(), false), Ok(()));
        let default = Folder::with(json!({"count": 0}));
        assert_eq!(remember(&default.0, &Moved::default(), false), Ok(()));
    }

    #[test]
    fn a_renamed_field_without_an_alias_fails_and_says_what_to_do() {
        let folder = Folder::with(json!({"count": 2}));
        let message = folder.message(&Renamed::default());
        assert!(
            message.ends_with(
                "…/1.json: the attribute `count` is no longer read, so what users have there is \
                 forgotten: give the field that is there instead `#[serde(alias = \"count\")]`, or \
                 delete the file if forgetting is meant"
            ),
            "{message}"
        );
    }

    #[test]
    fn a_field_that_is_renamed_inside_of_a_list_or_map_is_found() {
        #[derive(Default, Serialize, Deserialize)]
        #[serde(default)]
        struct Players {
            players: Vec<Renamed>,
            #[serde(alias = "games")]
            rounds: std::collections::BTreeMap<String, Renamed>,
        }
        let folder = Folder::with(json!({
            "players": [{"visits": 1, "streak": 1}, {"visits": 1, "streak": 1, "count": 1}],
            "games": {"first": {"count": 2}}
        }));
        let message = folder.message(&Players::default());
        assert!(message.contains("`players[1].count`"), "{message}");
        assert!(message.contains("`games.first.count`"), "{message}");
        assert_eq!(message.matches("no longer read").count(), 2, "{message}");
    }

    #[test]
    fn a_new_field_without_a_default_fails_and_says_what_to_write() {
        #[derive(Default, Serialize, Deserialize)]
        struct Strict {
            count: u32,
            streak: u32,
        }
        let folder = Folder::with(json!({"count": 2}));
        let message = folder.message(&Strict::default());
        assert!(
            message.contains("`streak` is missing: write `#[serde(default)]`"),
            "{message}"
        );
    }

    #[test]
    fn a_field_of_another_type_fails_with_its_place() {
        let folder = Folder::with(json!({"count": "two"}));
        let message = folder.message(&Visits::default());
        assert!(
            message.contains("`count`: stored as S, expected u32"),
            "{message}"
        );
    }

    #[test]
    fn without_a_form_it_fails_and_adding_one_writes_the_next_file_once() {
        let folder = Folder::new();
        let message = folder.message(&Visits { count: 2 });
        assert!(message.contains("REMEMBER=1 cargo test"), "{message}");
        for _ in 0..2 {
            assert_eq!(remember(&folder.0, &Visits { count: 2 }, true), Ok(()));
            assert_eq!(folder.files(), 1);
        }
        let moved = Moved {
            visits: 2,
            streak: 1,
        };
        assert_eq!(remember(&folder.0, &moved, true), Ok(()));
        assert_eq!(folder.files(), 2);
        let text = fs::read_to_string(folder.0.join("2.json")).unwrap();
        let json: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(json["Item"]["mapAttr"]["M"]["visits"], json!({"N": "2"}));
        assert_eq!(remember(&folder.0, &moved, false), Ok(()));
    }

    #[test]
    fn the_attributes_of_each_layout_are_found() {
        let read = |item: Json| attributes_of(&json!({ "Item": item }).to_string());
        let map = json!({"M": {"count": {"N": "2"}}});
        let expected = to_attributes(&json!({"count": 2}));
        for item in [
            json!({"userId": {"S": "u"}, "mapAttr": map, "version": {"N": "3"}}),
            json!({"id": {"S": "u"}, "attributes": map, "other": {"M": {}}}),
            json!({"owner": {"S": "u"}, "state": map}),
        ] {
            assert_eq!(read(item).ok(), expected.clone().ok());
        }
        let two = read(json!({"a": map, "b": map})).unwrap_err();
        assert!(two.contains("of its 2 M"), "{two}");
        assert!(attributes_of("{}").unwrap_err().contains("no `Item`"));
    }

    #[test]
    #[should_panic(expected = "has no form of")]
    fn it_panics_as_an_assertion_does() {
        remembers(Folder::new().0.join("none"), &Visits::default());
    }
}
