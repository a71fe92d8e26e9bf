//! What is sent to Lambda, packed by the command `zip`. A size is `None` where there is no such
//! command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The size in bytes of a program's package.
pub(crate) fn program(program: &Path) -> Option<usize> {
    let file = program.file_name()?;
    zip(program.parent()?, vec![file.into()])
}

/// The size in bytes of `index.js` and what it depends on in `folder`.
pub(crate) fn node(folder: &Path) -> Result<Option<usize>> {
    let mut npm = Command::new("npm");
    npm.args(["ls", "--all", "--omit=dev", "--parseable"]);
    let listed = String::from_utf8(npm.current_dir(folder).output()?.stdout)?;
    let packages = listed.lines().filter_map(|path| {
        let path = Path::new(path).strip_prefix(folder).ok()?;
        (path != Path::new("")).then(|| path.to_owned())
    });
    let files = packages.chain([PathBuf::from("index.js")]).collect();
    Ok(zip(folder, files))
}

/// The Runtime API's client, which Lambda's runtime for Python has, and what installs packages.
const NOT_SENT: [&str; 9] = [
    "pip",
    "setuptools",
    "pkg_resources",
    "_distutils",
    "distutils-precedence",
    "awslambdaric",
    "runtime_client",
    "simplejson",
    "snapshot_restore_py",
];

/// The size in bytes of `lambda_function.py` and of the packages in the environment of `folder`.
pub(crate) fn python(folder: &Path) -> Result<Option<usize>> {
    let library = fs::read_dir(folder.join(".venv/lib"))?
        .next()
        .context("an empty environment")??
        .path()
        .join("site-packages");
    let mut files = vec![folder.join("lambda_function.py")];
    for entry in fs::read_dir(&library)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !NOT_SENT.iter().any(|prefix| name.starts_with(prefix)) {
            files.push(name.into());
        }
    }
    Ok(zip(&library, files))
}

fn zip(folder: &Path, files: Vec<PathBuf>) -> Option<usize> {
    let mut zip = Command::new("zip");
    zip.args(["-q", "-9", "-r", "-"]).args(files);
    zip.args(["-x", "*/__pycache__/*"]).current_dir(folder);
    zip.output().ok().map(|zipped| zipped.stdout.len())
}
