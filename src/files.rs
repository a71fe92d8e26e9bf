//! The files of a folder, held in memory until they are written elsewhere.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use fs_err as fs;
use walkdir::{DirEntry, WalkDir};

use crate::error::Error;

/// What each file holds, by its path in the folder.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// What tools leave in a folder, and what no copy holds.
const LEFT_BEHIND: [&str; 4] = ["target", "node_modules", ".aws-sam", ".venv"];

/// The files of a folder, without what tools have left there.
///
/// # Errors
///
/// When the folder or a file in it cannot be read.
pub(crate) fn read_all(folder: &Path) -> Result<Files, Error> {
    let belongs = |entry: &DirEntry| !LEFT_BEHIND.iter().any(|left| entry.file_name() == *left);
    let mut files = Files::new();
    for entry in WalkDir::new(folder).into_iter().filter_entry(belongs) {
        let entry = entry.map_err(io::Error::from)?;
        let path = entry.path();
        if let (false, Ok(name)) = (path.is_dir(), path.strip_prefix(folder)) {
            files.insert(name.to_owned(), fs::read(path)?);
        }
    }
    Ok(files)
}

/// Writes the files to a folder, which is made if there is none.
///
/// # Errors
///
/// When a folder cannot be made or a file cannot be written.
pub(crate) fn write_all(files: &Files, folder: &Path) -> Result<(), Error> {
    for (name, content) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, content)?;
    }
    Ok(())
}

/// The files, each one that is text edited.
pub(crate) fn edited(files: Files, edit: impl Fn(&Path, String) -> String) -> Files {
    let edited = files.into_iter().map(|(path, content)| {
        let content = match String::from_utf8(content) {
            Ok(text) => edit(&path, text).into_bytes(),
            Err(no_text) => no_text.into_bytes(),
        };
        (path, content)
    });
    edited.collect()
}

/// The text without the comments that mark a listing of the book.
pub(crate) fn without_anchors(text: &str) -> String {
    let is_anchor = |line: &&str| {
        let comment = line.trim_start().trim_start_matches(['/', '#', ' ']);
        comment.len() < line.trim_start().len()
            && (comment.starts_with("ANCHOR:") || comment.starts_with("ANCHOR_END:"))
    };
    text.split_inclusive('\n')
        .filter(|line| !is_anchor(line))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::without_anchors;

    #[test]
    fn only_the_marks_of_listings_are_left_out() {
        let text = "// ANCHOR: state\nstruct State; // kept\n    # ANCHOR_END: policy\n// why\n";
        assert_eq!(without_anchors(text), "struct State; // kept\n// why\n");
    }

    #[test]
    fn text_that_looks_like_a_mark_stays() {
        let text = "ANCHOR: a word\n// An ANCHOR: in a sentence\nlast";
        assert_eq!(without_anchors(text), text);
    }
}
