//! The manifest of a project, made from those of its starter and of this repository.

use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::libraries;
use crate::manifest::{self, placed_at_the_end};

/// The starter's manifest as that of the package `name`, whose libraries are in the folder for them.
pub(super) fn of_project(mut manifest: DocumentMut, root: &DocumentMut, name: &str) -> DocumentMut {
    manifest["package"]["name"] = value(name);
    for table in manifest::DEPENDENCIES {
        let dependencies = manifest.get_mut(table).and_then(Item::as_table_like_mut);
        for (_, dependency) in dependencies.into_iter().flat_map(|all| all.iter_mut()) {
            let path = manifest::path(dependency);
            if let Some(library) = path.as_deref().and_then(Path::file_name) {
                let path = format!("{}/{}", libraries::FOLDER, library.to_string_lossy());
                dependency["path"] = value(path);
            }
        }
    }

    let mut workspace = Table::new();
    workspace["exclude"] = value(Array::from_iter([libraries::FOLDER]));
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
