//! Whether the line under each title, which says what a chapter was checked with, is true.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fs_err as fs;
use jiff::civil::Date;
use serde::Deserialize;
use walkdir::{DirEntry, WalkDir};

use crate::workspace::{Workspace, read};
use crate::{Book, Error, Fault};

const BEGIN: &str = "<p class=\"checked\">";

/// 22 November 2026
const DATE: &str = "%-d %B %Y";

/// What a machine brings along and no lock file holds: a chapter may name its version, which is
/// then only what its author had.
const UNLOCKED: [&str; 4] = ["Chromium", "Java", "Node.js", "Python"];

/// The chapters whose line is missing, malformed or behind the lock files.
pub(crate) fn faults(book: &Book, workspace: &Workspace) -> Result<Vec<Fault>, Error> {
    let locked = Locked::read(&book.repository, workspace)?;
    let mut faults = Vec::new();
    for chapter in &book.chapters {
        let mut fault = |line, message| {
            faults.push(Fault {
                chapter: chapter.path.clone(),
                line,
                message,
            });
        };
        let lines = chapter.unfenced_lines();
        let lines: Vec<_> = lines.filter(|(_, text)| text.starts_with(BEGIN)).collect();
        let [(line, text)] = lines[..] else {
            let place = lines.get(1).map_or(1, |(line, _)| *line);
            fault(
                place,
                format!("a chapter has one line {BEGIN}Checked on …</p> under its title"),
            );
            continue;
        };
        let mut above = chapter.markdown.lines().take(line);
        if above.any(|line| line.starts_with("## ")) {
            fault(
                line,
                "what a chapter was checked with stands under its title".into(),
            );
        }
        for message in locked.compare(text) {
            fault(line, message);
        }
    }
    Ok(faults)
}

/// The versions that a build of the repository takes.
struct Locked {
    rust: String,
    packages: BTreeMap<String, BTreeSet<String>>,
}

impl Locked {
    fn read(repository: &Path, workspace: &Workspace) -> Result<Locked, Error> {
        #[derive(Deserialize)]
        struct Crates {
            #[serde(default)]
            package: Vec<Package>,
        }
        #[derive(Deserialize)]
        struct Package {
            name: String,
            version: String,
        }

        let crates: Crates = read(&repository.join("Cargo.lock"), |text| toml::from_str(text))?;
        let mut locked = Locked {
            rust: workspace.rust.clone(),
            packages: BTreeMap::new(),
        };
        for package in crates.package {
            locked.insert(&package.name, &package.version);
        }
        for path in lock_files(repository)? {
            if path.ends_with("package-lock.json") {
                locked.insert_npm(&path)?;
            } else {
                locked.insert_pypi(&path)?;
            }
        }
        Ok(locked)
    }

    fn insert_npm(&mut self, path: &Path) -> Result<(), Error> {
        #[derive(Deserialize)]
        struct Lock {
            #[serde(default)]
            packages: BTreeMap<String, Package>,
        }
        #[derive(Deserialize)]
        struct Package {
            version: Option<String>,
        }
        let lock: Lock = read(path, |text| serde_json::from_str(text))?;
        for (place, package) in lock.packages {
            if let (Some(name), Some(version)) =
                (place.strip_prefix("node_modules/"), package.version)
            {
                self.insert(name, &version);
            }
        }
        Ok(())
    }

    fn insert_pypi(&mut self, path: &Path) -> Result<(), Error> {
        let text = fs::read_to_string(path)?;
        for line in text.lines() {
            if let Some((name, rest)) = line.split_once("==") {
                let name = name.split('[').next().unwrap_or_default();
                let version = rest.split_whitespace().next().unwrap_or_default();
                self.insert(name.trim(), version);
            }
        }
        Ok(())
    }

    fn insert(&mut self, name: &str, version: &str) {
        let versions = self.packages.entry(name.to_owned()).or_default();
        versions.insert(version.to_owned());
    }

    /// What is wrong with a line.
    fn compare(&self, line: &str) -> Vec<String> {
        let parts = line
            .strip_prefix(BEGIN)
            .and_then(|line| line.strip_suffix(".</p>"))
            .and_then(|line| line.strip_prefix("Checked on "))
            .and_then(|line| line.split_once(" with Rust "));
        let Some((date, versions)) = parts else {
            return vec![format!(
                "write {BEGIN}Checked on 22 November 2026 with Rust {}, name 1.2 and name 3.4.</p>",
                self.rust
            )];
        };
        let mut messages = Vec::new();
        if !is_date(date) {
            messages.push(format!("`{date}` is no date such as 22 November 2026"));
        }
        let versions = versions.replace(" and ", ", ");
        let mut versions = versions.split(", ");
        let rust = versions.next().unwrap_or_default();
        if rust != self.rust {
            let locked = &self.rust;
            messages.push(format!(
                "Rust {rust} is named, and rust-version is {locked}"
            ));
        }
        messages.extend(versions.filter_map(|entry| self.compare_package(entry).err()));
        messages
    }

    fn compare_package(&self, entry: &str) -> Result<(), String> {
        let Some((name, version)) = entry.rsplit_once(' ') else {
            return Err(format!("`{entry}` is no name and version"));
        };
        if UNLOCKED.contains(&name) {
            return Ok(());
        }
        let Some(locked) = self.packages.get(name) else {
            return Err(format!("`{name}` is in no lock file"));
        };
        if !version.contains('.') {
            return Err(format!("{name} {version} needs a version such as 1.2"));
        }
        if locked.iter().any(|locked| begins(locked, version)) {
            return Ok(());
        }
        let locked: Vec<&str> = locked.iter().map(String::as_str).collect();
        let locked = locked.join(" and ");
        Err(format!("{name} {version} is named, and locked is {locked}"))
    }
}

/// Whether 1.136.0 begins with 1.136; it does not with 1.13.
fn begins(locked: &str, version: &str) -> bool {
    locked
        .strip_prefix(version)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '+']))
}

fn is_date(text: &str) -> bool {
    // Written anew, the date shows whether the text has a leading zero or a short year.
    Date::strptime(DATE, text).is_ok_and(|date| date.strftime(DATE).to_string() == text)
}

/// The lock files of the tests that need Node.js or Python.
fn lock_files(repository: &Path) -> Result<Vec<PathBuf>, Error> {
    let is_ours = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !name.starts_with('.') && name != "node_modules" && name != "target"
    };
    let mut files = Vec::new();
    for entry in WalkDir::new(repository).into_iter().filter_entry(is_ours) {
        let path = entry.map_err(std::io::Error::from)?.into_path();
        if ["package-lock.json", "requirements.txt"]
            .iter()
            .any(|name| path.ends_with(name))
        {
            files.push(path);
        }
    }
    Ok(files)
}
