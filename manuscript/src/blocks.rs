//! The gate: every fenced block belongs to a class that is checked, or the book is refused.

use std::fs;
use std::path::Path;

use serde::de::IgnoredAny;
use walkdir::{DirEntry, WalkDir};

use crate::workspace::Workspace;
use crate::{Book, Directive, Error, Fault, Fence, console, includes, unchecked, versions};

/// What checks a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Class {
    /// A whole program, which skeptic compiles and runs.
    Program,
    /// A whole program, which skeptic compiles and does not run.
    ProgramNotRun,
    /// A program that the compiler refuses with this error code.
    Refused(String),
    /// Part of a Rust file that Cargo compiles.
    Listing,
    /// TOML, JSON or YAML that its parser accepts.
    Data,
    /// Part of a JavaScript file that a test runs.
    Script,
    /// A file that a test writes and compares.
    Snapshot,
    /// What a benchmark wrote: a record of one run, which nothing can compare with another.
    Measured,
    /// Commands that are run, their output compared.
    Console,
    /// Commands of which the last one serves until it is ended.
    ConsoleServes,
    /// Commands that need tools other than Rust's: run where those are installed.
    ConsoleTools,
    /// Such commands, of which the last one serves while the chapter goes on.
    ConsoleToolsServes,
    /// Commands of the AWS CLI: what the local DynamoDB answers is compared, the rest is not sent.
    ConsoleAws,
    /// A diagram that a browser draws.
    Diagram,
}

/// A fenced block with its class.
#[derive(Clone, Debug)]
pub struct Block {
    /// The block.
    pub fence: Fence,
    /// What checks it.
    pub class: Class,
}

/// Puts every block of the book into its class.
///
/// # Errors
///
/// [`Error::Faults`] names every block that has no class or shows what its class does not allow,
/// [`Error::Io`] and [`Error::Malformed`] a manifest or lock file that cannot be read.
pub fn check(book: &Book) -> Result<Vec<Block>, Error> {
    let workspace = Workspace::read(&book.repository)?;
    let mut faults = unchecked::faults(book)?;
    faults.extend(includes::faults(book));
    faults.extend(versions::faults(book, &workspace)?);
    let mut blocks = Vec::new();
    for fence in book.fences() {
        match classify(book, &workspace, fence) {
            Ok(class) => blocks.push(Block {
                fence: fence.clone(),
                class,
            }),
            Err(message) => faults.push(Fault {
                chapter: fence.chapter.clone(),
                line: fence.line,
                message,
            }),
        }
    }
    if faults.is_empty() {
        return Ok(blocks);
    }
    faults.sort_by_key(|fault| (fault.chapter.clone(), fault.line));
    Err(Error::Faults(faults))
}

fn classify(book: &Book, workspace: &Workspace, fence: &Fence) -> Result<Class, String> {
    let listing = fence.listing();
    let words: Vec<&str> = fence.info.split(',').collect();
    let class = match (words.as_slice(), &listing) {
        (["rust"], Some(listing)) => compiled(workspace, &listing.file).map(|()| Class::Listing),
        (["rust"], None) => program(fence).map(|()| Class::Program),
        (["rust", "no_run"], _) => program(fence).map(|()| Class::ProgramNotRun),
        (["rust", "compile_fail", code], None) if is_error_code(code) => {
            program(fence).map(|()| Class::Refused((*code).to_owned()))
        }
        (["toml"], _) => parsed(toml::from_str::<toml::Table>(&fence.shown)),
        (["json"], _) => parsed(serde_json::from_str::<IgnoredAny>(&fence.shown)),
        (["yaml"], _) => parsed(serde_saphyr::from_str::<IgnoredAny>(&fence.shown)),
        (["text"], Some(listing)) if results(&listing.file).is_some() => {
            measured(book, workspace, &listing.file).map(|()| Class::Measured)
        }
        (["javascript"], Some(listing)) => script(book, workspace, listing),
        (["javascript"], None) => {
            Err("JavaScript is one include of a file that a test runs".into())
        }
        (["text"], Some(listing)) => snapshot(book, workspace, listing),
        (["text"], None) => Err("text is one include of a snapshot that a test writes".into()),
        (["console"], None) => commands(fence).map(|()| Class::Console),
        (["console", "serves"], None) => commands(fence).map(|()| Class::ConsoleServes),
        (["console", "tools"], None) => commands(fence).map(|()| Class::ConsoleTools),
        (["console", "tools", "serves"], None) => {
            commands(fence).map(|()| Class::ConsoleToolsServes)
        }
        (["console", "aws"], None) => aws(fence).map(|()| Class::ConsoleAws),
        (["mermaid"], None) => diagram(fence),
        _ => Err(format!(
            "`{}` is no class of block that is checked",
            fence.info
        )),
    }?;
    // What a program printed follows the command that printed it, and needs no name.
    let printed = matches!(class, Class::Snapshot | Class::Measured);
    if !printed || fence.caption.is_some() {
        captioned(fence, listing.as_ref())?;
    }
    Ok(class)
}

/// Readers ask "which file does this go in?": a listing says so, and what it says is true.
fn captioned(fence: &Fence, listing: Option<&Directive>) -> Result<(), String> {
    let file = listing.map(|listing| listing.file.display().to_string());
    match (&fence.caption, file) {
        (caption, file) if *caption == file => Ok(()),
        (Some(caption), Some(file)) => Err(format!("the caption is {caption}, the file {file}")),
        (None, Some(file)) => Err(format!(
            "a listing has its file above it: <p class=\"listing\">{file}</p>"
        )),
        (Some(caption), None) => Err(format!("nothing here is included from {caption}")),
        (None, None) => Ok(()),
    }
}

fn program(fence: &Fence) -> Result<(), String> {
    if fence.listing().is_some() {
        return Err("a file is shown as plain `rust`: Cargo compiles it".into());
    }
    if !fence.shown.contains("fn main(") {
        return Err("a program has `fn main()`, if only in a hidden line; \
                    part of one is included from its file"
            .into());
    }
    // skeptic writes the snippet into its test as a raw string that ends so.
    if fence.shown.contains("\"####") {
        return Err("skeptic cannot hold `\"####` in a snippet".into());
    }
    Ok(())
}

fn is_error_code(word: &str) -> bool {
    word.strip_prefix('E')
        .is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Cargo compiles the sources of the workspace's members; a Rust file elsewhere may be anything.
fn compiled(workspace: &Workspace, file: &Path) -> Result<(), String> {
    let member = workspace.member_of(file).unwrap_or(Path::new(""));
    let mut sources = vec!["src", "tests", "benches"];
    // The workspace's own `examples` holds packages, of which only the members are compiled.
    if !member.as_os_str().is_empty() {
        sources.push("examples");
    }
    let known = sources
        .iter()
        .any(|folder| file.starts_with(member.join(folder)));
    if known && file.extension().is_some_and(|extension| extension == "rs") {
        return Ok(());
    }
    let file = file.display();
    Err(format!(
        "{file} is no Rust file of a workspace member: nothing compiles it"
    ))
}

fn parsed<T, E: std::fmt::Display>(result: Result<T, E>) -> Result<Class, String> {
    match result {
        Ok(_) => Ok(Class::Data),
        Err(error) => Err(format!("this does not parse: {error}")),
    }
}

fn snapshot(book: &Book, workspace: &Workspace, listing: &Directive) -> Result<Class, String> {
    let file = &listing.file;
    let shown = file.display();
    let folder = file.parent().and_then(Path::file_name);
    let member = workspace
        .member_of(file)
        .filter(|_| folder.is_some_and(|it| it == "snapshots"));
    let Some(member) = member else {
        return Err(format!(
            "{shown} is in no `snapshots` folder of a workspace member"
        ));
    };
    if tested(book, member, file) {
        return Ok(Class::Snapshot);
    }
    Err(format!("no test mentions {shown}: nothing compares it"))
}

/// The folder of benchmarks whose `results` hold the file.
fn results(file: &Path) -> Option<&Path> {
    let results = file
        .parent()
        .filter(|folder| folder.ends_with("benches/results"))?;
    results.parent()
}

/// A record is named after the benchmark that wrote it.
fn measured(book: &Book, workspace: &Workspace, file: &Path) -> Result<(), String> {
    let benchmark = results(file)
        .zip(file.file_stem())
        .map(|(folder, name)| folder.join(name).with_extension("rs"))
        .filter(|benchmark| compiled(workspace, benchmark).is_ok());
    if benchmark.is_some_and(|benchmark| book.repository.join(benchmark).is_file()) {
        return Ok(());
    }
    let file = file.display();
    Err(format!("no benchmark of that name writes {file}"))
}

fn script(book: &Book, workspace: &Workspace, listing: &Directive) -> Result<Class, String> {
    let file = &listing.file;
    let shown = file.display();
    let member = workspace.member_of(file).unwrap_or(Path::new(""));
    if !file.starts_with(member.join("tests")) || file.extension().is_none_or(|it| it != "js") {
        return Err(format!(
            "{shown} is no JavaScript file in the `tests` of a workspace member"
        ));
    }
    if tested(book, member, file) {
        return Ok(Class::Script);
    }
    Err(format!("no test mentions {shown}: nothing runs it"))
}

/// A file counts as tested when a Rust file of its member names it.
fn tested(book: &Book, member: &Path, file: &Path) -> bool {
    let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    let member = book.repository.join(member);
    ["src", "tests"]
        .iter()
        .any(|sources| mentions(&member.join(sources), name))
}

/// Whether a Rust file in the folder or below names the file.
fn mentions(folder: &Path, name: &str) -> bool {
    // What is installed for a test is none of ours.
    let is_installed = |entry: &DirEntry| {
        ["node_modules", ".venv"]
            .iter()
            .any(|it| entry.file_name() == *it)
    };
    let files = WalkDir::new(folder).into_iter();
    let files = files.filter_entry(|entry| !is_installed(entry)).flatten();
    files.map(DirEntry::into_path).any(|path| {
        path.extension().is_some_and(|extension| extension == "rs")
            && fs::read_to_string(&path).is_ok_and(|source| source.contains(name))
    })
}

fn commands(fence: &Fence) -> Result<(), String> {
    console::commands(&fence.shown).map_err(str::to_owned)?;
    Ok(())
}

fn aws(fence: &Fence) -> Result<(), String> {
    for command in console::commands(&fence.shown)? {
        let text = &command.text;
        let Some(call) = command.aws_call() else {
            return Err(format!("`{text}` is no command of the AWS CLI"));
        };
        if !call.is_answered_here() && !command.output.is_empty() {
            return Err(format!("nothing here answers `{text}`: show no output"));
        }
    }
    Ok(())
}

fn diagram(fence: &Fence) -> Result<Class, String> {
    for alternative in ["accTitle", "accDescr"] {
        if !fence.shown.contains(alternative) {
            return Err(format!("a diagram says in {alternative} what it shows"));
        }
    }
    Ok(Class::Diagram)
}
