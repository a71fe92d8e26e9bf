//! The manuscript of the guide: its chapters as mdBook loads them, and the rules that every block in
//! them follows.
//!
//! [`Book::load`] reads the chapters. Each [`Chapter`] is parsed once and holds its fenced blocks, and
//! each [`Fence`] what its author wrote and what the page shows. On top of them:
//!
//! - [`includes`] finds the includes that would leave a hole in a page,
//! - [`blocks`] puts every block into the class that says what checks it, and refuses one of no class,
//! - [`console`] reads the commands of a console block,
//! - [`captions`] reads the file name above a listing, and [`links`] where a link leads.
//!
//! The build script of the guide, its program and its tests share this crate.

pub mod blocks;
pub mod captions;
pub mod console;
pub mod includes;
pub mod links;

mod book;
mod chapter;
mod error;
mod fence;
mod unchecked;
mod versions;
mod workspace;

pub use book::Book;
pub use chapter::Chapter;
pub use error::{Error, Fault};
pub use fence::{Directive, Fence};

/// The folder of the chapters, relative to the repository.
pub const CHAPTERS: &str = "book/src";
