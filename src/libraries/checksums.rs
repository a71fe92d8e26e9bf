//! What tells whether a copied file was changed since.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::CHECKSUMS;
use crate::error::Error;
use crate::files::{self, Files};

/// What Cargo writes when it builds a library by itself.
const OF_A_BUILD: &str = "Cargo.lock";

/// The SHA-256 of files, in hexadecimal digits, by their paths with `/`.
pub(crate) struct Checksums(BTreeMap<String, String>);

impl Checksums {
    pub(crate) fn of(files: &Files) -> Checksums {
        let sums = files.iter().map(|(path, content)| {
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            (parts.join("/"), hex::encode(Sha256::digest(content)))
        });
        Checksums(sums.collect())
    }

    /// Those that `sha256sum` or this program wrote.
    pub(crate) fn parse(text: &str) -> Checksums {
        let lines = text.lines().filter_map(|line| line.split_once("  "));
        let sums = lines.map(|(sum, path)| (path.to_owned(), sum.to_owned()));
        Checksums(sums.collect())
    }

    /// The files of the folder that are others than these: changed, new or missing ones.
    ///
    /// # Errors
    ///
    /// When the folder or a file in it cannot be read.
    pub(crate) fn changed(&self, folder: &Path) -> Result<Vec<PathBuf>, Error> {
        let mut files = files::read_all(folder)?;
        for beside in [CHECKSUMS, OF_A_BUILD] {
            files.remove(Path::new(beside));
        }
        let now = Checksums::of(&files);
        let mut paths: Vec<&String> = self.0.keys().chain(now.0.keys()).collect();
        paths.sort();
        paths.dedup();
        let changed = paths
            .into_iter()
            .filter(|path| self.0.get(*path) != now.0.get(*path));
        Ok(changed.map(|path| folder.join(path)).collect())
    }
}

/// As `sha256sum` writes them, so that `sha256sum --check` reads them.
impl fmt::Display for Checksums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.0.iter();
        lines.try_for_each(|(path, sum)| writeln!(f, "{sum}  {path}"))
    }
}
