//! Notices when a chapter, the theme or an included listing changes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use notify_debouncer_full::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{
    DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache, new_debouncer,
};

use crate::error::Error;

/// Long enough for an editor to finish saving, short enough to look immediate.
const SETTLED: Duration = Duration::from_millis(100);

/// Watches the folder `book` of a repository, and the files that its chapters include.
pub struct Watch {
    book: PathBuf,
    listings: BTreeSet<PathBuf>,
    debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
    changes: Receiver<DebounceEventResult>,
}

impl Watch {
    /// Begins to watch the folder `book`; [`Watch::listings`] adds the files.
    ///
    /// # Errors
    ///
    /// When the system refuses to watch the folder.
    pub fn new(repository: &Path) -> Result<Watch, Error> {
        let book = repository.join("book");
        let (sender, changes) = mpsc::channel();
        let mut debouncer = new_debouncer(SETTLED, None, sender)?;
        debouncer.watch(&book, RecursiveMode::Recursive)?;
        Ok(Watch {
            book,
            listings: BTreeSet::new(),
            debouncer,
            changes,
        })
    }

    /// Watches these files and no others outside of the book.
    pub fn listings(&mut self, listings: BTreeSet<PathBuf>) {
        let folders = |files: &BTreeSet<PathBuf>| -> BTreeSet<PathBuf> {
            files
                .iter()
                .filter_map(|file| Some(file.parent()?.to_owned()))
                .collect()
        };
        let (old, new) = (folders(&self.listings), folders(&listings));
        // Editors replace a file when they save it, so it is its folder that is watched.
        // A folder that is not there is one that a chapter misspells; the build says so.
        for folder in old.difference(&new) {
            let _ = self.debouncer.unwatch(folder);
        }
        for folder in new
            .difference(&old)
            .filter(|folder| !folder.starts_with(&self.book))
        {
            let _ = self.debouncer.watch(folder, RecursiveMode::NonRecursive);
        }
        self.listings = listings;
    }

    /// Waits until a file that the book is made of has changed.
    pub fn changed(&self) {
        while let Ok(result) = self.changes.recv() {
            // After an error events may be lost, and rebuilding once too often costs little.
            let Ok(events) = result else { return };
            if events.iter().any(|event| self.concerns_the_book(event)) {
                return;
            }
        }
    }

    /// Building the book reads its files, which the system reports too.
    fn concerns_the_book(&self, event: &DebouncedEvent) -> bool {
        let ours = |path: &PathBuf| path.starts_with(&self.book) || self.listings.contains(path);
        !event.kind.is_access() && event.paths.iter().any(ours)
    }
}
