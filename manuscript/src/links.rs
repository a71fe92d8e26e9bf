//! Where a link leads.

use std::path::{Component, Path, PathBuf};

/// The file that a link in another file means, both relative to the same folder. One outside of the
/// folder begins with `..`.
pub fn resolved(from: &Path, link: &str) -> PathBuf {
    let mut target = PathBuf::new();
    for part in from
        .parent()
        .unwrap_or(Path::new(""))
        .join(link)
        .components()
    {
        match part {
            Component::ParentDir if target.file_name().is_some() => {
                target.pop();
            }
            Component::CurDir => {}
            part => target.push(part),
        }
    }
    target
}
