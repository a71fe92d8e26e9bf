//! What the manifest at the root of the repository says.

use std::path::{Path, PathBuf};

use fs_err as fs;
use serde::Deserialize;

use crate::Error;

/// The part of a workspace that chapters depend on.
pub(crate) struct Workspace {
    /// The folders of the members, relative to the repository; the root's own is empty.
    pub(crate) members: Vec<PathBuf>,
    /// The oldest compiler that builds it.
    pub(crate) rust: String,
}

impl Workspace {
    pub(crate) fn read(repository: &Path) -> Result<Workspace, Error> {
        #[derive(Deserialize)]
        struct Manifest {
            workspace: Members,
        }
        #[derive(Deserialize)]
        struct Members {
            members: Vec<String>,
            package: Package,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "kebab-case")]
        struct Package {
            rust_version: String,
        }
        let path = repository.join("Cargo.toml");
        let Manifest { workspace } = read(&path, |text| toml::from_str(text))?;
        let mut members = Vec::new();
        for member in &workspace.members {
            match member.strip_suffix("/*") {
                Some(folder) => members.extend(packages(repository, folder)?),
                // The root is written as `.`, and a listing's path does not begin with it.
                None => members.push(member.strip_prefix('.').unwrap_or(member).into()),
            }
        }
        Ok(Workspace {
            members,
            rust: workspace.package.rust_version,
        })
    }

    /// The member whose folder is the innermost around the file.
    pub(crate) fn member_of(&self, file: &Path) -> Option<&Path> {
        let around = self
            .members
            .iter()
            .filter(|member| file.starts_with(member));
        around
            .max_by_key(|member| member.components().count())
            .map(PathBuf::as_path)
    }
}

/// The packages in a folder, as `folder/*` among the members names them.
fn packages(repository: &Path, folder: &str) -> Result<Vec<PathBuf>, Error> {
    let mut packages = Vec::new();
    for entry in fs::read_dir(repository.join(folder))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").exists() {
            packages.push(Path::new(folder).join(entry.file_name()));
        }
    }
    packages.sort();
    Ok(packages)
}

/// Reads a file in its format.
pub(crate) fn read<T, E>(path: &Path, parse: impl Fn(&str) -> Result<T, E>) -> Result<T, Error>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    parse(&fs::read_to_string(path)?).map_err(|error| Error::Malformed {
        path: path.to_owned(),
        source: error.into(),
    })
}
