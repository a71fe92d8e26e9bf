//! Whether the line under each title, which says what a chapter was checked with, is true.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::book::Book;
use crate::error::{Error, Fault};
use crate::fences::Fence;

const BEGIN: &str = "<p class=\"checked\">";
const MONTHS: [(&str, u8); 12] = [
    ("January", 31),
    ("February", 29),
    ("March", 31),
    ("April", 30),
    ("May", 31),
    ("June", 30),
    ("July", 31),
    ("August", 31),
    ("September", 30),
    ("October", 31),
    ("November", 30),
    ("December", 31),
];
/// What a machine brings along and no lock file holds: a chapter may name its version, which is
/// then only what its author had.
const UNLOCKED: [&str; 4] = ["Chromium", "Java", "Node.js", "Python"];

/// The chapters whose line is missing, malformed or behind the lock files.
pub fn faults(book: &Book) -> Result<Vec<Fault>, Error> {
    let locked = Locked::read(&book.repository)?;
    let mut faults = Vec::new();
    for (chapter, markdown) in book.chapters() {
        let mut fault = |line, message| {
            faults.push(Fault {
                chapter: chapter.to_owned(),
                line,
                message,
            });
        };
        let lines = checked_lines(markdown, &book.fences, chapter);
        let [(line, text)] = lines[..] else {
            let place = lines.get(1).map_or(1, |(line, _)| *line);
            fault(
                place,
                format!("a chapter has one line {BEGIN}Checked on …</p> under its title"),
            );
            continue;
        };
        if markdown
            .lines()
            .take(line)
            .any(|line| line.starts_with("## "))
        {
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

/// The lines outside of blocks that say what was checked, counted from 1.
fn checked_lines<'a>(markdown: &'a str, fences: &[Fence], chapter: &Path) -> Vec<(usize, &'a str)> {
    let fenced = |line: usize| {
        let mut fences = fences.iter().filter(|fence| fence.chapter == chapter);
        fences.any(|fence| (fence.line..=fence.last_line).contains(&line))
    };
    (1..)
        .zip(markdown.lines())
        .filter(|(line, text)| text.starts_with(BEGIN) && !fenced(*line))
        .collect()
}

/// The versions that a build of the repository takes.
struct Locked {
    rust: String,
    packages: BTreeMap<String, BTreeSet<String>>,
}

impl Locked {
    fn read(repository: &Path) -> Result<Locked, Error> {
        #[derive(Deserialize)]
        struct Manifest {
            workspace: Workspace,
        }
        #[derive(Deserialize)]
        struct Workspace {
            package: Shared,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "kebab-case")]
        struct Shared {
            rust_version: String,
        }
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

        let manifest: Manifest = read(&repository.join("Cargo.toml"), |text| toml::from_str(text))?;
        let crates: Crates = read(&repository.join("Cargo.lock"), |text| toml::from_str(text))?;
        let mut locked = Locked {
            rust: manifest.workspace.package.rust_version,
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
        let text: String = read(path, |text| Ok::<_, std::io::Error>(text.to_owned()))?;
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
    let words: Vec<&str> = text.split(' ').collect();
    let [day, month, year] = words[..] else {
        return false;
    };
    let days = MONTHS.iter().find(|(name, _)| *name == month);
    let (Some((_, days)), Ok(number)) = (days, day.parse::<u8>()) else {
        return false;
    };
    let written_plainly = number.to_string() == day;
    let is_year = year.len() == 4 && year.bytes().all(|digit| digit.is_ascii_digit());
    written_plainly && (1..=*days).contains(&number) && is_year
}

/// The lock files of the tests that need Node.js or Python.
fn lock_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |source| Error::File {
        path: folder.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        let name = name.to_str().unwrap_or_default();
        // A link is not followed: what is installed or built elsewhere is not the repository's.
        if entry.file_type().map_err(unreadable)?.is_dir() {
            if !name.starts_with('.') && !["node_modules", "target"].contains(&name) {
                files.extend(lock_files(&entry.path())?);
            }
        } else if ["package-lock.json", "requirements.txt"].contains(&name) {
            files.push(entry.path());
        }
    }
    Ok(files)
}

fn read<T, E>(path: &Path, parse: impl Fn(&str) -> Result<T, E>) -> Result<T, Error>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fs::read_to_string(path)
        .and_then(|text| parse(&text).map_err(std::io::Error::other))
        .map_err(|source| Error::File {
            path: path.to_owned(),
            source,
        })
}
