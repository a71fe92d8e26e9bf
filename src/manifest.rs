//! Manifests of Cargo packages: what the program reads in them, and what it writes anew.

use std::path::{Path, PathBuf};

use fs_err as fs;
use toml_edit::{DocumentMut, Item, TableLike};

use crate::error::Error;

/// The tables of a manifest that name other crates.
pub(crate) const DEPENDENCIES: [&str; 2] = ["dependencies", "dev-dependencies"];

/// The manifest of the package in a folder.
///
/// # Errors
///
/// When there is none, or it is not TOML.
pub(crate) fn read(folder: &Path) -> Result<DocumentMut, Error> {
    let path = folder.join("Cargo.toml");
    let text = fs::read_to_string(&path)?;
    text.parse()
        .map_err(|source| Error::Manifest { path, source })
}

/// A text of a manifest's `[package]`; empty when there is none.
pub(crate) fn package(manifest: &DocumentMut, key: &str) -> String {
    let package = manifest.get("package").and_then(|package| package.get(key));
    package.and_then(Item::as_str).unwrap_or_default().into()
}

/// The dependencies in some tables of a manifest, by name.
pub(crate) fn dependencies<'a>(
    manifest: &'a DocumentMut,
    tables: &[&str],
) -> impl Iterator<Item = (&'a str, &'a Item)> {
    let tables = tables.iter().filter_map(|name| manifest.get(name));
    let tables = tables.filter_map(Item::as_table_like);
    tables.flat_map(TableLike::iter)
}

/// The folder of a dependency that is named by its path.
pub(crate) fn path(dependency: &Item) -> Option<PathBuf> {
    Some(PathBuf::from(dependency.get("path")?.as_str()?))
}

/// A copy without the place that it had in its own document, which would put it between the tables
/// of another one.
pub(crate) fn placed_at_the_end(item: &Item) -> Item {
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
