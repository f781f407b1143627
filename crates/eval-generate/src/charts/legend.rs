//! Legends: which colour is which series or slice.

use super::{
    chart::{Chart, Form},
    look::Legend,
    marks,
    plot::{Plot, text},
};
use crate::svg::{Svg, TextStyle, count, fill};

/// Draws the legend around the plot and takes its room.
pub fn draw(svg: &mut Svg, chart: &Chart, legend: Legend, room: &mut Plot) {
    let style = text(chart);
    let keys = keys(chart);
    let widest = keys.iter().map(|(name, _)| style.width(name)).fold(0.0, f64::max);
    let line = style.size + 9.0;
    match legend {
        Legend::Inside => {}
        Legend::Right => {
            let width = widest + 34.0;
            let mut y = room.y + room.height / 2.0 - line * count(keys.len()) / 2.0 + style.size;
            for (name, colour) in keys {
                key(svg, chart, room.right() - width + 12.0, y, name, colour);
                y += line;
            }
            room.width -= width;
        }
        Legend::Top | Legend::Bottom => {
            let rows = rows_of_keys(&keys, &style, room.width);
            let mut y = match legend {
                Legend::Top => room.y + style.size,
                _ => room.bottom() - line * count(rows.len() - 1) - 2.0,
            };
            for row in &rows {
                let width: f64 = row.iter().map(|(name, _)| key_width(&style, name)).sum();
                let centred = legend == Legend::Bottom || !chart.look.title_left;
                let mut x = if centred { room.x + (room.width - width) / 2.0 } else { room.x };
                for (name, colour) in row {
                    key(svg, chart, x, y, name, colour);
                    x += key_width(&style, name);
                }
                y += line;
            }
            let taken = line * count(rows.len()) + 4.0;
            room.height -= taken;
            if legend == Legend::Top {
                room.y += taken;
            }
        }
    }
}

/// Draws the legend over the upper left of the plot.
pub fn inside(svg: &mut Svg, chart: &Chart, plot: Plot) {
    let style = text(chart);
    let keys = keys(chart);
    let widest = keys.iter().map(|(name, _)| style.width(name)).fold(0.0, f64::max);
    let line = style.size + 6.0;
    let (x, y) = (plot.x + 12.0, plot.y + 10.0);
    let page = chart.look.plot.unwrap_or(chart.look.page);
    let frame = format!("fill=\"{page}\" fill-opacity=\"0.85\" stroke=\"#bfbfbf\"");
    svg.rounded(x, y, widest + 38.0, line * count(keys.len()) + 9.0, 3.0, &frame);
    for (at, (name, colour)) in keys.into_iter().enumerate() {
        key(svg, chart, x + 7.0, y + style.size + 4.0 + line * count(at), name, colour);
    }
}

/// The names and colours a legend shows.
fn keys(chart: &Chart) -> Vec<(&str, &'static str)> {
    let names: Vec<&str> = if chart.form.is_round() {
        chart.categories.iter().map(String::as_str).collect()
    } else {
        chart.series.iter().map(|series| series.name.as_str()).collect()
    };
    names.into_iter().enumerate().map(|(at, name)| (name, chart.colour(at))).collect()
}

fn rows_of_keys<'a>(
    keys: &[(&'a str, &'static str)],
    style: &TextStyle<'_>,
    width: f64,
) -> Vec<Vec<(&'a str, &'static str)>> {
    let mut rows = vec![vec![]];
    let mut used = 0.0;
    for key in keys {
        let needed = key_width(style, key.0);
        if used + needed > width && used > 0.0 {
            rows.push(vec![]);
            used = 0.0;
        }
        used += needed;
        rows.last_mut().expect("there is always a row").push(*key);
    }
    rows
}

fn key_width(style: &TextStyle<'_>, name: &str) -> f64 {
    style.width(name) + 38.0
}

fn key(svg: &mut Svg, chart: &Chart, x: f64, baseline: f64, name: &str, colour: &'static str) {
    let style = text(chart);
    let middle = baseline - style.size * 0.36;
    if matches!(chart.form, Form::Line | Form::MultiLine) {
        let at = keys(chart).iter().position(|(key, _)| *key == name).unwrap_or_default();
        svg.line(x, middle, x + 18.0, middle, &marks::line_style(chart, at, colour));
        if chart.look.markers {
            marks::marker(svg, chart, at, x + 9.0, middle, colour);
        }
    } else if chart.look.bar_radius > 0.0 {
        svg.circle(x + 9.0, middle, 5.0, &fill(colour));
    } else {
        let outline = chart.look.bar_outline.unwrap_or(colour);
        svg.rect(x + 4.0, middle - 5.5, 11.0, 11.0, &format!("{} stroke=\"{outline}\"", fill(colour)));
    }
    svg.text(x + 23.0, baseline, name, &style);
}
