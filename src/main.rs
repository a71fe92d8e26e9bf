//! Serves the guide, or writes it out as a static site.

use std::env;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use skills_that_remember::browser::Modules;
use skills_that_remember::serve::Server;
use skills_that_remember::site::{self, Download};
use skills_that_remember::update::{self, Changed};
use skills_that_remember::{new, preprocessor, renderer, starter};

/// Serves the guide to this machine, rebuilt when a chapter or a listing changes
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// The port of 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 3000)]
    port: u16,
}

#[derive(Subcommand)]
enum Command {
    /// Writes the guide as a static site
    Build {
        /// The folder to write to: new, empty, or a former build
        #[arg(long, value_name = "DIR", default_value = "site")]
        dest: PathBuf,

        /// Adds the guide as an EPUB, for e-readers
        #[arg(long)]
        epub: bool,

        /// Builds the starters for the reader's browser as well; takes a compiler for wasm32, and Node.js
        #[arg(long)]
        with_browser: bool,
    },

    /// As `book.toml` has `mdbook` run it: adds the links of the site to the chapters
    #[command(hide = true)]
    Preprocess,

    /// As `book.toml` has `mdbook` run it: completes the site
    #[command(hide = true)]
    Render,

    /// Copies a starter out as a project of its own; alone, lists the starters
    New {
        /// The starter
        #[arg(requires = "folder")]
        starter: Option<String>,

        /// The folder to fill, new or empty; the project is called like it
        folder: Option<PathBuf>,
    },

    /// Replaces the libraries in a copy of a starter by those of this guide
    Update {
        /// The copy
        folder: PathBuf,

        /// Replaces files of the libraries, too, that were changed since they were copied
        #[arg(long)]
        force: bool,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    // Cargo names the package that it runs; without Cargo it is the one that was compiled.
    let repository = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);

    match arguments.command {
        Some(Command::Build {
            dest,
            epub,
            with_browser,
        }) => {
            let modules = with_browser.then(|| Modules::build(&repository));
            let modules = modules.transpose()?;
            let download = if epub { Download::Epub } else { Download::None };
            site::publish_as(&repository, &dest, download)?;
            if let Some(modules) = modules {
                modules.add_to(&dest)?;
            }
            println!("The site is in {}", dest.display());
        }
        Some(Command::Preprocess) => preprocessor::preprocess(io::stdin(), io::stdout())?,
        Some(Command::Render) => renderer::render(io::stdin())?,
        Some(Command::New {
            starter: Some(starter),
            folder: Some(folder),
        }) => {
            new::create(&repository, &starter, &folder)?;
            println!("The project is in {}", folder.display());
        }
        Some(Command::New { .. }) => println!("{}", starter::listed(&new::starters(&repository)?)),
        Some(Command::Update { folder, force }) => {
            let changed = if force {
                Changed::Replace
            } else {
                Changed::Keep
            };
            let update = update::update(&repository, &folder, changed)?;
            println!("{} {update}", folder.display());
        }
        None => {
            let server = Server::start(repository, arguments.port).await?;
            let address = server.address();
            println!("The book is at http://{address}\nStop it with Ctrl+C");
            tokio::select! {
                result = server.run() => result?,
                result = tokio::signal::ctrl_c() => result?,
            }
        }
    }
    Ok(())
}
