//! Computes the paper's figures and plays its cluster.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum};
use dynamo_paper::dotted::Clocks;
use dynamo_paper::figures::{self, Theme};
use dynamo_paper::scenario;

/// The algorithms of the Dynamo paper, and its figures computed again
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// The same seed gives the same history
    #[arg(long, global = true, default_value_t = figures::SEED)]
    seed: u64,
}

#[derive(Subcommand)]
enum Command {
    /// Compute all figures and write each as SVG, light and dark, and as CSV
    Figures {
        /// The folder to write to
        #[arg(long, value_name = "DIR", default_value_os_t = figures::folder())]
        out: PathBuf,
    },
    /// Compute one figure and print its numbers
    Figure {
        /// The figure's number or name
        #[arg(value_parser = figures::ALL.map(|entry| entry.0))]
        name: String,
    },
    /// Play a cluster through a partition and print what each node holds
    Cluster {
        /// Print the whole history as JSON
        #[arg(long)]
        json: bool,
        /// How versions are compared
        #[arg(long, value_enum, default_value = "dotted")]
        clocks: Compared,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Compared {
    /// By the paper's clock
    Plain,
    /// By dotted version vectors
    Dotted,
}

fn main() -> Result<()> {
    let Arguments { command, seed } = Arguments::parse();
    match command {
        Command::Figures { out } => write_figures(&out, seed),
        Command::Figure { name } => {
            print!("{}", figures::compute(&name, seed)?.table());
            Ok(())
        }
        Command::Cluster { json, clocks } => play(seed, clocks, json),
    }
}

fn write_figures(folder: &Path, seed: u64) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, what, compute) in figures::ALL {
        eprintln!("figure {name}: {what}");
        let figure = compute(seed);
        let write = |ending: &str, text: &str| {
            let file = folder.join(format!("{}{ending}", figure.file_stem()));
            fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
        };
        write(".csv", &figure.csv())?;
        for (theme, word) in Theme::ALL {
            write(&format!("-{word}.svg"), &figure.svg(theme)?)?;
        }
    }
    println!("The figures are in {}", folder.display());
    Ok(())
}

fn play(seed: u64, clocks: Compared, json: bool) -> Result<()> {
    let clocks = match clocks {
        Compared::Plain => Clocks::Plain,
        Compared::Dotted => Clocks::Dotted,
    };
    let cluster = scenario::play(seed, clocks)?;
    let history = cluster.history().context("nothing was recorded")?;
    if json {
        println!("{}", serde_json::to_string_pretty(history)?);
    } else {
        print!("{}", scenario::told(history));
    }
    Ok(())
}
