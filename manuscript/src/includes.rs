//! Whether each include shows what its author meant: mdBook only logs one that does not.

use std::fs;
use std::path::Path;

use crate::{Book, Directive, Fault, Fence};

/// The blocks that would be empty, unresolved or cut off on the page.
pub fn faults(book: &Book) -> Vec<Fault> {
    book.fences()
        .filter_map(|fence| {
            let message = check(&book.repository, fence).err()?;
            Some(Fault {
                chapter: fence.chapter.clone(),
                line: fence.line,
                message,
            })
        })
        .collect()
}

fn check(repository: &Path, fence: &Fence) -> Result<(), String> {
    for directive in fence.directives() {
        check_directive(repository, &directive)?;
    }
    if fence.shown.contains("{{#") {
        return Err("mdBook leaves a `{{#` on the page: it is no include that it knows".into());
    }
    if fence.shown.contains("ANCHOR:") || fence.shown.contains("ANCHOR_END:") {
        return Err("ANCHOR text is left on the page: include an anchor, not the file".into());
    }
    let rust = fence.info.starts_with("rust");
    if fence
        .shown
        .lines()
        .all(|line| line.trim().is_empty() || rust && is_hidden(line))
    {
        return Err("the block is empty".into());
    }
    if fence
        .shown
        .lines()
        .any(|line| line.trim_start().starts_with("```"))
    {
        return Err("a line inside the block begins with ``` and would end it".into());
    }
    Ok(())
}

fn check_directive(repository: &Path, directive: &Directive) -> Result<(), String> {
    let Directive { name, file, part } = directive;
    let shown = file.display();
    if name != "include" && name != "rustdoc_include" {
        return Err(format!("`{{{{#{name}` is not used in this book"));
    }
    if file.starts_with("..") || file.is_absolute() {
        return Err(format!("{shown} is outside of the repository"));
    }
    let text = fs::read_to_string(repository.join(file))
        .map_err(|error| format!("cannot include {shown}: {error}"))?;
    let Some(anchor) = part else { return Ok(()) };
    if anchor.starts_with(|first: char| first.is_ascii_digit() || first == ':') {
        return Err(format!(
            "{shown}:{anchor} counts lines, which move: name an anchor"
        ));
    }
    for marker in ["ANCHOR:", "ANCHOR_END:"] {
        if !text
            .lines()
            .any(|line| marked(line, marker) == Some(anchor))
        {
            return Err(format!("{shown} has no `{marker} {anchor}`"));
        }
    }
    Ok(())
}

/// The name of the anchor that a line opens or closes.
fn marked<'a>(line: &'a str, marker: &str) -> Option<&'a str> {
    let name = line.split_once(marker)?.1.trim_start();
    name.split(|character: char| !character.is_alphanumeric() && !"_-".contains(character))
        .next()
}

/// Whether mdBook hides a line of Rust until the reader asks for it.
fn is_hidden(line: &str) -> bool {
    let line = line.trim();
    line == "#" || line.starts_with("# ")
}
