//! Scatter plots: two axes, and points between them.

use image::RgbImage;

use crate::geometry::Rect;

use super::colour::{self, Colour, is, pixels};
use super::{Chart, Kind, Row, Table, names, rounding};

/// A patch of one colour.
struct Patch {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    area: usize,
}

/// The points, if points are what stands between the axes.
pub fn read(up: &Chart, across: &Chart) -> Option<Table> {
    // The outermost tick labels may have been missed.
    let (wide, high) = (margin(across), margin(up));
    let plot =
        Rect::new(across.axis.low - wide, up.axis.low - high, across.axis.high + wide, up.axis.high + 4.0);
    let background = colour::background(&up.image, &up.labels, plot);
    let colour = colour::main_colour(&up.image, plot, background);
    let patches = patches(&up.image, plot, colour);
    let sizes = || patches.iter().filter(|patch| patch.area > 8);
    let mut areas: Vec<usize> = sizes().map(|patch| patch.area).collect();
    areas.sort_unstable();
    let usual = *areas.get(areas.len() / 3)?;
    let points: Vec<(f32, f32)> =
        sizes().filter(|patch| patch.area * 3 > usual).flat_map(|patch| split(patch, usual)).collect();
    let round = sizes()
        .filter(|patch| (patch.width - patch.height).abs() < 0.35 * patch.width.max(patch.height))
        .count();
    if points.len() < 3 || round * 2 < areas.len() || usual > 900 {
        return None;
    }
    Some(table(up, across, points))
}

/// The room of one tick.
fn margin(chart: &Chart) -> f32 {
    let steps = chart.axis.ticks.len().saturating_sub(1).max(1) as f32;
    (chart.axis.high - chart.axis.low) / steps + 4.0
}

fn table(up: &Chart, across: &Chart, mut points: Vec<(f32, f32)>) -> Table {
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut xs: Vec<f64> = points.iter().map(|point| across.axis.scale.value(point.0)).collect();
    let mut ys: Vec<f64> = points.iter().map(|point| up.axis.scale.value(point.1)).collect();
    rounding::tidy(&mut xs, &across.axis.scale);
    rounding::tidy(&mut ys, &up.axis.scale);
    let rows =
        xs.iter().zip(ys).map(|(x, y)| Row { category: x.to_string(), values: vec![Some(y)] }).collect();
    let mut chart = Chart {
        image: RgbImage::new(1, 1),
        labels: up.labels.clone(),
        axis: up.axis.clone(),
        transposed: false,
    };
    chart.axis.ticks.extend(&across.axis.ticks);
    let ends = [across.axis.low, across.axis.high].map(|x| super::categories::Place {
        name: String::new(),
        x,
        label: usize::MAX,
    });
    let names = names::find(&chart, &ends, &[]);
    let columns = vec![
        names.category.unwrap_or_else(|| "Category".into()),
        names.value.unwrap_or_else(|| "Value".into()),
    ];
    Table { kind: Some(Kind::Points), title: names.title, columns, rows }
}

/// Points that touch make one patch: cuts it along its longer side.
fn split(patch: &Patch, usual: usize) -> Vec<(f32, f32)> {
    let count = ((patch.area as f32 / usual.max(1) as f32 * 1.08).round() as usize).clamp(1, 4);
    (0..count)
        .map(|index| {
            let share = (index as f32 + 0.5) / count as f32 - 0.5;
            let side = (usual as f32).sqrt() * 1.13;
            match patch.width >= patch.height {
                true => (
                    patch.x
                        + share * (patch.width - side).max(0.0) * count as f32
                            / (count as f32 - 1.0).max(1.0),
                    patch.y,
                ),
                false => (
                    patch.x,
                    patch.y
                        + share * (patch.height - side).max(0.0) * count as f32
                            / (count as f32 - 1.0).max(1.0),
                ),
            }
        })
        .collect()
}

fn patches(image: &RgbImage, plot: Rect, colour: Colour) -> Vec<Patch> {
    let width = image.width() as usize;
    let mut open: Vec<bool> = vec![false; width * image.height() as usize];
    for (x, y) in pixels(image, plot) {
        open[y as usize * width + x as usize] = is(image.get_pixel(x, y), colour, 30);
    }
    let mut found = Vec::new();
    for start in 0..open.len() {
        if !open[start] {
            continue;
        }
        open[start] = false;
        let mut pending = vec![start];
        let (mut area, mut sum_x, mut sum_y) = (0usize, 0.0f64, 0.0f64);
        let (mut low, mut high) = ((usize::MAX, usize::MAX), (0, 0));
        while let Some(index) = pending.pop() {
            let (x, y) = (index % width, index / width);
            area += 1;
            sum_x += x as f64 + 0.5;
            sum_y += y as f64 + 0.5;
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
            let neighbours = [index.wrapping_sub(1), index + 1, index.wrapping_sub(width), index + width];
            for neighbour in neighbours {
                if open.get(neighbour).copied().unwrap_or(false) {
                    open[neighbour] = false;
                    pending.push(neighbour);
                }
            }
        }
        found.push(Patch {
            x: (sum_x / area as f64) as f32,
            y: (sum_y / area as f64) as f32,
            width: (high.0 - low.0 + 1) as f32,
            height: (high.1 - low.1 + 1) as f32,
            area,
        });
    }
    found
}
