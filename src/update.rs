//! The libraries of a copied starter, replaced by those of this repository.

mod changelog;

use std::fmt;
use std::path::{Path, PathBuf};

use fs_err as fs;
use toml_edit::DocumentMut;

use crate::error::Error;
use crate::files::{self, Files};
use crate::libraries::checksums::Checksums;
use crate::libraries::{self, CHANGELOG, CHECKSUMS, Libraries};
use crate::manifest;

/// What becomes of files in `libraries/` that are not as they were copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// They stay, and nothing is replaced.
    Keep,
    /// They are replaced like all others.
    Replace,
}

/// What an update did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Update {
    /// Nothing: the libraries are those of this repository.
    None {
        /// Their version.
        version: String,
    },
    /// It replaced the libraries.
    Done {
        /// The version that the copy had.
        from: String,
        /// The version that it has now.
        to: String,
        /// The part of the changelog that is new to the copy; empty if there is none.
        news: String,
    },
}

/// For the reader of a terminal, after the name of the folder.
impl fmt::Display for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Update::None { version } => write!(f, "has the libraries of this guide, {version}"),
            Update::Done { from, to, news } => {
                write!(f, "has the libraries of {to} now; it had those of {from}")?;
                match news.as_str() {
                    "" => write!(f, ". The changelog has nothing new"),
                    news => write!(f, ". New in the changelog:\n\n{news}"),
                }
            }
        }
    }
}

/// Replaces the libraries of a copy, and touches nothing else in it. If that is interrupted, the copy
/// has the old libraries or the new ones, or gets the old ones back from the next update.
///
/// # Errors
///
/// When the folder is no copy of a starter, when files of the libraries were changed and are to be
/// kept, and when a file cannot be read or written.
pub fn update(repository: &Path, folder: &Path, changed: Changed) -> Result<Update, Error> {
    let libraries = folder.join(libraries::FOLDER);
    recover(&libraries)?;
    if !libraries.join(CHECKSUMS).exists() {
        return Err(Error::NotACopy(folder.to_owned()));
    }
    let copied = fs::read_to_string(libraries.join(CHECKSUMS))?;
    let used = Libraries::used_by(&manifest::read(folder)?, libraries::FOLDER, repository)?;
    let new = used.files(repository)?;
    let to = version(&manifest::read(repository)?);
    if changed == Changed::Keep {
        if new[Path::new(CHECKSUMS)] == copied.as_bytes() {
            return Ok(Update::None { version: to });
        }
        let changed = Checksums::parse(&copied).changed(&libraries)?;
        if !changed.is_empty() {
            return Err(Error::ChangedLibraries(changed));
        }
    }
    let from = version(&manifest::read(&libraries)?);
    // Whoever has removed the changelog gets all of the new one.
    let known = fs::read_to_string(libraries.join(CHANGELOG)).unwrap_or_default();
    let news = changelog::news(&known, &fs::read_to_string(repository.join(CHANGELOG))?);
    replace(&libraries, &new)?;
    Ok(Update::Done { from, to, news })
}

/// The version that the packages of a workspace share.
fn version(workspace: &DocumentMut) -> String {
    let version = workspace["workspace"]["package"]["version"].as_str();
    version.unwrap_or_default().to_owned()
}

/// Where the old libraries are while they are replaced, and where the new ones are written.
fn beside(libraries: &Path) -> [PathBuf; 2] {
    ["old", "new"].map(|which| libraries.with_file_name(format!(".{}.{which}", libraries::FOLDER)))
}

/// Puts the files in the libraries' place. Between the two renamings there is nothing in it, and both
/// the old and the new libraries are whole.
fn replace(libraries: &Path, files: &Files) -> Result<(), Error> {
    let [old, new] = beside(libraries);
    for left in [&old, &new].into_iter().filter(|folder| folder.exists()) {
        fs::remove_dir_all(left)?;
    }
    files::write_all(files, &new)?;
    fs::rename(libraries, &old)?;
    fs::rename(&new, libraries)?;
    fs::remove_dir_all(&old)?;
    Ok(())
}

/// Puts the old libraries back if an update was interrupted between its two renamings.
fn recover(libraries: &Path) -> Result<(), Error> {
    let [old, _] = beside(libraries);
    if old.exists() && !libraries.exists() {
        fs::rename(&old, libraries)?;
    }
    Ok(())
}
