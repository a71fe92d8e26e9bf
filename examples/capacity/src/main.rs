//! Answers what a table costs, how it scales and when to wake somebody.

#[cfg(feature = "aws")]
mod calls;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use capacity::cost::{Comparison, FreeTier, Skill};
use capacity::{alarms, break_even, figures, prices, scenario};
use clap::{Args, Parser, Subcommand};
use dynamo_paper::figures::Theme;

/// What a skill's table costs, how it scales, and when to wake somebody
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compare what a month of a skill's memory costs
    Cost(Cost),
    /// Print from where on the dearer choice is the cheaper one
    BreakEven,
    /// Print the prices with their sources
    Prices,
    /// Play a day under each choice of capacity, and print what is served, refused and paid
    Scaling {
        /// The same seed gives the same day
        #[arg(long, default_value_t = figures::SEED)]
        seed: u64,
    },
    /// Print the alarms for a table and its function
    Alarms {
        /// The table's name
        #[arg(long)]
        table: String,
        /// The function's name
        #[arg(long)]
        function: String,
    },
    /// Compute the figures and write each as SVG, light and dark, and as CSV
    Figures {
        /// The folder to write to
        #[arg(long, value_name = "DIR", default_value_os_t = figures::folder())]
        out: PathBuf,
    },
    #[cfg(feature = "aws")]
    #[command(flatten)]
    Call(calls::Call),
}

#[derive(Args)]
struct Cost {
    /// Turns a month; each reads an item and writes it
    #[arg(long)]
    turns: u64,
    /// Users whose items are stored [default: one for each ten turns]
    #[arg(long)]
    users: Option<u64>,
    /// Bytes of an item
    #[arg(long, value_name = "BYTES", default_value_t = 600)]
    item: u64,
    /// How many times as many turns the busiest minute has as an average one
    #[arg(long, default_value_t = 4)]
    peak: u64,
    /// Other tables use up the account's free tier
    #[arg(long)]
    no_free_tier: bool,
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Cost(cost) => compare(&cost)?,
        Command::BreakEven => print!("{}", break_even::report()),
        Command::Prices => print_prices(),
        Command::Scaling { seed } => print!("{}", scenario::told(seed)),
        Command::Alarms { table, function } => {
            print!("{}", alarms::told(&alarms::all(&table, &function)));
        }
        Command::Figures { out } => write_figures(&out)?,
        #[cfg(feature = "aws")]
        Command::Call(call) => calls::make(call)?,
    }
    Ok(())
}

fn compare(cost: &Cost) -> Result<()> {
    let users = cost.users.unwrap_or_else(|| cost.turns.div_ceil(10));
    let skill = Skill::new(cost.turns, users, cost.item, cost.peak)?;
    let tier = match cost.no_free_tier {
        true => FreeTier::UsedUp,
        false => FreeTier::Left,
    };
    println!("{}", Comparison::of(skill, tier));
    Ok(())
}

fn print_prices() {
    for price in prices::ALL {
        let many = capacity::money::grouped(price.many);
        let amount = format!("{} for {many}", price.dollars);
        println!("{:30} {amount:24} {}", price.what, price.source);
    }
}

fn write_figures(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for compute in figures::ALL {
        let figure = compute(figures::SEED);
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
