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

/// The starter's manifest as that of the package `name`, which has the libraries in folders of their
/// own and is the workspace that they take their settings from.
pub(super) fn of_project(
    mut manifest: DocumentMut,
    root: &DocumentMut,
    name: &str,
    libraries: &[&str],
) -> DocumentMut {
    manifest["package"]["name"] = value(name);
    for table in DEPENDENCIES {
        let dependencies = manifest.get_mut(table).and_then(Item::as_table_like_mut);
        for (name, dependency) in dependencies.into_iter().flat_map(|all| all.iter_mut()) {
            if libraries.contains(&name.get()) {
                dependency["path"] = value(name.get());
            }
        }
    }

    let mut workspace = Table::new();
    workspace["members"] = value(Array::from_iter(libraries.iter().copied()));
    for key in ["package", "lints"] {
        workspace[key] = placed_at_the_end(&root["workspace"][key]);
    }
    manifest["workspace"] = Item::Table(workspace);

    let mut profiles = Table::new();
    profiles.set_implicit(true);
    profiles["release"] = placed_at_the_end(&root["profile"]["release"]);
    // Linking a test takes three times as long with what a debugger wants to know of dependencies.
    let mut dev = Table::new();
    dev["debug"] = root["profile"]["dev"]["debug"].clone();
    let mut packages = Table::new();
    packages.set_implicit(true);
    packages["*"] = placed_at_the_end(&root["profile"]["dev"]["package"]["*"]);
    dev["package"] = Item::Table(packages);
    profiles["dev"] = Item::Table(dev);
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
