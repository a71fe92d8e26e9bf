//! What can go wrong, and what to do about it.

use std::io;
use std::path::PathBuf;

use crate::starter::{self, Starter};

/// Why the book could not be loaded, written or served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// mdBook cannot write the pages.
    #[error("mdBook: {0:#}")]
    Book(mdbook_driver::errors::Error),

    /// The chapters cannot be read, or would show a reader something false, or nothing.
    #[error(transparent)]
    Manuscript(#[from] manuscript::Error),

    /// Another program listens on the port.
    #[error("port {port} is taken; choose another one with --port, or any free one with --port 0")]
    PortTaken {
        /// The port that was asked for.
        port: u16,
    },

    /// The system does not let us listen.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// The system's reason.
        source: io::Error,
    },

    /// Writing the site would delete files that this program did not write.
    #[error(
        "{} holds files that are not a build of this book; \
         choose a new or an empty folder with --dest",
        .0.display()
    )]
    ForeignFolder(PathBuf),

    /// A file or a folder cannot be read or written; the system's reason names it.
    #[error(transparent)]
    Io(#[from] io::Error),

    /// The system does not tell us of changes.
    #[error("cannot watch the book for changes")]
    Watch(#[from] notify_debouncer_full::notify::Error),

    /// There is no starter of that name.
    #[error(
        "there is no starter `{name}`; there are:\n{}",
        starter::listed(starters)
    )]
    UnknownStarter {
        /// The name that was asked for.
        name: String,
        /// Those that there are.
        starters: Vec<Starter>,
    },

    /// Copying a starter would mix its files with others.
    #[error("{} is not empty; choose a new or an empty folder", .0.display())]
    NotEmpty(PathBuf),

    /// A project is called like its folder, and this is no name for a crate.
    #[error("`{name}` cannot be the name of a crate, {reason}; choose another folder")]
    BadName {
        /// The folder's name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },

    /// Cargo builds no workspace of which another workspace is a member.
    #[error(
        "{} would take the project for a member of its workspace, and Cargo could build that \
         workspace no longer; choose a folder elsewhere, or add \"{}\" to `exclude` in its \
         [workspace] first",
        workspace.display(),
        member.display()
    )]
    MemberOfAnother {
        /// The manifest of the other workspace.
        workspace: PathBuf,
        /// The project's folder in it.
        member: PathBuf,
    },

    /// An update has nothing to replace.
    #[error(
        "{} is no copy of a starter: it has no libraries/SHA256SUMS, which `new` writes",
        .0.display()
    )]
    NotACopy(PathBuf),

    /// An update would undo what somebody changed.
    #[error(
        "these are not as they were copied, or were not copied:\n{}\n\
         keep what you changed elsewhere; --force replaces the libraries all the same",
        lines(.0)
    )]
    ChangedLibraries(Vec<PathBuf>),

    /// A library's source cannot be read as Rust.
    #[error("{} is not Rust", path.display())]
    NotRust {
        /// The file, relative to the sources of its library.
        path: PathBuf,
        /// Where it goes wrong.
        source: syn::Error,
    },

    /// A manifest is not TOML.
    #[error("{} is no manifest", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Where it goes wrong.
        source: toml_edit::TomlError,
    },

    /// The book cannot be packed for e-readers.
    #[error("the EPUB cannot be made")]
    Epub(#[from] epub_builder::Error),

    /// No compiler for a browser's modules.
    #[error(
        "nothing here compiles for wasm32-unknown-unknown: get it with \
         `rustup target add wasm32-unknown-unknown`, or on Debian with \
         `apt-get install rustc-web cargo-web rust-web-src lld-22`, or build without --with-browser"
    )]
    NoCompiler,

    /// A program that a build needs is not there.
    #[error("cannot start `{tool}`, which building for the browser needs")]
    NoTool {
        /// The program.
        tool: String,
        /// The system's reason.
        source: io::Error,
    },

    /// A program that a build runs failed, and said itself why.
    #[error("building for the browser failed at `{command}`")]
    ToolFailed {
        /// What was run.
        command: String,
    },

    /// The connection that readers come in by broke.
    #[error("the server stopped")]
    Serve(#[source] io::Error),
}

/// A line for each path.
fn lines(paths: &[PathBuf]) -> String {
    let lines: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    lines.join("\n")
}
