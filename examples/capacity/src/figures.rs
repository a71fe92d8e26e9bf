//! The figures of part 5, drawn as those of the Dynamo paper are.

use std::path::{Path, PathBuf};

use dynamo_paper::figures::{Axis, Figure, Legend, Series, Style};

use crate::cost::{FreeTier, Place, Skill, bill};
use crate::scaling::{Day, Second};
use crate::scenario::{self, CHOICES, Evening};
use crate::traffic::SPOT;

/// The seed of the figures in the book.
pub const SEED: u64 = 2018;

/// What computes a figure from a seed.
pub type Compute = fn(u64) -> Figure;

/// All figures.
pub const ALL: [Compute; 4] = [cost, day, spot, throttled];

/// Where the book's figures are: below its chapters, because mdBook publishes nothing else.
pub fn folder() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = package.ancestors().nth(2).unwrap_or(package);
    repository.join("book/src/performance/figures")
}

/// What a month costs, from ten thousand turns to a thousand million.
fn cost(_: u64) -> Figure {
    // Eight steps to each power of ten.
    let turns = (32..=72).map(|step| libm::round(libm::pow(10.0, f64::from(step) / 8.0)));
    let turns: Vec<f64> = turns.collect();
    let line = |name: &str, colour, style, place, tier| {
        let dollars = |turns: f64| {
            let turns = turns as u64;
            // Bounds that these numbers keep.
            let skill = Skill::new(turns, turns.div_ceil(10), 600, 4).ok()?;
            Some(bill(&skill, place, tier).total().to_dollars())
        };
        let points = turns
            .iter()
            .filter_map(|turns| Some((*turns / 1e6, dollars(*turns)?)));
        series(name, style, colour, points.filter(|point| point.1 >= 0.001))
    };
    let (left, used_up) = (FreeTier::Left, FreeTier::UsedUp);
    Figure {
        name: "cost",
        title: "A month of a skill's memory, items of 600 bytes, peak 4",
        x: axis(
            "million turns a month",
            true,
            &[0.01, 0.1, 1.0, 10.0, 100.0, 1000.0],
            2,
        ),
        y: axis(
            "US dollars",
            true,
            &[0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0, 10_000.0],
            3,
        ),
        legend: Legend::UpperLeft,
        series: vec![
            line("on demand", 0, Style::Line, Place::OnDemand, left),
            line(
                "provisioned, free tier used up",
                1,
                Style::Dashes,
                Place::Provisioned,
                used_up,
            ),
            line(
                "provisioned, free tier left",
                1,
                Style::Line,
                Place::Provisioned,
                left,
            ),
            line("on demand and a DAX node", 2, Style::Line, Place::Dax, left),
            line("S3", 3, Style::Line, Place::S3, left),
        ],
    }
}

/// An ordinary day: what comes, and the capacity that follows it.
fn day(seed: u64) -> Figure {
    let days = scenario::play(Evening::Ordinary, seed);
    let hours = |second: usize| second as f64 / 3600.0;
    let of =
        |index: usize, value: fn(&Second) -> f64| means(&days[index], 0..86_400, 600, hours, value);
    Figure {
        name: "day",
        title: "A million turns in a day",
        x: axis(
            "hour of the day",
            false,
            &[0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0],
            0,
        ),
        y: axis(
            "writes a second",
            false,
            &[0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0],
            0,
        ),
        legend: Legend::UpperLeft,
        series: vec![
            series("offered", Style::Line, 0, of(0, |second| second.offered)),
            series(
                "capacity, auto scaling",
                Style::Line,
                1,
                of(1, |second| second.capacity),
            ),
            series(
                "capacity, fixed",
                Style::Dashes,
                2,
                of(2, |second| second.capacity),
            ),
        ],
    }
}

/// The half hour of a television spot.
fn spot(seed: u64) -> Figure {
    let days = scenario::play(Evening::Spot, seed);
    let of = |index: usize, value: fn(&Second) -> f64| {
        means(&days[index], SPOT - 300..SPOT + 1800, 10, since_spot, value)
    };
    Figure {
        name: "spot",
        title: "A television spot that sends 2,000 users a second",
        x: axis(
            "minutes after the spot begins",
            false,
            &[-5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0],
            0,
        ),
        y: axis("writes a second", true, &[10.0, 100.0, 1000.0, 10_000.0], 0),
        legend: Legend::UpperRight,
        series: vec![
            series(
                "offered, and served on demand",
                Style::Line,
                0,
                of(0, |second| second.offered),
            ),
            series(
                "served, auto scaling",
                Style::Line,
                1,
                of(1, |second| second.served),
            ),
            series(
                "capacity, auto scaling",
                Style::Dashes,
                1,
                of(1, |second| second.capacity),
            ),
            series(
                "capacity, on demand",
                Style::Dashes,
                2,
                of(0, |second| second.capacity),
            ),
        ],
    }
}

/// How many requests were refused since the spot began.
fn throttled(seed: u64) -> Figure {
    let days = scenario::play(Evening::Spot, seed);
    let line = |index: usize| {
        let mut sum = 0.0;
        let seconds = &days[index].seconds[SPOT..SPOT + 600];
        let sums = seconds.iter().enumerate().map(move |(since, second)| {
            sum += second.throttled();
            (since as f64 / 60.0, sum / 1000.0)
        });
        series(CHOICES[index].0, Style::Line, index, sums.step_by(10))
    };
    Figure {
        name: "throttled",
        title: "Requests refused since the spot began",
        x: axis(
            "minutes after the spot begins",
            false,
            &[0.0, 2.0, 4.0, 6.0, 8.0, 10.0],
            0,
        ),
        y: axis(
            "thousands",
            false,
            &[0.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0],
            0,
        ),
        legend: Legend::LowerRight,
        series: (0..CHOICES.len()).map(line).collect(),
    }
}

fn since_spot(second: usize) -> f64 {
    (second as f64 - SPOT as f64) / 60.0
}

/// The mean of each so many seconds, at the middle of them.
fn means(
    day: &Day,
    seconds: std::ops::Range<usize>,
    step: usize,
    x: fn(usize) -> f64,
    value: fn(&Second) -> f64,
) -> Vec<(f64, f64)> {
    let first = seconds.start;
    let steps = day.seconds[seconds].chunks(step).enumerate();
    let mean = |chunk: &[Second]| chunk.iter().map(value).sum::<f64>() / chunk.len() as f64;
    steps
        .map(|(index, chunk)| (x(first + index * step + step / 2), mean(chunk)))
        .collect()
}

fn axis(label: &'static str, logarithmic: bool, ticks: &[f64], decimals: usize) -> Axis {
    Axis {
        label,
        logarithmic,
        ticks: ticks.to_vec(),
        decimals,
    }
}

fn series(
    name: &str,
    style: Style,
    colour: usize,
    points: impl IntoIterator<Item = (f64, f64)>,
) -> Series {
    Series {
        name: name.to_owned(),
        style,
        colour,
        points: points.into_iter().collect(),
    }
}
