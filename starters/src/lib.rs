//! The starters, found by what is in their folders and compiled without Lambda.
//!
//! A folder in `examples/` with a `template.yaml` is a starter: it can be deployed. The build script
//! finds them all, and makes
//!
//! - a module for each, from the very `src/lib.rs` that its Lambda function is built from, called as
//!   the folder with `_` for `-`: `visit_counter`,
//! - [`ALL`], with what `template.yaml`, `policy.json` and `skill-package/` say.
//!
//! So whoever takes the starters from here, such as the guide's program, the reader's browser or a
//! test, takes in a new one without being told. The starters' own packages bring Lambda and Tokio
//! along, which no browser has.

/// A skill that a reader copies. It is called as its folder, its package and its page in the book.
pub use simulator::DeployedSkill as Starter;
use simulator::Localization;

include!(concat!(env!("OUT_DIR"), "/starters.rs"));

/// The starter of this name.
pub fn named(name: &str) -> Option<&'static Starter> {
    ALL.iter().find(|starter| starter.name == name)
}
