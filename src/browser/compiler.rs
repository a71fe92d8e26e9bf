//! A compiler for `wasm32-unknown-unknown`: rustup's, or Debian's packages where rustup is not.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;

pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// Where Debian puts the compiler that its browsers are built with, by the package `rustc-web`.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";

/// What compiles the modules.
#[derive(Debug, PartialEq)]
pub(super) enum Compiler {
    /// The toolchain that runs this program has the target.
    Own,
    /// Debian's compiler, which brings the standard library as source, and LLVM's linker.
    Debian {
        /// Such as `/usr/bin/wasm-ld-22`.
        linker: PathBuf,
    },
}

impl fmt::Display for Compiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Compiler::Own => f.write_str("the target wasm32-unknown-unknown of this toolchain"),
            Compiler::Debian { .. } => f.write_str("Debian's compiler"),
        }
    }
}

impl Compiler {
    /// Looks for one.
    pub(super) fn find(repository: &Path) -> Result<Compiler, Error> {
        let own = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let folders: Vec<PathBuf> = env::var_os("PATH")
            .map(|path| env::split_paths(&path).collect())
            .unwrap_or_default();
        Compiler::among(
            sysroot(&own, repository).as_deref(),
            sysroot(&DEBIAN_RUSTC.into(), repository).as_deref(),
            &folders,
        )
    }

    /// Chooses between a toolchain and Debian's, each named by its folder, with linkers in `folders`.
    fn among(
        own: Option<&Path>,
        debian: Option<&Path>,
        folders: &[PathBuf],
    ) -> Result<Compiler, Error> {
        let own = own.map(|sysroot| sysroot.join("lib/rustlib").join(TARGET).join("lib"));
        if own.is_some_and(|libraries| libraries.is_dir()) {
            return Ok(Compiler::Own);
        }
        let source = debian.map(|sysroot| sysroot.join("lib/rustlib/src/rust/library"));
        match linker(folders) {
            Some(linker) if source.is_some_and(|source| source.is_dir()) => {
                Ok(Compiler::Debian { linker })
            }
            _ => Err(Error::NoCompiler),
        }
    }

    /// The command that builds a package of the workspace.
    pub(super) fn build(&self, repository: &Path, target: &Path, package: &str) -> Command {
        let mut command = match self {
            Compiler::Own => cargo(repository),
            Compiler::Debian { linker } => {
                let mut command = Command::new(DEBIAN_CARGO);
                command.current_dir(repository);
                command
                    .env("RUSTC", DEBIAN_RUSTC)
                    .env("RUSTC_BOOTSTRAP", "1");
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
                command
            }
        };
        command.args(["build", "--locked", "--profile", "browser"]);
        command.args(["--target", TARGET, "-p", package]);
        if let Compiler::Debian { .. } = self {
            command.arg("-Zbuild-std=std,panic_abort");
        }
        command.arg("--target-dir").arg(target);
        command.env("CARGO_ENCODED_RUSTFLAGS", without_paths(repository));
        command
    }
}

/// The compiler's flags that keep the paths of this machine out of a module, which names the source
/// of each panic: shorter ones take less room, and a reader's browser has no use for ours.
fn without_paths(repository: &Path) -> OsString {
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let mut flags = OsString::new();
    for folder in cargo_home.iter().map(PathBuf::as_path).chain([repository]) {
        if !flags.is_empty() {
            // CARGO_ENCODED_RUSTFLAGS separates flags by the unit separator, as a path may have blanks.
            flags.push("\x1f");
        }
        flags.push("--remap-path-prefix=");
        flags.push(folder);
        flags.push("=");
    }
    flags
}

/// The newest `wasm-ld`, which Debian names by the release of LLVM.
fn linker(folders: &[PathBuf]) -> Option<PathBuf> {
    let names = folders.iter().filter_map(|folder| folder.read_dir().ok());
    let linkers = names.flatten().flatten().filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let release = name.strip_prefix("wasm-ld")?;
        let release = match release.strip_prefix('-') {
            Some(release) => release.parse().ok()?,
            None if release.is_empty() => u32::MAX,
            None => return None,
        };
        Some((release, entry.path()))
    });
    Some(linkers.max()?.1)
}

/// Where a compiler keeps its libraries; none where there is no such compiler.
fn sysroot(rustc: &OsString, repository: &Path) -> Option<PathBuf> {
    let mut command = Command::new(rustc);
    command.args(["--print", "sysroot"]).current_dir(repository);
    let output = command
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let sysroot = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(sysroot.trim()))
}

/// The Cargo that runs this program.
pub(super) fn cargo(repository: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(repository);
    command
}

/// Where Cargo builds.
pub(super) fn target_folder(repository: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository.join("target"), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A folder with these files.
    fn with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        folder
    }

    #[test]
    fn a_toolchain_with_the_target_goes_before_debians() {
        let own = with(&["lib/rustlib/wasm32-unknown-unknown/lib/libstd.rlib"]);
        let other = with(&["lib/rustlib/x86_64-unknown-linux-gnu/lib/libstd.rlib"]);
        let debian = with(&["lib/rustlib/src/rust/library/Cargo.lock"]);
        let path = with(&["wasm-ld-9", "wasm-ld-22", "wasm-ld.txt", "wasm-ld-new"]);
        let folders = [path.path().to_owned()];
        let found = |own: Option<&Path>, debian, folders| Compiler::among(own, debian, folders);

        let debians = Compiler::Debian {
            linker: path.path().join("wasm-ld-22"),
        };
        let chosen = found(Some(own.path()), Some(debian.path()), &folders);
        assert_eq!(chosen.unwrap(), Compiler::Own);
        let chosen = found(Some(other.path()), Some(debian.path()), &folders);
        assert_eq!(chosen.unwrap(), debians);
        let refusal = found(Some(other.path()), Some(debian.path()), &[]).unwrap_err();
        assert!(
            refusal.to_string().contains("rustup target add"),
            "{refusal}"
        );
        let refusal = found(None, None, &folders).unwrap_err();
        assert!(refusal.to_string().contains("rustc-web"), "{refusal}");
    }
}
