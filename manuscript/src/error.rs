//! Why a manuscript is refused.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::CHAPTERS;

/// Why the book could not be loaded or checked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// mdBook cannot read the settings, the summary or a chapter.
    #[error("mdBook: {0:#}")]
    MdBook(mdbook_driver::errors::Error),

    /// Blocks that would show a reader something false, or nothing.
    #[error("{}", listed(.0))]
    Faults(Vec<Fault>),

    /// A file or a folder cannot be read; the system's reason names it.
    #[error(transparent)]
    Io(#[from] io::Error),

    /// A manifest or a lock file is not in its format.
    #[error("cannot understand {}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where it goes wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Something in a chapter that the gate refuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The chapter, relative to [`CHAPTERS`].
    pub chapter: PathBuf,
    /// The line in the chapter, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chapter = self.chapter.display();
        write!(f, "{CHAPTERS}/{chapter}:{}: {}", self.line, self.message)
    }
}

fn listed(faults: &[Fault]) -> String {
    let lines: Vec<String> = faults.iter().map(Fault::to_string).collect();
    lines.join("\n")
}
