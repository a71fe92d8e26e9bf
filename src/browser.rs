//! The starters as modules for the reader's own browser: what `build --with-browser` adds to the site.

mod compiler;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fs_err as fs;
use serde::Deserialize;

use crate::error::Error;
use compiler::{Compiler, TARGET};

/// Where the modules lie in the site; without them, a manifest that names none.
const FOLDER: &str = "starters/browser";

/// The modules, built and packed, in a folder of their own.
pub struct Modules {
    folder: PathBuf,
}

impl Modules {
    /// Builds the modules, and says on standard output what it is at.
    ///
    /// # Errors
    ///
    /// [`Error::NoCompiler`] where nothing compiles for a browser, [`Error::NoTool`] without Node.js,
    /// and [`Error::ToolFailed`] when a step fails.
    pub fn build(repository: &Path) -> Result<Modules, Error> {
        let compiler = Compiler::find(repository)?;
        // Before the compiler takes its minutes.
        for tool in ["node", "npm"] {
            run(Command::new(tool).arg("--version").stdout(Stdio::null()))?;
        }
        let target = compiler::target_folder(repository).join("browser-modules");
        println!("Building for the browser with {compiler}; the first time takes minutes");
        let packed = target.join("packed");
        fs::create_dir_all(&packed)?;
        for part in ["engine", "skills"] {
            run(&mut compiler.build(repository, &target, &format!("browser-{part}")))?;
            let module = target.join(format!("{TARGET}/browser/browser_{part}.wasm"));
            let bound = packed.join(part);
            run(pack(repository, "bind").arg(module).arg(&bound))?;
            let module = bound.join(format!("browser_{part}_bg.wasm"));
            let small = packed.join(format!("{part}.wasm.xz"));
            run(pack(repository, "compress").arg(module).arg(small))?;
        }
        let node = repository.join("browser");
        if !installed(&node) {
            let mut npm = Command::new("npm");
            npm.args(["ci", "--no-audit", "--no-fund", "--prefix"]);
            run(npm.arg(&node))?;
        }
        let sqlite = node.join("node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm");
        let small = packed.join("sqlite.wasm.xz");
        run(pack(repository, "compress").arg(sqlite).arg(small))?;
        let folder = target.join("site");
        let mut bundle = Command::new("node");
        bundle.arg(node.join("bundle.mjs")).arg(&packed);
        run(bundle.arg(engine_sources(repository)?).arg(&folder))?;
        Ok(Modules { folder })
    }

    /// Puts the modules into a site.
    ///
    /// # Errors
    ///
    /// When a file cannot be written.
    pub fn add_to(&self, site: &Path) -> Result<(), Error> {
        let to = site.join(FOLDER);
        fs::create_dir_all(&to)?;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let copy = to.join(entry.file_name());
            fs::copy(entry.path(), &copy)?;
        }
        Ok(())
    }
}

/// The command that binds or compresses a module.
fn pack(repository: &Path, what: &str) -> Command {
    let mut command = compiler::cargo(repository);
    command.args([
        "run",
        "--quiet",
        "--locked",
        "-p",
        "browser-pack",
        "--",
        what,
    ]);
    command
}

/// Whether npm has installed what the lock file says.
fn installed(folder: &Path) -> bool {
    let changed = |file: &str| fs::metadata(folder.join(file))?.modified();
    match (
        changed("node_modules/.package-lock.json"),
        changed("package-lock.json"),
    ) {
        (Ok(installed), Ok(locked)) => installed >= locked,
        _ => false,
    }
}

/// Where Cargo keeps the sources of the engine's release that is in the lock file: its scripts are
/// part of it.
fn engine_sources(repository: &Path) -> Result<PathBuf, Error> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        manifest_path: PathBuf,
    }
    let mut command = compiler::cargo(repository);
    command.args(["metadata", "--format-version", "1", "--locked"]);
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|source| Error::NoTool {
        tool: name(command.get_program()),
        source,
    })?;
    let failed = || Error::ToolFailed {
        command: "cargo metadata".into(),
    };
    let metadata: Metadata = serde_json::from_slice(&output.stdout).map_err(|_| failed())?;
    let mut packages = metadata.packages.into_iter();
    let engine = packages.find(|package| package.name == "dynoxide-rs");
    let folder = engine.and_then(|engine| Some(engine.manifest_path.parent()?.to_owned()));
    folder.ok_or_else(failed)
}

fn run(command: &mut Command) -> Result<(), Error> {
    let status = command.status().map_err(|source| Error::NoTool {
        tool: name(command.get_program()),
        source,
    })?;
    if status.success() {
        return Ok(());
    }
    let words = [command.get_program()]
        .into_iter()
        .chain(command.get_args());
    Err(Error::ToolFailed {
        command: words.map(name).collect::<Vec<_>>().join(" "),
    })
}

fn name(word: &OsStr) -> String {
    word.to_string_lossy().into_owned()
}
