//! The figure of a record: bars for the cold start and for the warm turn, as SVG.

use anyhow::{Context, Result};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::record::Table;

const WIDTH: i32 = 860;
const HEAD: i32 = 44;
const ROW: i32 = 30;
/// Where bars begin and where the longest ends.
const BARS: (i32, i32) = (250, 760);

/// What the page around the figure looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on white.
    Light,
    /// Light text on nearly black.
    Dark,
}

impl Theme {
    fn paper(self) -> RGBColor {
        match self {
            Theme::Light => RGBColor(0xff, 0xff, 0xff),
            Theme::Dark => RGBColor(0x12, 0x17, 0x1d),
        }
    }

    fn ink(self) -> RGBColor {
        match self {
            Theme::Light => RGBColor(0x1d, 0x27, 0x33),
            Theme::Dark => RGBColor(0xd5, 0xdc, 0xe3),
        }
    }

    /// Two colours that differ in brightness too.
    fn bar(self, part: usize) -> RGBColor {
        match (self, part) {
            (Theme::Light, 0) => RGBColor(0x0a, 0x5f, 0x7d),
            (Theme::Light, _) => RGBColor(0xe5, 0x8a, 0x4f),
            (Theme::Dark, 0) => RGBColor(0x74, 0xc7, 0xe3),
            (Theme::Dark, _) => RGBColor(0xc2, 0x6a, 0x30),
        }
    }
}

/// One group of bars, on one scale.
struct Panel {
    title: String,
    bars: Vec<Bar>,
}

struct Bar {
    name: String,
    /// In milliseconds, drawn one after the other.
    parts: Vec<f64>,
    text: String,
}

impl Panel {
    fn height(&self) -> i32 {
        HEAD + ROW * self.bars.len() as i32 + 12
    }

    fn longest(&self) -> f64 {
        let bars = self.bars.iter().map(|bar| bar.parts.iter().sum());
        bars.fold(f64::MIN_POSITIVE, f64::max)
    }
}

/// The figure of the record's tables.
///
/// # Errors
/// Fails when the record lacks a table, or the drawing library fails.
pub fn svg(tables: &[Table], theme: Theme) -> Result<String> {
    let panels = [
        cold(tables).context("the record has no cold turn over HTTPS")?,
        warm(tables).context("the record has no warm turn")?,
    ];
    let height: i32 = panels.iter().map(Panel::height).sum();
    let size = (u32::try_from(WIDTH)?, u32::try_from(height)?);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&theme.paper())?;
        let mut top = 0;
        for panel in &panels {
            draw(&area, panel, top, theme)?;
            top += panel.height();
        }
        area.present()?;
    }
    Ok(svg)
}

fn cold(tables: &[Table]) -> Option<Panel> {
    let table = find(tables, "Cold, over HTTPS")?;
    let bar = |(name, _): &(String, _)| {
        let start = table.value(name, "start ms")?;
        let turn = table.value(name, "turn ms")?;
        Some(Bar {
            name: name.clone(),
            parts: vec![start, turn],
            text: format!("{start:.1} + {turn:.1} ms"),
        })
    };
    Some(Panel {
        title: "Cold, over HTTPS: start of the process, and first turn".to_owned(),
        bars: table.rows.iter().map(bar).collect::<Option<_>>()?,
    })
}

fn warm(tables: &[Table]) -> Option<Panel> {
    let table = find(tables, "Warm, over HTTP")?;
    let bar = |(name, _): &(String, _)| {
        let p50 = table.value(name, "p50 us")? / 1e3;
        Some(Bar {
            name: name.clone(),
            parts: vec![p50],
            text: format!("{p50:.2} ms"),
        })
    };
    Some(Panel {
        title: "Warm, over HTTP: median turn".to_owned(),
        bars: table.rows.iter().map(bar).collect::<Option<_>>()?,
    })
}

fn find<'a>(tables: &'a [Table], title: &str) -> Option<&'a Table> {
    tables.iter().find(|table| table.title == title)
}

fn draw(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    panel: &Panel,
    top: i32,
    theme: Theme,
) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
    let text = |size: u32, side| {
        let style = ("sans-serif", size).into_font().color(&theme.ink());
        style.pos(Pos::new(side, VPos::Center))
    };
    let title = text(20, HPos::Left);
    area.draw(&Text::new(panel.title.clone(), (24, top + 26), title))?;
    let scale = f64::from(BARS.1 - BARS.0 - 100) / panel.longest();
    let mut middle = top + HEAD + ROW / 2;
    for bar in &panel.bars {
        let name = text(15, HPos::Right);
        area.draw(&Text::new(bar.name.clone(), (BARS.0 - 10, middle), name))?;
        let (mut left, mut sum) = (BARS.0, 0.0);
        for (part, value) in bar.parts.iter().enumerate() {
            sum += value;
            let right = BARS.0 + ((sum * scale) as i32).max(1);
            let corners = [(left, middle - 9), (right, middle + 9)];
            area.draw(&Rectangle::new(corners, theme.bar(part).filled()))?;
            left = right;
        }
        let value = text(15, HPos::Left);
        area.draw(&Text::new(bar.text.clone(), (left + 8, middle), value))?;
        middle += ROW;
    }
    Ok(())
}
