//! A starter, copied out as a project of its own.

mod manifest;
mod names;
mod workspace;

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use fs_err as fs;

use crate::error::Error;
use crate::files;
use crate::libraries::{self, Libraries};
use crate::manifest as manifests;
use crate::starter::Starter;
use names::Names;

/// The folder of the starters, relative to the repository.
const STARTERS: &str = "examples";

/// What makes a package among the examples a starter: it can be deployed.
const TEMPLATE: &str = "template.yaml";

/// The starters of the repository, by name.
///
/// # Errors
///
/// When the folder of the starters or one of their manifests cannot be read.
pub fn starters(repository: &Path) -> Result<Vec<Starter>, Error> {
    let mut starters = Vec::new();
    let examples = repository.join(STARTERS);
    for entry in fs::read_dir(&examples)? {
        let folder = entry?.path();
        if folder.join(TEMPLATE).exists() {
            let manifest = manifests::read(&folder)?;
            starters.push(Starter {
                name: manifests::package(&manifest, "name"),
                description: manifests::package(&manifest, "description"),
            });
        }
    }
    starters.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(starters)
}

/// Copies a starter into `folder`, with the libraries that it uses, as a project that is called like
/// the folder. It builds without this repository, from the same versions of all dependencies. Where
/// Git is installed, and the folder is not in a Git repository, the project becomes one.
///
/// # Errors
///
/// When there is no such starter, the folder is not empty, its name is no crate name or another
/// workspace would take it for a member: then nothing is written. And when a file cannot be read or
/// written.
pub fn create(repository: &Path, starter: &str, folder: &Path) -> Result<(), Error> {
    let starters = starters(repository)?;
    if !starters.iter().any(|known| known.name == starter) {
        let name = starter.to_owned();
        return Err(Error::UnknownStarter { name, starters });
    }
    let source = repository.join(STARTERS).join(starter);
    let manifest = manifests::read(&source)?;
    let libraries = Libraries::used_by(&manifest, "../..", repository)?;

    let dependencies = manifests::dependencies(&manifest, &manifests::DEPENDENCIES);
    let dependencies = dependencies.map(|(name, _)| name);
    let project = names::checked(folder, dependencies.chain(libraries.names()))?;
    if folder.exists() && fs::read_dir(folder)?.next().is_some() {
        return Err(Error::NotEmpty(folder.to_owned()));
    }
    workspace::check(folder)?;

    let names = Names {
        starter,
        project: &project,
    };
    let mut files = files::edited(files::read_all(&source)?, |path, text| {
        names.put_into(path, files::without_anchors(&text))
    });
    let manifest = manifest::of_project(manifest, &manifests::read(repository)?, &project);
    let lock = fs::read_to_string(repository.join("Cargo.lock"))?;
    for (name, text) in [
        ("Cargo.toml", manifest.to_string()),
        ("Cargo.lock", lock),
        // `sam build`, which nobody needs here, leaves a folder.
        (".gitignore", "/target/\n/.aws-sam/\n".to_owned()),
    ] {
        files.insert(name.into(), text.into());
    }
    for (path, content) in libraries.files(repository)? {
        files.insert(Path::new(libraries::FOLDER).join(path), content);
    }
    files::write_all(&files, folder)?;
    shorten_lock_file(folder);
    make_git_repository(folder);
    Ok(())
}

/// Has Cargo take out of the lock file what the project does not use. Where it can't, because what it
/// has to know of the crates is not on this machine yet, the first build does it.
fn shorten_lock_file(folder: &Path) {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["update", "--workspace", "--offline"]);
    succeeds(cargo.current_dir(folder));
}

/// Makes the folder a Git repository, unless it lies in one. A project without one is whole too.
fn make_git_repository(folder: &Path) {
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        succeeds(git.args(arguments).current_dir(folder))
    };
    if !git(&["rev-parse", "--is-inside-work-tree"]) {
        git(&["init"]);
    }
}

fn succeeds(command: &mut Command) -> bool {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
