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
    /// The visit counter as a reader copies and deploys it.
    pub(crate) const STARTER: Build = Build {
        package: "visit-counter",
        binary: "visit-counter",
        feature: None,
        config: None,
        variable: None,
        target: None,
    };

    /// The embedded DynamoDB in a process of its own.
    pub(crate) const ENDPOINT: Build = Build {
        package: "bench",
        binary: "endpoint",
        ..Build::STARTER
    };

    /// The program `binary` of the package `contenders`, whose feature has the same name.
    pub(crate) const fn contender(binary: &'static str) -> Build {
        Build {
            package: "contenders",
            binary,
            feature: Some(binary),
            ..Build::STARTER
        }
    }

    /// Where the program is, once it was built.
    ///
    /// # Errors
    /// Fails when the benchmark that runs is in no target folder.
    pub fn program(&self) -> Result<PathBuf> {
        Ok(self.target()?.join("release").join(self.binary))
    }

    /// Builds the program. Build one at a time: in one build, packages share the features that each
    /// asks for.
    ///
    /// # Errors
    /// Fails when Cargo does, and when the benchmark that runs is in no target folder.
    pub fn build(&self) -> Result<()> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--release"]);
        cargo.args(["--package", self.package, "--bin", self.binary]);
        cargo.args(self.feature.iter().flat_map(|it| ["--features", it]));
        cargo.args(self.config.iter().flat_map(|it| ["--config", it]));
        cargo.envs(self.variable);
        cargo.env("CARGO_TARGET_DIR", self.target()?);
        cargo.current_dir(folder());
        ensure!(cargo.status()?.success(), "{cargo:?} failed");
        Ok(())
    }

    /// Beside the benchmark's own build, or a folder in there.
    fn target(&self) -> Result<PathBuf> {
        let benchmark = std::env::current_exe()?;
        let target = benchmark
            .ancestors()
            .nth(3)
            .context("the benchmark is in no target folder")?;
        Ok(target.join(self.target.unwrap_or_default()))
    }
}

/// The folder of this package.
pub(crate) fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
