//! The contenders in Rust, built as they are deployed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The folder of the programs that were built.
///
/// One at a time: in one build, packages share the features that each asks for.
#[derive(Clone)]
pub struct Builds {
    target: PathBuf,
}

/// The folder of this package.
pub(crate) fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Builds {
    /// Beside the benchmark's own build.
    ///
    /// # Errors
    /// Fails when the benchmark lies in no target folder, or the programs' folder cannot be made.
    pub fn new() -> Result<Builds> {
        let benchmark = std::env::current_exe()?;
        let target = benchmark.ancestors().nth(3).context("no target folder")?;
        let builds = Builds {
            target: target.to_owned(),
        };
        fs::create_dir_all(builds.contenders())?;
        Ok(builds)
    }

    /// Where the program `name` is, once it was built.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.contenders().join(name)
    }

    /// Builds a package's program of the same name.
    ///
    /// # Errors
    /// Fails when Cargo does.
    pub fn package(&self, package: &str) -> Result<()> {
        self.build(package, package, &self.target, &mut cargo())
    }

    /// The visit counter as it is copied and deployed.
    pub(crate) fn starter(&self) -> Result<()> {
        self.package("visit-counter")
    }

    /// The visit counter with a feature of the package `variants`, under that feature's name.
    pub(crate) fn variant(&self, feature: Option<&str>) -> Result<()> {
        let mut cargo = cargo();
        if let Some(feature) = feature {
            cargo.args(["--features", feature]);
        }
        let name = feature.unwrap_or("variants");
        self.build("variants", name, &self.target, &mut cargo)
    }

    /// The variable counts when the crate aws-lc-sys is built, so the build has a folder of its own.
    pub(crate) fn without_jitter(&self) -> Result<()> {
        let mut cargo = cargo();
        cargo.env("AWS_LC_SYS_NO_JITTER_ENTROPY", "1");
        let name = "no-jitter";
        self.build("visit-counter", name, &self.target.join(name), &mut cargo)
    }

    /// With level "z" instead of the starter's, in a folder of its own too: in the same one, each
    /// build would undo the other.
    pub(crate) fn small(&self) -> Result<()> {
        let mut cargo = cargo();
        cargo.args(["--config", "profile.release.opt-level=\"z\""]);
        let name = "small";
        self.build("visit-counter", name, &self.target.join(name), &mut cargo)
    }

    fn build(&self, package: &str, name: &str, target: &Path, cargo: &mut Command) -> Result<()> {
        cargo.args(["--package", package, "--bin", package]);
        cargo.env("CARGO_TARGET_DIR", target);
        ensure!(cargo.status()?.success(), "{cargo:?} failed");
        let built = target.join("release").join(package);
        fs::copy(&built, self.program(name)).with_context(|| format!("{}", built.display()))?;
        Ok(())
    }

    fn contenders(&self) -> PathBuf {
        self.target.join("contenders")
    }
}

fn cargo() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--release"]);
    cargo.current_dir(folder());
    cargo
}
