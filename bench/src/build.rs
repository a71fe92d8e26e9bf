//! The programs in Rust that a benchmark starts, built as they are deployed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// A program of the workspace, and how Cargo builds it.
#[derive(Clone, Copy, Debug)]
pub struct Build {
    pub(crate) package: &'static str,
    pub(crate) binary: &'static str,
    pub(crate) feature: Option<&'static str>,
    /// A key and value of Cargo's configuration.
    pub(crate) config: Option<&'static str>,
    /// An environment variable that a dependency's build script reads.
    pub(crate) variable: Option<(&'static str, &'static str)>,
    /// A target folder of its own, for a build that changes how dependencies are built: in a shared
    /// folder, it and the other builds would undo each other.
    pub(crate) target: Option<&'static str>,
}

impl Build {
    /// The embedded DynamoDB in a process of its own.
    pub(crate) const ENDPOINT: Build = Build::of("bench", "endpoint");

    /// The visit counter as a reader copies and deploys it.
    pub(crate) const STARTER: Build = Build::of("visit-counter", "visit-counter");

    /// The program `binary` of the package `contenders`, whose feature has the same name.
    pub(crate) const fn contender(binary: &'static str) -> Build {
        Build {
            feature: Some(binary),
            ..Build::of("contenders", binary)
        }
    }

    const fn of(package: &'static str, binary: &'static str) -> Build {
        Build {
            package,
            binary,
            feature: None,
            config: None,
            variable: None,
            target: None,
        }
    }
}

/// Builds programs beside the benchmark's own build.
///
/// One at a time: in one build, packages share the features that each asks for.
pub struct Builder {
    target: PathBuf,
}

/// The folder of this package.
pub(crate) fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Builder {
    /// Finds the target folder.
    ///
    /// # Errors
    /// Fails when the benchmark that runs is in no target folder.
    pub fn new() -> Result<Builder> {
        let benchmark = std::env::current_exe()?;
        let target = benchmark.ancestors().nth(3).context("no target folder")?;
        let target = target.to_owned();
        Ok(Builder { target })
    }

    /// Where the program is, once it was built.
    #[must_use]
    pub fn program(&self, build: &Build) -> PathBuf {
        self.target(build).join("release").join(build.binary)
    }

    /// Builds the program.
    ///
    /// # Errors
    /// Fails when Cargo does.
    pub fn build(&self, build: &Build) -> Result<()> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--release"]);
        cargo.args(["--package", build.package, "--bin", build.binary]);
        cargo.args(build.feature.iter().flat_map(|it| ["--features", it]));
        cargo.args(build.config.iter().flat_map(|it| ["--config", it]));
        cargo.envs(build.variable);
        cargo.env("CARGO_TARGET_DIR", self.target(build));
        cargo.current_dir(folder());
        ensure!(cargo.status()?.success(), "{cargo:?} failed");
        Ok(())
    }

    fn target(&self, build: &Build) -> PathBuf {
        self.target.join(build.target.unwrap_or_default())
    }
}
