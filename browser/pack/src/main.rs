//! Writes the JavaScript around a module, as the command `wasm-bindgen` does: with its library, so
//! that the workspace's lock file holds both to one version. Compresses what a reader loads.
//!
//! Usage: browser-pack bind MODULE.wasm FOLDER
//!        browser-pack compress FILE FILE.xz

use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lzma_rust2::{CheckType, XzOptions, XzWriter};
use wasm_bindgen_cli_support::Bindgen;

const USAGE: &str = "usage: browser-pack bind MODULE.wasm FOLDER | compress FILE FILE.xz";

/// More than any module has; a reader's browser sets so much aside while it unpacks one.
const WINDOW: u32 = 4 << 20;

fn main() -> Result<()> {
    let mut arguments = env::args_os().skip(1);
    let what = arguments.next().context(USAGE)?;
    let mut paths = arguments.map(PathBuf::from);
    let (from, to) = paths.next().zip(paths.next()).context(USAGE)?;
    match what.to_str() {
        Some("bind") => bind(&from, &to),
        Some("compress") => compress(&from, &to),
        _ => bail!(USAGE),
    }
}

fn bind(module: &Path, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
}

/// As `xz -9e` does: a quarter less than what gzip makes of a module.
fn compress(file: &Path, to: &Path) -> Result<()> {
    let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut options = XzOptions::with_preset(9);
    options.lzma_options.dict_size = WINDOW;
    // A module is a stream of bytes, with nothing at every fourth.
    options.lzma_options.lc = 4;
    options.lzma_options.pb = 0;
    options.set_check_sum_type(CheckType::Crc32);
    let made = File::create(to).with_context(|| format!("cannot write {}", to.display()))?;
    let mut writer = XzWriter::new(made, options)?;
    writer.write_all(&content)?;
    writer.finish()?;
    Ok(())
}
