//! The DynamoDB of the browser: dynoxide, whose own exports this module carries.

#[cfg(target_family = "wasm")]
pub use dynoxide as engine;
