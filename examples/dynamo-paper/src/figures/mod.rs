//! The paper's figures, computed again.

mod background;
mod chart;
mod figure_4;
mod figure_5;
mod figure_6;
mod figure_8;
mod gossip;
mod table_2;
mod versions;

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

pub use chart::Theme;

/// The seed of the figures in the book.
pub const SEED: u64 = 2007;

/// Where the book's figures are: below its chapters, because mdBook publishes nothing else.
pub fn folder() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = package.ancestors().nth(2).unwrap_or(package);
    repository.join("book/src/dynamo-paper/figures")
}

/// A figure: its numbers, and how to draw them.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The name on the command line.
    pub name: &'static str,
    /// What it shows.
    pub title: &'static str,
    /// The axis to the right.
    pub x: Axis,
    /// The axis upwards.
    pub y: Axis,
    /// Where the names of the series stand.
    pub legend: Legend,
    /// The lines and points.
    pub series: Vec<Series>,
}

/// The corner of a figure where nothing is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Legend {
    UpperLeft,
    UpperRight,
    LowerRight,
}

/// An axis of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What it counts, with the unit.
    pub label: &'static str,
    /// Whether each step multiplies.
    pub logarithmic: bool,
    /// The labelled values; the first and the last are the ends.
    pub ticks: Vec<f64>,
    /// How many decimals a tick is written with.
    pub decimals: usize,
}

/// Values that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What they are.
    pub name: String,
    /// How they are drawn.
    pub style: Style,
    /// Series of one colour belong together: the paper's points and our line.
    pub colour: usize,
    /// The values.
    pub points: Vec<(f64, f64)>,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Computed here: a line.
    Line,
    /// From the paper: circles.
    Circles,
    /// A limit or another quantity that helps to read the figure: a broken line.
    Dashes,
}

/// A figure's name, what it is, and what computes it from a seed.
pub type Entry = (&'static str, &'static str, fn(u64) -> Figure);

/// All figures.
pub const ALL: [Entry; 8] = [
    (
        "4",
        "latency of reads and writes over three days",
        figure_4::compute,
    ),
    ("5", "writes with and without a buffer", figure_5::compute),
    ("6", "nodes out of balance over a day", figure_6::compute),
    (
        "8",
        "load balance of the three strategies",
        figure_8::compute,
    ),
    (
        "versions",
        "versions that a read returns (section 6.3)",
        versions::compute,
    ),
    (
        "table-2",
        "who coordinates a request (Table 2)",
        table_2::compute,
    ),
    (
        "background",
        "background work that gives way (section 6.5)",
        background::compute,
    ),
    ("gossip", "rounds until every node knows", gossip::compute),
];

/// Computes a figure.
///
/// # Errors
///
/// [`Error::NoSuchFigure`], which lists the names.
pub fn compute(name: &str, seed: u64) -> Result<Figure> {
    match ALL.iter().find(|entry| entry.0 == name) {
        Some(entry) => Ok(entry.2(seed)),
        None => Err(Error::NoSuchFigure {
            name: name.to_owned(),
            known: ALL.map(|entry| entry.0).join(", "),
        }),
    }
}

impl Figure {
    /// The values of a series.
    pub fn series(&self, name: &str) -> Option<&[(f64, f64)]> {
        let series = self.series.iter().find(|series| series.name == name)?;
        Some(&series.points)
    }

    /// The name of the figure's files, without what follows the dot.
    pub fn file_stem(&self) -> String {
        match self.name.parse::<u32>() {
            Ok(number) => format!("figure-{number}"),
            Err(_) => self.name.to_owned(),
        }
    }

    /// The numbers: a column for x and one for each series.
    pub fn csv(&self) -> String {
        // A name may hold a comma.
        let names = self.header().into_iter().map(|name| format!("\"{name}\""));
        let mut lines = vec![names.collect::<Vec<_>>().join(",")];
        lines.extend(self.rows().iter().map(|row| row.join(",")));
        lines.join("\n") + "\n"
    }

    /// The numbers as a table to be read.
    pub fn table(&self) -> String {
        let mut rows: Vec<Vec<String>> = vec![self.header()];
        rows.extend(self.rows());
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
        let mut table = format!("{}\n", self.title);
        for row in rows {
            let cells = row.iter().zip(&widths);
            let cells: Vec<_> = cells
                .map(|(cell, width)| format!("{cell:>width$}"))
                .collect();
            table += &format!("{}\n", cells.join("  ").trim_end());
        }
        table
    }

    fn header(&self) -> Vec<String> {
        let names = self.series.iter().map(|series| series.name.clone());
        std::iter::once(self.x.label.to_owned())
            .chain(names)
            .collect()
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let points = self.series.iter().flat_map(|series| &series.points);
        let mut xs: Vec<f64> = points.map(|point| point.0).collect();
        xs.sort_by(f64::total_cmp);
        xs.dedup();
        let cell = |series: &Series, x: f64| {
            let point = series.points.iter().find(|point| point.0 == x);
            point.map(|point| rounded(point.1)).unwrap_or_default()
        };
        let row = |x: f64| {
            let cells = self.series.iter().map(|series| cell(series, x));
            std::iter::once(rounded(x)).chain(cells).collect()
        };
        xs.into_iter().map(row).collect()
    }
}

/// Four significant digits, and no more decimals than they need.
fn rounded(value: f64) -> String {
    let digits_before = libm::floor(libm::log10(value.abs().max(1e-9))) as i32 + 1;
    let decimals = (4 - digits_before).clamp(0, 7) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text
}

impl Axis {
    /// An axis on which equal distances are equal differences.
    fn linear(label: &'static str, ticks: &[f64], decimals: usize) -> Axis {
        Axis {
            label,
            logarithmic: false,
            ticks: ticks.to_vec(),
            decimals,
        }
    }

    /// An axis on which equal distances are equal ratios.
    fn logarithmic(label: &'static str, ticks: &[f64], decimals: usize) -> Axis {
        Axis {
            logarithmic: true,
            ..Axis::linear(label, ticks, decimals)
        }
    }
}

impl Series {
    fn new(
        name: impl Into<String>,
        style: Style,
        colour: usize,
        points: Vec<(f64, f64)>,
    ) -> Series {
        Series {
            name: name.into(),
            style,
            colour,
            points,
        }
    }
}
