//! What may differ from run to run without the chapter being wrong.

use std::sync::LazyLock;

use regex::Regex;

static DURATION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b\d+(\.\d+)? ?(ns|µs|ms|s|seconds)\b").unwrap());
static SIZE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b\d+(\.\d+)? ?(B|[kKMG]i?B|bytes)\b").unwrap());

/// The text with durations and sizes made equal: they are compared on neither side.
pub fn plain(text: &str) -> String {
    let text = DURATION.replace_all(text, "<duration>");
    SIZE.replace_all(&text, "<size>").trim_end().to_owned()
}
