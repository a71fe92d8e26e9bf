//! Whether another Cargo workspace would take a new project for a member.
//!
//! The project is a workspace of its own. Inside the folder of another one that is no harm, unless
//! the other one's `members` match it: then Cargo refuses to build the other one.

use std::path::{self, Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};
use toml_edit::{DocumentMut, Item};

use crate::error::Error;
use crate::manifest;

/// Refuses a folder that is a member of another workspace.
///
/// # Errors
///
/// [`Error::MemberOfAnother`] when it is one.
pub(super) fn check(folder: &Path) -> Result<(), Error> {
    let folder = path::absolute(folder)?;
    for parent in folder.ancestors().skip(1) {
        // A manifest that cannot be read takes nothing in.
        let Ok(manifest) = manifest::read(parent) else {
            continue;
        };
        if let Ok(inside) = folder.strip_prefix(parent)
            && is_member(&manifest, inside)
        {
            return Err(Error::MemberOfAnother {
                workspace: parent.join("Cargo.toml"),
                member: inside.to_owned(),
            });
        }
    }
    Ok(())
}

/// Whether a workspace has the folder among its members, and does not exclude it.
fn is_member(manifest: &DocumentMut, folder: &Path) -> bool {
    let listed = |key| {
        let list = manifest.get("workspace").and_then(|table| table.get(key));
        let list = list.and_then(Item::as_array).into_iter().flatten();
        list.filter_map(|path| path.as_str()).map(plain)
    };
    listed("members").any(|pattern| matches(&pattern, folder))
        && !listed("exclude").any(|excluded| folder.starts_with(excluded))
}

/// The path without `.`, which Cargo reads over.
fn plain(path: &str) -> PathBuf {
    let parts = Path::new(path).components();
    parts.filter(|part| *part != Component::CurDir).collect()
}

/// As Cargo matches, which uses the same crate.
fn matches(pattern: &Path, folder: &Path) -> bool {
    let options = MatchOptions {
        require_literal_separator: true,
        ..MatchOptions::new()
    };
    let pattern = Pattern::new(&pattern.to_string_lossy());
    pattern.is_ok_and(|pattern| pattern.matches_path_with(folder, options))
}
