//! Draws a figure as SVG, once for a light page and once for a dark one.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::element::DashedPathElement;
use plotters::prelude::*;

use super::{Axis, Figure, Legend, Style};
use crate::error::{Error, Result};
use crate::node_id::NodeId;

/// Width and height in pixels.
const SIZE: (u32, u32) = (860, 520);

/// What the page around a figure looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on white.
    Light,
    /// Light text on nearly black.
    Dark,
}

impl Theme {
    /// Both, each with the word that ends its files' names.
    pub const ALL: [(Theme, &'static str); 2] = [(Theme::Light, "light"), (Theme::Dark, "dark")];

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

    fn grid(self) -> RGBColor {
        match self {
            Theme::Light => RGBColor(0xd9, 0xe0, 0xe7),
            Theme::Dark => RGBColor(0x2e, 0x39, 0x45),
        }
    }

    /// Colours that differ in brightness too.
    fn colour(self, series: usize) -> RGBColor {
        let light = [
            RGBColor(0x0a, 0x5f, 0x7d),
            RGBColor(0xc2, 0x4a, 0x0a),
            RGBColor(0x6a, 0x3d, 0x9a),
            RGBColor(0x17, 0x69, 0x2e),
            RGBColor(0x8a, 0x6a, 0x00),
        ];
        let dark = [
            RGBColor(0x74, 0xc7, 0xe3),
            RGBColor(0xff, 0xa3, 0x6b),
            RGBColor(0xd8, 0xa4, 0xf0),
            RGBColor(0x8f, 0xd6, 0xa0),
            RGBColor(0xf0, 0xd0, 0x78),
        ];
        match self {
            Theme::Light => light[series % light.len()],
            Theme::Dark => dark[series % dark.len()],
        }
    }
}

impl Theme {
    /// What is drawn on, as SVG writes it.
    pub(crate) fn paper_code(self) -> String {
        code(self.paper())
    }

    /// What text is written with.
    pub(crate) fn ink_code(self) -> String {
        code(self.ink())
    }

    /// A colour for each of the first nodes.
    pub(crate) fn node_code(self, node: NodeId) -> String {
        code(self.colour(node.index()))
    }
}

fn code(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

impl Legend {
    fn position(self) -> SeriesLabelPosition {
        match self {
            Legend::UpperLeft => SeriesLabelPosition::UpperLeft,
            Legend::UpperRight => SeriesLabelPosition::UpperRight,
            Legend::LowerRight => SeriesLabelPosition::LowerRight,
        }
    }
}

/// An axis as the drawing library wants it.
impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (first, last): (i32, i32)) -> i32 {
        let place = |value: f64| match self.logarithmic {
            true => libm::log10(value),
            false => value,
        };
        let ends = self.range();
        let (start, end) = (place(ends.start), place(ends.end));
        let share = (place(*value) - start) / (end - start);
        first + libm::round(share * f64::from(last - first)) as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        match hint.weight().allow_light_points() {
            true => Vec::new(),
            false => self.ticks.clone(),
        }
    }

    fn range(&self) -> Range<f64> {
        let first = self.ticks.first().copied().unwrap_or(0.0);
        first..self.ticks.last().copied().unwrap_or(1.0)
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, tick: &f64) -> String {
        let text = format!("{tick:.*}", self.decimals);
        // Beside 0.01 a logarithmic axis has 100, which needs no decimals.
        match self.logarithmic && text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text,
        }
    }
}

impl Figure {
    /// The figure as SVG.
    ///
    /// # Errors
    ///
    /// [`Error::Drawing`] when the drawing library fails.
    pub fn svg(&self, theme: Theme) -> Result<String> {
        let mut svg = String::new();
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        self.draw(&area, theme).map_err(|error| Error::Drawing {
            name: self.name.to_owned(),
            reason: error.to_string(),
        })?;
        drop(area);
        Ok(svg)
    }

    fn draw(
        &self,
        area: &DrawingArea<SVGBackend<'_>, Shift>,
        theme: Theme,
    ) -> std::result::Result<(), DrawingAreaErrorKind<std::io::Error>> {
        let text = |size: u32| ("sans-serif", size).into_font().color(&theme.ink());
        area.fill(&theme.paper())?;
        let mut chart = ChartBuilder::on(area)
            .margin(18)
            .margin_right(36)
            .caption(self.title, text(21))
            .x_label_area_size(52)
            .y_label_area_size(72)
            .build_cartesian_2d(self.x.clone(), self.y.clone())?;
        chart
            .configure_mesh()
            .axis_style(theme.ink())
            .bold_line_style(theme.grid())
            .light_line_style(TRANSPARENT)
            .label_style(text(15))
            .axis_desc_style(text(16))
            .x_desc(self.x.label)
            .y_desc(self.y.label)
            .draw()?;
        for series in &self.series {
            let colour = theme.colour(series.colour);
            let line = colour.stroke_width(2);
            let points = series.points.iter().copied();
            let drawn = match series.style {
                Style::Line => chart.draw_series(LineSeries::new(points, line))?,
                Style::Dashes => chart.draw_series(DashedLineSeries::new(points, 7, 5, line))?,
                Style::Circles => {
                    let circle = |point| Circle::new(point, 5, line);
                    chart.draw_series(points.map(circle))?
                }
            };
            let style = series.style;
            drawn.label(&series.name).legend(move |(x, y)| match style {
                Style::Circles => Circle::new((x + 12, y), 5, line).into_dyn(),
                Style::Line => PathElement::new([(x, y), (x + 24, y)], line).into_dyn(),
                Style::Dashes => {
                    DashedPathElement::new([(x, y), (x + 24, y)], 7, 5, line).into_dyn()
                }
            });
        }
        chart
            .configure_series_labels()
            .position(self.legend.position())
            .background_style(theme.paper())
            .border_style(theme.grid())
            .label_font(text(15))
            .legend_area_size(34)
            .margin(8)
            .draw()?;
        area.present()?;
        Ok(())
    }
}
