//! The manifest of a project, made from those of its starter and of this repository.

use toml_edit::{Array, DocumentMut, Item, Table, value};

/// The tables of a manifest that name other crates.
const DEPENDENCIES: [&str; 2] = ["dependencies", "dev-dependencies"];

/// A text of a manifest's `[package]`; empty when there is none.
pub(super) fn package(manifest: &DocumentMut, key: &str) -> String {
    let package = manifest.get("package").and_then(|package| package.get(key));
    package.and_then(Item::as_str).unwrap_or_default().into()
}

/// The names of the crates that a package uses.
pub(super) fn dependencies(manifest: &DocumentMut) -> Vec<String> {
    let tables = DEPENDENCIES.iter().filter_map(|name| manifest.get(name));
    let tables = tables.filter_map(Item::as_table_like);
    tables
        .flat_map(|table| table.iter().map(|(name, _)| name.to_owned()))
        .collect()
}

/// The starter's manifest as that of the package `name`, which has the library in a folder of its
/// own and is the workspace that the library takes its settings from.
pub(super) fn of_project(
    mut manifest: DocumentMut,
    root: &DocumentMut,
    name: &str,
    library: &str,
) -> DocumentMut {
    manifest["package"]["name"] = value(name);
    for table in DEPENDENCIES {
        if let Some(library_path) = manifest
            .get_mut(table)
            .and_then(|table| table.get_mut(library))
            .and_then(|dependency| dependency.get_mut("path"))
        {
            *library_path = value(library);
        }
    }

    let mut workspace = Table::new();
    workspace["members"] = value(Array::from_iter([library]));
    for key in ["package", "lints"] {
        workspace[key] = placed_at_the_end(&root["workspace"][key]);
    }
    manifest["workspace"] = Item::Table(workspace);

    let mut profiles = Table::new();
    profiles.set_implicit(true);
    profiles["release"] = placed_at_the_end(&root["profile"]["release"]);
    manifest["profile"] = Item::Table(profiles);
    manifest
}

/// A copy without the place that it had in its own document, which would put it between the tables
/// of this one.
fn placed_at_the_end(item: &Item) -> Item {
    let mut item = item.clone();
    if let Some(table) = item.as_table_mut() {
        table.set_position(None);
        for (_, inner) in table.iter_mut() {
            if inner.is_table() {
                *inner = placed_at_the_end(inner);
            }
        }
    }
    item
}
