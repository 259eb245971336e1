//! Both graphs as SVG: cumulative percent of trials over the time without a leader, as published.
//!
//! A ring marks a value that the paper states, in the colour of its curve.

use std::collections::BTreeSet;
use std::io;

use plotters::coord::Shift;
use plotters::coord::combinators::IntoLogRange;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::curve::Curve;
use crate::experiment::Experiment;
use crate::setup::{LOWER, Timeouts, UPPER};

/// Which of the two graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Graph {
    /// More and more randomness.
    Upper,
    /// Longer and longer timeouts.
    Lower,
}

/// The size on the page. It is drawn larger, since the backend knows only whole units.
const SIZE: (u32, u32) = (960, 440);
const SCALE: u32 = 4;
const LEGEND_WIDTH: u32 = 150 * SCALE;
/// Room above 100 %, so that a curve's end is seen.
const TOP: f64 = 103.0;
const FONT: &str = "Helvetica, Arial, sans-serif";
const INK: RGBColor = RGBColor(40, 40, 40);
const GRID: RGBColor = RGBColor(225, 225, 225);

impl Graph {
    fn curves(self) -> &'static [Timeouts] {
        match self {
            Self::Upper => &UPPER,
            Self::Lower => &LOWER,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Upper => "More randomness in the election timeout, fewer split votes",
            Self::Lower => "Shorter election timeouts, shorter downtime",
        }
    }

    fn range_ms(self) -> std::ops::Range<f64> {
        match self {
            Self::Upper => 50.0..100_000.0,
            Self::Lower => 10.0..1_000.0,
        }
    }
}

/// A colour that tells curves apart also for the colour-blind (Okabe and Ito).
fn colour(timeouts: Timeouts) -> RGBColor {
    match (timeouts.min_ms, timeouts.max_ms) {
        (150, 300) => BLACK,
        (150, 150) | (12, 24) => RGBColor(213, 94, 0),
        (150, 151) | (25, 50) => RGBColor(230, 159, 0),
        (150, 155) | (50, 100) => RGBColor(0, 158, 115),
        (150, 175) | (100, 200) => RGBColor(0, 114, 178),
        _ => RGBColor(204, 121, 167),
    }
}

/// Draws a graph.
///
/// # Errors
/// If the plotting library fails.
pub fn svg(experiment: &Experiment, graph: Graph) -> io::Result<String> {
    let mut text = String::new();
    {
        let drawn = (SIZE.0 * SCALE, SIZE.1 * SCALE);
        let area = SVGBackend::with_string(&mut text, drawn).into_drawing_area();
        draw(&area, experiment, graph).map_err(|error| io::Error::other(error.to_string()))?;
    }
    Ok(at_page_size(&without_repeats(&text)))
}

/// The library draws a label twice where two decades meet, a hair apart; it would look bold.
fn without_repeats(text: &str) -> String {
    let mut seen = BTreeSet::new();
    let mut kept = String::new();
    for piece in text.split_inclusive("</text>\n") {
        let (before, label) = piece.split_at(piece.rfind("<text ").unwrap_or(piece.len()));
        kept.push_str(before);
        // What follows the first attribute, x: height and words.
        let words = label.split_once("\" y=").map_or(label, |(_, rest)| rest);
        if label.is_empty() || seen.insert(words) {
            kept.push_str(label);
        }
    }
    kept
}

/// The same picture, shown at its size on the page.
fn at_page_size(text: &str) -> String {
    let attributes = |scale| format!(r#"width="{}" height="{}""#, SIZE.0 * scale, SIZE.1 * scale);
    text.replacen(&attributes(SCALE), &attributes(1), 1)
}

/// A length on the page as it is drawn.
const fn drawn(length: i32) -> i32 {
    length * SCALE as i32
}

fn font(size: i32) -> TextStyle<'static> {
    (FONT, drawn(size)).into_font().color(&INK)
}

fn stroke(colour: RGBColor, width: u32) -> ShapeStyle {
    colour.stroke_width(width * SCALE)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

fn draw(area: &Area<'_>, experiment: &Experiment, graph: Graph) -> Drawn {
    area.fill(&WHITE)?;
    let (plot, legend) = area.split_horizontally(SIZE.0 * SCALE - LEGEND_WIDTH);
    let of_graph = graph.curves().iter().filter_map(|timeouts| experiment.curve(*timeouts));
    let curves: Vec<&Curve> = of_graph.collect();
    draw_curves(&plot, &curves, graph)?;
    draw_legend(&legend, &curves)?;
    area.present()
}

fn draw_curves(area: &Area<'_>, curves: &[&Curve], graph: Graph) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .caption(graph.title(), font(18))
        .margin(drawn(12))
        .margin_right(drawn(20))
        .x_label_area_size(drawn(50))
        .y_label_area_size(drawn(64))
        .build_cartesian_2d(graph.range_ms().log_scale(), 0.0..TOP)?;
    chart
        .configure_mesh()
        .bold_line_style(stroke(GRID, 1))
        .light_line_style(TRANSPARENT)
        .axis_style(stroke(INK, 1))
        .set_all_tick_mark_size(drawn(5))
        .x_desc("time without leader (logarithmic)")
        .y_desc("cumulative percent of trials")
        .axis_desc_style(font(15))
        .label_style(font(14))
        .x_labels(40)
        .y_labels(6)
        .x_label_formatter(&|ms| axis_label(*ms))
        .y_label_formatter(&|percent| format!("{percent:.0} %"))
        .draw()?;
    let end = graph.range_ms().end;
    for curve in curves {
        let style = stroke(colour(curve.timeouts()), 2);
        chart.draw_series(LineSeries::new(steps(curve, end), style))?;
    }
    for curve in curves {
        let style = stroke(colour(curve.timeouts()), 2);
        let rings = published_points(curve).map(|point| {
            EmptyElement::at(point)
                + Circle::new((0, 0), drawn(6), WHITE.mix(0.8).filled())
                + Circle::new((0, 0), drawn(6), style)
        });
        chart.draw_series(rings)?;
    }
    Ok(())
}

/// The curve from 0 % on. Points that would fall on the same pixel are left out.
fn steps(curve: &Curve, end: f64) -> Vec<(f64, f64)> {
    const PIXEL: f64 = 1.002;
    let mut points: Vec<(f64, f64)> = Vec::new();
    let start = curve.cumulative().next().map(|(ms, _)| (ms, 0.0));
    let all = start.into_iter().chain(curve.cumulative()).filter(|(ms, _)| *ms <= end);
    for point in all {
        match points.as_mut_slice() {
            [_, .., last] if point.0 < last.0 * PIXEL && point.1 < last.1 + 0.2 => {}
            _ => points.push(point),
        }
    }
    points.extend(curve.cumulative().last().filter(|(ms, _)| *ms <= end));
    points
}

/// Where the published values lie that have a place on the graph; a mean has none.
fn published_points(curve: &Curve) -> impl Iterator<Item = (f64, f64)> + use<> {
    let published = curve.published;
    let points =
        [(published.least_ms, 0.0), (published.median_ms, 50.0), (published.worst_ms, 100.0)];
    points.into_iter().filter_map(|(ms, percent)| Some((ms?, percent)))
}

/// Labels 1, 2 and 5 of each decade.
fn axis_label(ms: f64) -> String {
    let digit = ms / 10_f64.powf(ms.log10().floor());
    if ![1.0, 2.0, 5.0].iter().any(|labelled| (digit - labelled).abs() < 0.01) {
        return String::new();
    }
    if ms >= 1_000.0 { format!("{} s", ms / 1_000.0) } else { format!("{ms} ms") }
}

fn draw_legend(area: &Area<'_>, curves: &[&Curve]) -> Drawn {
    let text = font(14).pos(Pos::new(HPos::Left, VPos::Center));
    let (start, end, words) = (drawn(4), drawn(32), drawn(42));
    let mut y = drawn(64);
    area.draw(&Text::new("election timeout", (start, y), text.clone()))?;
    for curve in curves {
        y += drawn(24);
        let line = vec![(start, y), (end, y)];
        area.draw(&PathElement::new(line, stroke(colour(curve.timeouts()), 3)))?;
        area.draw(&Text::new(format!("{} ms", curve.timeouts()), (words, y), text.clone()))?;
    }
    y += drawn(34);
    area.draw(&Circle::new(((start + end) / 2, y), drawn(6), stroke(INK, 2)))?;
    area.draw(&Text::new("published", (words, y), text))?;
    Ok(())
}
