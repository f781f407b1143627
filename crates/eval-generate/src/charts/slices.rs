//! Pies and donuts.

use std::f64::consts::TAU;

use super::{
    chart::{Chart, Form},
    marks::readable_on,
    plot::{Plot, text},
};
use crate::svg::{Path, Svg, TextStyle, fill};

/// Draws the slices clockwise from twelve o'clock, with their labels.
pub fn draw(svg: &mut Svg, chart: &Chart, room: Plot) {
    let labelled_outside = chart.legend.is_none();
    let style = text(chart);
    let margin = if labelled_outside { style.size * 2.0 + 18.0 } else { 16.0 };
    let side = if labelled_outside {
        let widest = chart.categories.iter().map(|name| style.width(name)).fold(60.0, f64::max);
        room.width / 2.0 - widest - 18.0
    } else {
        room.width / 2.0 - 10.0
    };
    let circle = Circle {
        x: room.x + room.width / 2.0,
        y: room.y + room.height / 2.0,
        radius: (room.height / 2.0 - margin).min(side),
        hole: if chart.form == Form::Donut { 0.58 } else { 0.0 },
    };
    let total: f64 = chart.values().sum();
    let mut from = 0.0;
    for (at, value) in chart.values().enumerate() {
        let to = from + value / total;
        let colour = chart.colour(at);
        let outline = chart.look.bar_outline.unwrap_or(chart.look.page);
        let style = format!("{} stroke=\"{outline}\" stroke-width=\"1.5\"", fill(colour));
        svg.path(&circle.slice(from, to), &style);
        label(svg, chart, &circle, at, value, (from, to), colour);
        from = to;
    }
}

fn label(
    svg: &mut Svg,
    chart: &Chart,
    circle: &Circle,
    at: usize,
    value: f64,
    (from, to): (f64, f64),
    colour: &str,
) {
    let style = text(chart);
    let number = TextStyle { colour: chart.look.text, ..style };
    let middle = (from + to) / 2.0;
    let name = &chart.categories[at];
    if chart.legend.is_none() {
        let (x, y) = circle.point(middle, circle.radius + 12.0);
        let style = beside(style, x, circle.x);
        let number = beside(number, x, circle.x);
        if chart.printed {
            let up = if y < circle.y { style.size * 0.6 } else { 0.0 };
            svg.text(x, y - up, name, &style);
            svg.text(x, y - up + style.size + 2.0, &chart.label(value), &number.bold());
        } else {
            svg.text(x, y + style.size * 0.35, name, &style);
        }
    } else if chart.printed && to - from > 0.055 {
        let (x, y) = circle.point(middle, circle.radius * (1.0 + circle.hole) / 2.0 * 1.08);
        let ink = number.colour(readable_on(colour)).middle();
        svg.text(x, y + ink.size * 0.35, &chart.label(value), &ink);
    } else if chart.printed {
        let (x, y) = circle.point(middle, circle.radius + 10.0);
        svg.text(x, y + number.size * 0.35, &chart.label(value), &beside(number, x, circle.x));
    }
}

/// A text that grows away from the circle.
fn beside(style: TextStyle<'static>, x: f64, centre: f64) -> TextStyle<'static> {
    match x - centre {
        offset if offset.abs() < 12.0 => style.middle(),
        offset if offset < 0.0 => style.end(),
        _ => style,
    }
}

struct Circle {
    x: f64,
    y: f64,
    radius: f64,
    /// Radius of the hole as a share of the radius.
    hole: f64,
}

impl Circle {
    /// The point at a share of the way around.
    fn point(&self, share: f64, radius: f64) -> (f64, f64) {
        let angle = share * TAU;
        (self.x + radius * libm::sin(angle), self.y - radius * libm::cos(angle))
    }

    fn slice(&self, from: f64, to: f64) -> Path {
        let mut path = Path::new();
        let (x, y) = self.point(from, self.radius);
        path.to(x, y);
        self.arc(&mut path, from, to, self.radius);
        if self.hole > 0.0 {
            let (x, y) = self.point(to, self.radius * self.hole);
            path.line(x, y);
            self.arc(&mut path, to, from, self.radius * self.hole);
        } else {
            path.line(self.x, self.y);
        }
        path.close();
        path
    }

    /// An arc of cubic curves, each at most an eighth of the circle.
    fn arc(&self, path: &mut Path, from: f64, to: f64, radius: f64) {
        let pieces = ((to - from).abs() * 8.0).ceil().max(1.0);
        let turn = (to - from) / pieces;
        let reach = 4.0 / 3.0 * libm::tan(turn * TAU / 4.0) * radius;
        let mut at = from;
        for _ in 0..8 {
            if (at - to).abs() < 1e-9 {
                break;
            }
            let (next, quarter) = (at + turn, 0.25);
            let along = |share: f64| {
                let (x, y) = self.point(share + quarter, reach);
                (x - self.x, y - self.y)
            };
            let ((x1, y1), (x2, y2)) = (self.point(at, radius), self.point(next, radius));
            let ((dx1, dy1), (dx2, dy2)) = (along(at), along(next));
            path.curve(x1 + dx1, y1 + dy1, x2 - dx2, y2 - dy2, x2, y2);
            at = next;
        }
    }
}
