//! Compiles and runs every Rust program of the book; each test is named after chapter, heading and line.

include!(concat!(env!("OUT_DIR"), "/skeptic-tests.rs"));
