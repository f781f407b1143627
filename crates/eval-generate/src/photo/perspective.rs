//! Where a point of the picture lies on the sheet.

/// Corners in pixels: top left, top right, bottom right, bottom left.
pub type Corners = [(f64, f64); 4];

/// The map from the picture to the unit square of the sheet.
#[derive(Debug, Clone, Copy)]
pub struct Perspective {
    rows: [f64; 9],
}

impl Perspective {
    /// The map that takes `corners` to the corners of the unit square.
    pub fn to_unit_square(corners: &Corners) -> Self {
        Self { rows: inverse(&from_unit_square(corners)) }
    }

    /// The place on the sheet, (0, 0) being its top left corner and (1, 1) its bottom right.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let m = &self.rows;
        let depth = m[6] * x + m[7] * y + m[8];
        ((m[0] * x + m[1] * y + m[2]) / depth, (m[3] * x + m[4] * y + m[5]) / depth)
    }
}

/// Heckbert's square-to-quadrilateral map.
fn from_unit_square(corners: &Corners) -> [f64; 9] {
    let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] = *corners;
    let (dx1, dx2, dx3) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
    let (dy1, dy2, dy3) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
    let bottom = dx1 * dy2 - dx2 * dy1;
    let g = (dx3 * dy2 - dx2 * dy3) / bottom;
    let h = (dx1 * dy3 - dx3 * dy1) / bottom;
    [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1.0]
}

/// The inverse up to a factor, which a projective map does not need.
fn inverse(m: &[f64; 9]) -> [f64; 9] {
    [
        m[4] * m[8] - m[5] * m[7],
        m[2] * m[7] - m[1] * m[8],
        m[1] * m[5] - m[2] * m[4],
        m[5] * m[6] - m[3] * m[8],
        m[0] * m[8] - m[2] * m[6],
        m[2] * m[3] - m[0] * m[5],
        m[3] * m[7] - m[4] * m[6],
        m[1] * m[6] - m[0] * m[7],
        m[0] * m[4] - m[1] * m[3],
    ]
}

/// The vector turned by the angle whose half has this tangent: no sine, so every processor agrees.
pub fn turned((x, y): (f64, f64), half_tangent: f64) -> (f64, f64) {
    let t = half_tangent;
    let (cosine, sine) = ((1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t));
    (x * cosine - y * sine, x * sine + y * cosine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_go_to_corners() {
        let corners = [(10.0, 12.0), (98.0, 5.0), (110.0, 190.0), (3.0, 170.0)];
        let map = Perspective::to_unit_square(&corners);
        for ((x, y), (u, v)) in corners.into_iter().zip([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]) {
            let found = map.at(x, y);
            assert!((found.0 - u).abs() < 1e-9 && (found.1 - v).abs() < 1e-9, "{found:?}");
        }
    }
}
