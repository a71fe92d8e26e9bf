//! What a skill writes to standard error, which on Lambda is the function's log.

/// Writes a line, if there is one. A browser has no standard error, so nothing is made for it.
pub(crate) fn line(line: impl FnOnce() -> Option<String>) {
    if cfg!(all(target_family = "wasm", target_os = "unknown")) {
        return;
    }
    if let Some(line) = line() {
        eprintln!("{line}");
    }
}
