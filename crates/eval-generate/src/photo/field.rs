//! Smooth random surfaces: light, wood grain, crumpled paper.

use crate::rng::Rng;

/// A smooth random surface over the unit square (and, repeating, beyond), with values from -1 to 1.
#[derive(Debug, Clone)]
pub struct Field {
    columns: usize,
    rows: usize,
    values: Vec<f32>,
}

impl Field {
    /// A surface with so many hills across and down.
    pub fn new(rng: &mut Rng, columns: usize, rows: usize) -> Self {
        let values = (0..columns * rows).map(|_| narrow(rng.between(-1.0, 1.0))).collect();
        Self { columns, rows, values }
    }

    /// The height at a point.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (left, right, across) = cell(x, self.columns);
        let (top, bottom, down) = cell(y, self.rows);
        let value = |column: usize, row: usize| self.values[row * self.columns + column];
        let upper = mix(value(left, top), value(right, top), across);
        let lower = mix(value(left, bottom), value(right, bottom), across);
        mix(upper, lower, down)
    }
}

/// Hills on hills: each layer twice as fine and half as high.
#[derive(Debug, Clone)]
pub struct Rough {
    layers: Vec<Field>,
}

impl Rough {
    /// `layers` layers, the coarsest with `columns` by `rows` hills.
    pub fn new(rng: &mut Rng, columns: usize, rows: usize, layers: usize) -> Self {
        Self { layers: (0..layers).map(|layer| Field::new(rng, columns << layer, rows << layer)).collect() }
    }

    /// The height at a point, between about -1 and 1.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let mut share = 0.5;
        let mut height = 0.0;
        for layer in &self.layers {
            height += share * layer.at(x, y);
            share *= 0.5;
        }
        height
    }
}

/// The two lattice lines around a coordinate, and the eased way between them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "small lattice"
)]
fn cell(at: f32, count: usize) -> (usize, usize, f32) {
    let scaled = (at - at.floor()) * count as f32;
    let first = (scaled as usize).min(count - 1);
    let way = scaled - first as f32;
    (first, (first + 1) % count, way * way * (3.0 - 2.0 * way))
}

/// From `from` to `to`.
pub fn mix(from: f32, to: f32, way: f32) -> f32 {
    from + (to - from) * way
}

/// 0 below `from`, 1 above `to`, eased between.
pub fn ease(from: f32, to: f32, at: f32) -> f32 {
    let way = ((at - from) / (to - from)).clamp(0.0, 1.0);
    way * way * (3.0 - 2.0 * way)
}

/// A draw as a pixel value.
#[expect(clippy::cast_possible_truncation, reason = "pixel values need no more")]
pub fn narrow(value: f64) -> f32 {
    value as f32
}
