//! Measures bars, lines and areas: pixels of a series' colour at each category.

use image::RgbImage;

use crate::geometry::Rect;

use super::Chart;
use super::categories::{Place, step};
use super::colour::{self, Colour, Key, is, tolerance};

/// One value as drawn: where it ends and what the axis says there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    pub x: f32,
    pub y: f32,
    /// The other end of a bar.
    pub base: f32,
    pub value: f64,
}

/// The marks of each series at each category.
#[derive(Debug)]
pub struct Grid {
    pub form: Form,
    pub marks: Vec<Vec<Option<Mark>>>,
}

/// How values become marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Bars,
    Stack,
    Lines,
    /// Each area stands on the one before.
    Areas,
}

/// A vertical run of a series' pixels: from, to (exclusive).
type Run = (f32, f32);

struct Canvas<'a> {
    image: &'a RgbImage,
    plot: Rect,
    tolerance: u8,
}

/// Measures all series of a chart with axes.
pub fn measure(chart: &Chart, places: &[Place], keys: &[Key], plot: Rect) -> Grid {
    let background = colour::background(&chart.image, &chart.labels, plot);
    let colours = match keys {
        [_, _, ..] => keys.iter().map(|key| key.colour).collect(),
        _ => vec![
            keys.first()
                .map_or_else(|| colour::main_colour(&chart.image, plot, background), |key| key.colour),
        ],
    };
    let canvas = Canvas { image: &chart.image, plot, tolerance: tolerance(&colours, background) };
    let form = form(&canvas, places, &colours);
    let base = base(chart);
    let marks = match form {
        Form::Lines => colours.iter().map(|colour| line(&canvas, places, *colour, chart)).collect(),
        Form::Areas => areas(&canvas, places, &colours, chart),
        Form::Bars | Form::Stack => bars(&canvas, places, &colours, chart, base, form),
    };
    Grid { form, marks }
}

/// Where bars stand: at zero, or at the end of the axis if zero is not on it.
fn base(chart: &Chart) -> f32 {
    let zero = chart.axis.scale.pixel(0.0);
    let falling = chart.axis.scale.value(chart.axis.low) > chart.axis.scale.value(chart.axis.high);
    let end = if falling { chart.axis.high } else { chart.axis.low };
    if chart.axis.scale.log { end } else { zero.clamp(chart.axis.low, chart.axis.high) }
}

impl Canvas<'_> {
    /// Runs of a colour in one column, gaps as small as `bridge` closed, from the top.
    fn runs(&self, x: f32, colour: Colour, bridge: u32) -> Vec<Run> {
        let x = x.round();
        if x < 0.0 || x >= self.image.width() as f32 {
            return vec![];
        }
        let top = (self.plot.top - 6.0).max(0.0) as u32;
        let bottom = ((self.plot.bottom + 6.0) as u32).min(self.image.height());
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for y in top..bottom {
            if is(self.image.get_pixel(x as u32, y), colour, self.tolerance) {
                match runs.last_mut() {
                    Some((_, end)) if y - *end <= bridge => *end = y + 1,
                    _ => runs.push((y, y + 1)),
                }
            }
        }
        runs.into_iter().map(|(from, to)| (from as f32, to as f32)).collect()
    }

    fn longest(&self, x: f32, colour: Colour, bridge: u32) -> Option<Run> {
        self.runs(x, colour, bridge).into_iter().max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)))
    }
}

/// Bars leave room between categories, lines and areas do not; areas are filled.
fn form(canvas: &Canvas<'_>, places: &[Place], colours: &[Colour]) -> Form {
    let step = step(places);
    let tall = |x: f32| {
        colours
            .iter()
            .filter_map(|colour| canvas.longest(x, *colour, 2))
            .map(|run| run.1 - run.0)
            .fold(0.0, f32::max)
    };
    let between: Vec<f32> = places.windows(2).map(|pair| (pair[0].x + pair[1].x) / 2.0).collect();
    let crossed = between.iter().filter(|x| (-1..=1).any(|d| tall(**x + d as f32) > 0.0)).count();
    let near =
        |place: &Place| (-9..=9).map(|part| tall(place.x + step * 0.045 * part as f32)).fold(0.0, f32::max);
    let tallest = places.iter().map(near).fold(0.0, f32::max);
    let filled = between.iter().filter(|x| tall(**x) > 14.0).count();
    if crossed * 3 < between.len().max(1) * 2 {
        return if tallest > 9.0 || between.is_empty() {
            bars_or_stack(canvas, places, colours)
        } else {
            Form::Lines
        };
    }
    if filled * 2 > between.len() && tallest > 24.0 { Form::Areas } else { Form::Lines }
}

/// Stacked bars share their columns.
fn bars_or_stack(canvas: &Canvas<'_>, places: &[Place], colours: &[Colour]) -> Form {
    let step = step(places);
    let (mut shared, mut alone) = (0, 0);
    for place in places {
        for part in -40..=40 {
            let x = place.x + step * 0.0115 * part as f32;
            let present = colours
                .iter()
                .filter(|colour| canvas.longest(x, **colour, 2).is_some_and(|run| run.1 - run.0 > 2.0))
                .count();
            shared += usize::from(present > 1);
            alone += usize::from(present == 1);
        }
    }
    if shared > alone { Form::Stack } else { Form::Bars }
}

fn bars(
    canvas: &Canvas<'_>,
    places: &[Place],
    colours: &[Colour],
    chart: &Chart,
    base: f32,
    form: Form,
) -> Vec<Vec<Option<Mark>>> {
    let room = step(places);
    let scale = chart.axis.scale;
    // Printed values inside a bar part its pixels.
    let bridge = 22;
    let one = |place: &Place, colour: Colour| -> Option<Mark> {
        let (x, (top, bottom)) = block(canvas, place.x, room, colour, bridge)?;
        if form == Form::Stack {
            let value = (scale.value(top) - scale.value(bottom)).abs();
            return Some(Mark { x, y: (top + bottom) / 2.0, base: bottom, value });
        }
        let (end, foot) =
            if (top - base).abs() >= (bottom - base).abs() { (top, bottom) } else { (bottom, top) };
        Some(Mark { x, y: end, base: foot, value: scale.value(end) })
    };
    colours.iter().map(|colour| places.iter().map(|place| one(place, *colour)).collect()).collect()
}

/// The block of a colour in the room of one category: its middle column and its usual run.
fn block(canvas: &Canvas<'_>, middle: f32, room: f32, colour: Colour, bridge: u32) -> Option<(f32, Run)> {
    let half = (room * 0.5).max(2.0) as i32;
    let mut columns: Vec<(f32, Run)> = (-half..=half)
        .filter_map(|offset| {
            let x = middle + offset as f32;
            canvas.longest(x, colour, bridge).map(|run| (x, run))
        })
        .collect();
    let tallest = columns.iter().map(|(_, run)| run.1 - run.0).fold(0.0, f32::max);
    columns.retain(|(_, run)| run.1 - run.0 >= 0.6 * tallest);
    if columns.len() < 3 {
        return None;
    }
    let median = |pick: fn(&(f32, Run)) -> f32| {
        let mut values: Vec<f32> = columns.iter().map(pick).collect();
        values.sort_by(f32::total_cmp);
        values[values.len() / 2]
    };
    Some((median(|column| column.0), (median(|column| column.1.0), median(|column| column.1.1))))
}

fn line(canvas: &Canvas<'_>, places: &[Place], colour: Colour, chart: &Chart) -> Vec<Option<Mark>> {
    let mut last: Option<f32> = None;
    let ends = places.len().saturating_sub(1);
    let reach = (step(places) * 0.12).clamp(1.0, 5.0) as i32;
    let one = |(at, place): (usize, &Place)| -> Option<Mark> {
        let both = (0..=reach).find_map(|away| {
            let sides = if away == 0 { vec![0.0] } else { vec![-away as f32, away as f32] };
            let found: Vec<f32> =
                sides.iter().filter_map(|side| crossing(canvas, place.x + side, colour, last)).collect();
            (found.len() == sides.len()).then(|| found.iter().sum::<f32>() / found.len() as f32)
        });
        // Where a line starts or ends, or next to a gap, there is only one side: go on as it went.
        let y = both.or_else(|| {
            let sides = match at {
                0 => vec![1.0],
                _ if at == ends => vec![-1.0],
                _ => vec![1.0, -1.0],
            };
            sides.into_iter().find_map(|side| {
                let near = crossing(canvas, place.x + 2.0 * side, colour, last)?;
                let far = crossing(canvas, place.x + 6.0 * side, colour, Some(near))?;
                Some(near + (near - far) / 2.0)
            })
        })?;
        last = Some(y);
        Some(Mark { x: place.x, y, base: y, value: chart.axis.scale.value(y) })
    };
    places.iter().enumerate().map(one).collect()
}

/// The middle of the run that is a line or a point here, not a key of a legend inside the plot.
fn crossing(canvas: &Canvas<'_>, x: f32, colour: Colour, last: Option<f32>) -> Option<f32> {
    let runs = canvas.runs(x, colour, 3);
    let middle = |run: &Run| (run.0 + run.1 - 1.0) / 2.0 + 0.5;
    let longest = runs.iter().map(|run| run.1 - run.0).fold(0.0, f32::max);
    let solid = runs.iter().filter(|run| run.1 - run.0 >= 0.5 * longest);
    match last {
        Some(last) => solid.map(middle).min_by(|a, b| (a - last).abs().total_cmp(&(b - last).abs())),
        None => solid.map(middle).max_by(f32::total_cmp),
    }
}

/// The upper edge of each area; what stands on another one is measured from there.
fn areas(canvas: &Canvas<'_>, places: &[Place], colours: &[Colour], chart: &Chart) -> Vec<Vec<Option<Mark>>> {
    let scale = chart.axis.scale;
    let last = places.len().saturating_sub(1);
    let mut below: Vec<f64> = vec![0.0; places.len()];
    let mut all = Vec::new();
    for colour in colours {
        let edge = |(at, place): (usize, &Place)| -> Option<Mark> {
            // The first and the last point stand on the rim of the plot.
            let inward = if at == 0 {
                2.0
            } else if at == last {
                -2.0
            } else {
                0.0
            };
            let runs = canvas.runs(place.x + inward, *colour, 1);
            let run = runs.iter().find(|run| run.1 - run.0 >= 1.0)?;
            let y = run.0 + (run.1 - run.0).min(2.4) / 2.0;
            Some(Mark { x: place.x, y, base: run.1, value: scale.value(y) })
        };
        let mut series: Vec<Option<Mark>> = places.iter().enumerate().map(edge).collect();
        for (mark, under) in series.iter_mut().zip(&mut below) {
            if let Some(mark) = mark {
                let top = mark.value;
                mark.value = top - *under;
                *under = if colours.len() > 1 { top } else { 0.0 };
            }
        }
        all.push(series);
    }
    all
}
