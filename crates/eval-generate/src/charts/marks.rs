//! Bars, lines, areas and points.

use super::{
    chart::{Chart, Form, is_stack},
    plot::{Plot, text},
};
use crate::svg::{Path, Svg, TextStyle, count, fill, stroke};

/// Draws the marks and, where wanted, their values.
pub fn draw(svg: &mut Svg, chart: &Chart, plot: Plot) {
    match chart.form {
        Form::Horizontal => horizontal(svg, chart, plot),
        Form::Bar | Form::Grouped => bars(svg, chart, plot),
        Form::Stacked => stacks(svg, chart, plot),
        Form::Area => areas(svg, chart, plot),
        Form::Scatter => points(svg, chart, plot),
        Form::Line | Form::MultiLine | Form::Pie | Form::Donut => lines(svg, chart, plot),
    }
}

/// The x of a category.
pub fn across(chart: &Chart, plot: Plot, at: usize) -> f64 {
    let all = chart.categories.len();
    if chart.form == Form::Area {
        plot.x + plot.width * count(at) / count(all - 1)
    } else {
        plot.x + plot.width * (count(at) + 0.5) / count(all)
    }
}

/// How the line of a series is drawn.
pub fn line_style(chart: &Chart, series: usize, colour: &str) -> String {
    // Papers print in black and white: lines differ by their dashes.
    let dashes =
        ["", " stroke-dasharray=\"7 4\"", " stroke-dasharray=\"2 3\"", " stroke-dasharray=\"9 3 2 3\""];
    let grey = chart.look.bar_outline == Some("#000000");
    let (colour, dash) = if grey { ("#000000", dashes[series % dashes.len()]) } else { (colour, "") };
    format!("{} stroke-linejoin=\"round\"{dash}", stroke(colour, chart.look.line_width))
}

/// The point of a series.
pub fn marker(svg: &mut Svg, chart: &Chart, series: usize, x: f64, y: f64, colour: &str) {
    let grey = chart.look.bar_outline == Some("#000000");
    let style = fill(if grey { "#000000" } else { colour });
    let size = 2.0 + chart.look.line_width;
    match if grey { series % 4 } else { 0 } {
        0 => svg.circle(x, y, size, &style),
        1 => svg.rect(x - size, y - size, 2.0 * size, 2.0 * size, &style),
        2 => svg.polygon(&[(x - size, y + size), (x + size, y + size), (x, y - size * 1.2)], &style),
        _ => {
            let far = size * 1.3;
            svg.polygon(&[(x - far, y), (x, y - far), (x + far, y), (x, y + far)], &style);
        }
    }
}

fn height(chart: &Chart, plot: Plot, value: f64) -> f64 {
    plot.bottom() - chart.axis.share(value) * plot.height
}

/// The style of value labels.
fn value_text(chart: &Chart) -> TextStyle<'static> {
    TextStyle { colour: chart.look.text, ..text(chart) }.size(chart.font_size - 1.0)
}

fn bar(svg: &mut Svg, chart: &Chart, x: f64, y: f64, width: f64, height: f64, colour: &str) {
    let outline = chart.look.bar_outline.map_or(String::new(), |line| format!(" stroke=\"{line}\""));
    let style = format!("{}{outline}", fill(colour));
    if chart.look.bar_radius > 0.0 && chart.form != Form::Stacked {
        svg.rounded(x, y, width, height, chart.look.bar_radius, &style);
    } else {
        svg.rect(x, y, width, height, &style);
    }
}

fn bars(svg: &mut Svg, chart: &Chart, plot: Plot) {
    let slot = plot.width / count(chart.categories.len());
    let width = slot * chart.look.bar / count(chart.series.len());
    let style = value_text(chart);
    let widest = chart.values().map(|value| style.width(&chart.label(value))).fold(0.0, f64::max);
    let base = height(chart, plot, chart.axis.base());
    for (at, series) in chart.series.iter().enumerate() {
        for (category, value) in series.values.iter().enumerate() {
            let Some(value) = *value else { continue };
            let left = across(chart, plot, category) - slot * chart.look.bar / 2.0 + width * count(at);
            let end = height(chart, plot, value);
            bar(svg, chart, left, end.min(base), width, (end - base).abs(), chart.colour(at));
            if chart.printed {
                let (x, label) = (left + width / 2.0, chart.label(value));
                let pitch = if chart.series.len() == 1 { slot } else { width };
                if widest > pitch - 2.0 {
                    let style = if value < 0.0 { style.end() } else { style };
                    let y = if value < 0.0 { end + 4.0 } else { end - 4.0 };
                    svg.text_up(x + style.size * 0.35, y, &label, &style);
                } else {
                    let y = if value < 0.0 { end + style.size + 1.0 } else { end - 5.0 };
                    svg.text(x, y, &label, &style.middle());
                }
            }
        }
    }
}

fn horizontal(svg: &mut Svg, chart: &Chart, plot: Plot) {
    let slot = plot.height / count(chart.categories.len());
    let thick = slot * chart.look.bar.min(0.78) / count(chart.series.len());
    let style = value_text(chart);
    let across = |value: f64| plot.x + chart.axis.share(value) * plot.width;
    let base = across(chart.axis.base());
    for (at, series) in chart.series.iter().enumerate() {
        for (category, value) in series.values.iter().enumerate() {
            let Some(value) = *value else { continue };
            let top = plot.y + slot * (count(category) + 0.5) - thick * count(chart.series.len()) / 2.0
                + thick * count(at);
            let end = across(value);
            bar(svg, chart, end.min(base), top, (end - base).abs(), thick, chart.colour(at));
            if chart.printed {
                let y = top + thick / 2.0 + style.size * 0.35;
                let label = chart.label(value);
                if value < 0.0 {
                    svg.text(end - 5.0, y, &label, &style.end());
                } else {
                    svg.text(end + 5.0, y, &label, &style);
                }
            }
        }
    }
}

fn stacks(svg: &mut Svg, chart: &Chart, plot: Plot) {
    let slot = plot.width / count(chart.categories.len());
    let width = slot * chart.look.bar;
    let style = value_text(chart);
    for category in 0..chart.categories.len() {
        let left = across(chart, plot, category) - width / 2.0;
        let mut sum = 0.0;
        for (at, series) in chart.series.iter().enumerate() {
            let Some(value) = series.values[category] else { continue };
            let (top, bottom) = (height(chart, plot, sum + value), height(chart, plot, sum));
            bar(svg, chart, left, top, width, bottom - top, chart.colour(at));
            if chart.printed {
                let ink = readable_on(chart.colour(at));
                let y = (top + bottom) / 2.0 + style.size * 0.35;
                svg.text(left + width / 2.0, y, &chart.label(value), &style.middle().colour(ink));
            }
            sum += value;
        }
    }
}

fn areas(svg: &mut Svg, chart: &Chart, plot: Plot) {
    let base = chart.axis.base();
    let mut below: Vec<f64> = vec![base; chart.categories.len()];
    for (at, series) in chart.series.iter().enumerate() {
        let stack = is_stack(chart) && at > 0;
        let tops: Vec<f64> = series
            .values
            .iter()
            .zip(&below)
            .map(|(value, under)| value.unwrap_or(0.0) + if stack { *under } else { 0.0 })
            .collect();
        let point =
            |(category, value): (usize, &f64)| (across(chart, plot, category), height(chart, plot, *value));
        let upper: Vec<(f64, f64)> = tops.iter().enumerate().map(point).collect();
        let lower = below.iter().enumerate().map(point).rev();
        let outline: Vec<(f64, f64)> = upper.iter().copied().chain(lower).collect();
        let opacity = if is_stack(chart) { 0.9 } else { 0.45 };
        let style = format!("{} fill-opacity=\"{opacity}\"", fill(chart.colour(at)));
        svg.polygon(&outline, &style);
        svg.polyline(&upper, &line_style(chart, at, chart.colour(at)));
        below = tops;
        if chart.printed {
            let style = value_text(chart);
            for ((x, y), value) in upper.iter().zip(series.values.iter().flatten()) {
                svg.circle(*x, *y, 3.0, &fill(chart.colour(at)));
                let style = if *x < plot.x + 4.0 { style } else { style.middle() };
                let style = if *x > plot.right() - 4.0 { style.end() } else { style };
                svg.text(*x, y - 8.0, &chart.label(*value), &style);
            }
        }
    }
}

fn lines(svg: &mut Svg, chart: &Chart, plot: Plot) {
    for (at, series) in chart.series.iter().enumerate() {
        let point = |(category, value): (usize, &Option<f64>)| {
            value.map(|value| (across(chart, plot, category), height(chart, plot, value)))
        };
        let points: Vec<Option<(f64, f64)>> = series.values.iter().enumerate().map(point).collect();
        for piece in points.split(Option::is_none) {
            let piece: Vec<(f64, f64)> = piece.iter().flatten().copied().collect();
            svg.path(&Path::through(&piece), &line_style(chart, at, chart.colour(at)));
        }
        for (x, y) in points.iter().flatten() {
            if chart.look.markers || chart.printed {
                marker(svg, chart, at, *x, *y, chart.colour(at));
            }
        }
        if chart.printed {
            line_labels(svg, chart, plot, at, &points);
        }
    }
}

fn line_labels(svg: &mut Svg, chart: &Chart, plot: Plot, series: usize, points: &[Option<(f64, f64)>]) {
    let style = value_text(chart);
    let heights: Vec<f64> = points.iter().map(|point| point.map_or(f64::MAX, |point| point.1)).collect();
    for (at, (point, value)) in points.iter().zip(&chart.series[series].values).enumerate() {
        let (Some((x, y)), Some(value)) = (point, value) else { continue };
        // In a valley the line itself would run through a label above the point.
        let neighbours =
            [at.checked_sub(1), Some(at + 1)].map(|near| near.and_then(|near| heights.get(near)));
        let valley = neighbours.iter().flatten().all(|near| **near <= *y);
        let others: Vec<f64> = chart.series.iter().filter_map(|other| other.values[at]).collect();
        let lower_of_two = others.len() > 1 && others.iter().all(|other| other >= value);
        let below = if others.len() > 1 { lower_of_two } else { valley };
        let below = below && y + style.size + 6.0 < plot.bottom();
        let y = if below { y + style.size + 6.0 } else { y - 9.0 };
        svg.text(*x, y, &chart.label(*value), &style.middle());
    }
}

fn points(svg: &mut Svg, chart: &Chart, plot: Plot) {
    let Some(x_axis) = &chart.x_axis else { return };
    for (x, y) in chart.categories.iter().zip(&chart.series[0].values) {
        let (Ok(x), Some(y)) = (x.parse::<f64>(), y) else { continue };
        let (x, y) = (plot.x + x_axis.share(x) * plot.width, height(chart, plot, *y));
        let style = format!("{} fill-opacity=\"0.85\"", fill(chart.colour(0)));
        svg.circle(x, y, 5.0, &style);
    }
}

/// Black or white, whatever can be read on a colour.
pub fn readable_on(colour: &str) -> &'static str {
    let channel = |at: usize| u32::from_str_radix(&colour[at..at + 2], 16).unwrap_or(0);
    let light = 299 * channel(1) + 587 * channel(3) + 114 * channel(5);
    if light > 150_000 { "#111111" } else { "#ffffff" }
}
