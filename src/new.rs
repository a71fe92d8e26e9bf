//! A starter, copied out as a project of its own.

mod manifest;
mod names;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;

use crate::error::Error;
use names::Names;

/// The folder of the starters, relative to the repository.
const STARTERS: &str = "examples";

/// The library that the starters use, and what their tests use. They stay neighbours in a copy, as
/// they name each other by their paths.
const LIBRARIES: [&str; 3] = ["alexa-skill", "local-dynamodb", "simulator"];

/// What makes a package among the examples a starter: it can be deployed.
const TEMPLATE: &str = "template.yaml";

/// What tools leave in a folder, and what no copy holds.
const LEFT_BEHIND: [&str; 4] = ["target", "node_modules", ".aws-sam", ".venv"];

/// A skill that can be copied out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// The name of its package and of its folder.
    pub name: String,
    /// One line on what it is.
    pub description: String,
}

/// A line for each starter, with what it is beside its name.
pub fn listed(starters: &[Starter]) -> String {
    let widest = starters.iter().map(|starter| starter.name.len()).max();
    let width = widest.unwrap_or_default();
    let line = |starter: &Starter| format!("{:width$}  {}", starter.name, starter.description);
    starters.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The starters of the repository, by name.
///
/// # Errors
///
/// When the folder of the starters or one of their manifests cannot be read.
pub fn starters(repository: &Path) -> Result<Vec<Starter>, Error> {
    let mut starters = Vec::new();
    for folder in entries(&repository.join(STARTERS))? {
        if folder.join(TEMPLATE).exists() {
            let manifest = read_manifest(&folder)?;
            starters.push(Starter {
                name: manifest::package(&manifest, "name"),
                description: manifest::package(&manifest, "description"),
            });
        }
    }
    Ok(starters)
}

/// Copies a starter into `folder`, with the libraries in it, as a project that is called like the
/// folder. It builds without this repository, from the same versions of all dependencies.
///
/// # Errors
///
/// When there is no such starter, the folder is not empty or its name is no crate name, and when a
/// file cannot be read or written.
pub fn create(repository: &Path, starter: &str, folder: &Path) -> Result<(), Error> {
    let starters = starters(repository)?;
    if !starters.iter().any(|known| known.name == starter) {
        let name = starter.to_owned();
        return Err(Error::UnknownStarter { name, starters });
    }
    let source = repository.join(STARTERS).join(starter);
    let root = read_manifest(repository)?;
    let manifest = read_manifest(&source)?;

    let mut used = manifest::dependencies(&manifest);
    used.extend(LIBRARIES.map(str::to_owned));
    let name = names::checked(folder, &used)?;
    if folder.exists() && !entries(folder)?.is_empty() {
        return Err(Error::NotEmpty(folder.to_owned()));
    }

    let names = Names {
        starter,
        project: &name,
    };
    copy(&source, folder, &|path, text| names.put_into(path, text))?;
    for library in LIBRARIES {
        let (from, to) = (repository.join(library), folder.join(library));
        copy(&from, &to, &|_, text| text)?;
    }
    let manifest = manifest::of_project(manifest, &root, &name, &LIBRARIES);
    write(&folder.join("Cargo.toml"), manifest.to_string())?;
    write(
        &folder.join("Cargo.lock"),
        read(&repository.join("Cargo.lock"))?,
    )?;
    write(&folder.join(".gitignore"), "/target/\n")
}

/// Copies a folder, its texts edited and without the marks by which the book finds its listings.
fn copy(from: &Path, to: &Path, edit: &dyn Fn(&Path, String) -> String) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(at(to))?;
    for source in entries(from)? {
        let name = source.file_name().unwrap_or_default();
        let target = to.join(name);
        if LEFT_BEHIND.iter().any(|left| name == *left) {
            continue;
        }
        if source.is_dir() {
            copy(&source, &target, edit)?;
        } else {
            let content = fs::read(&source).map_err(at(&source))?;
            let content = match String::from_utf8(content) {
                Ok(text) => edit(&source, without_anchors(&text)).into_bytes(),
                Err(no_text) => no_text.into_bytes(),
            };
            write(&target, content)?;
        }
    }
    Ok(())
}

/// The text without the comments that mark a listing of the book.
fn without_anchors(text: &str) -> String {
    let is_anchor = |line: &&str| {
        let comment = line.trim_start().trim_start_matches(['/', '#', ' ']);
        comment.len() < line.trim_start().len()
            && (comment.starts_with("ANCHOR:") || comment.starts_with("ANCHOR_END:"))
    };
    text.split_inclusive('\n')
        .filter(|line| !is_anchor(line))
        .collect()
}

/// What is in a folder, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(at(folder))?;
    let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(at(folder))?;
    paths.sort();
    Ok(paths)
}

fn read_manifest(folder: &Path) -> Result<DocumentMut, Error> {
    let path = folder.join("Cargo.toml");
    let text = read(&path)?;
    text.parse()
        .map_err(|source| Error::Manifest { path, source })
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(at(path))
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Error> {
    fs::write(path, content).map_err(at(path))
}

fn at(path: &Path) -> impl Fn(io::Error) -> Error {
    |source| Error::File {
        path: path.to_owned(),
        source,
    }
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
