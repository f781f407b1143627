//! Points, upright rectangles and turned rectangles.

/// A position in pixels; y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }
}

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Rect {
    pub const fn new(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        Self { left, top, right, bottom }
    }

    pub fn width(&self) -> f32 {
        self.right - self.left
    }

    pub fn height(&self) -> f32 {
        self.bottom - self.top
    }

    pub fn center(&self) -> Point {
        Point::new((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    /// The smallest rectangle around both.
    pub fn union(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// How much of the less tall one's height both share, 0 to 1.
    pub fn vertical_overlap(&self, other: &Self) -> f32 {
        let shared = self.bottom.min(other.bottom) - self.top.max(other.top);
        let smaller = self.height().min(other.height()).max(1.0);
        (shared / smaller).clamp(0.0, 1.0)
    }

    /// How much of the narrower one's width both share, 0 to 1.
    pub fn horizontal_overlap(&self, other: &Self) -> f32 {
        let shared = self.right.min(other.right) - self.left.max(other.left);
        let smaller = self.width().min(other.width()).max(1.0);
        (shared / smaller).clamp(0.0, 1.0)
    }
}

/// A turned rectangle; `angle` (radians, clockwise) is that of its more horizontal side and lies
/// within 45 degrees of level, so `height > width` means a strip that stands upright.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    pub center: Point,
    pub width: f32,
    pub height: f32,
    pub angle: f32,
}

impl Region {
    /// Whether its text probably runs up or down.
    pub fn is_tall(&self) -> bool {
        self.height > self.width * 1.5
    }

    pub fn area(&self) -> f32 {
        self.width * self.height
    }

    /// The point at (`across`, `down`), each from -0.5 to 0.5 of the region's sides.
    pub fn at(&self, across: f32, down: f32) -> Point {
        let (sin, cos) = self.angle.sin_cos();
        let (u, v) = (across * self.width, down * self.height);
        Point::new(self.center.x + u * cos - v * sin, self.center.y + u * sin + v * cos)
    }

    /// The smallest upright rectangle around it.
    pub fn bounds(&self) -> Rect {
        let corners = [self.at(-0.5, -0.5), self.at(0.5, -0.5), self.at(0.5, 0.5), self.at(-0.5, 0.5)];
        let mut bounds = Rect::new(f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        for corner in corners {
            bounds = bounds.union(&Rect::new(corner.x, corner.y, corner.x, corner.y));
        }
        bounds
    }

    /// The smallest turned rectangle around `points`; `None` without any.
    pub fn around(points: Vec<Point>) -> Option<Self> {
        let hull = convex_hull(points);
        let edges = hull.iter().zip(hull.iter().cycle().skip(1)).take(hull.len());
        edges
            .map(|(from, to)| Self::along(&hull, (to.y - from.y).atan2(to.x - from.x)))
            .min_by(|a, b| a.area().total_cmp(&b.area()))
    }

    /// The smallest rectangle around `points` with a side at `direction`.
    pub fn along(points: &[Point], direction: f32) -> Self {
        let quarter = std::f32::consts::FRAC_PI_2;
        let angle = direction - (direction / quarter).round() * quarter;
        let (sin, cos) = angle.sin_cos();
        let mut span = Rect::new(f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        for point in points {
            let (u, v) = (point.x * cos + point.y * sin, point.y * cos - point.x * sin);
            span = span.union(&Rect::new(u, v, u, v));
        }
        let middle = span.center();
        Self {
            center: Point::new(middle.x * cos - middle.y * sin, middle.x * sin + middle.y * cos),
            width: span.width(),
            height: span.height(),
            angle,
        }
    }
}

/// Andrew's monotone chain.
fn convex_hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut hull = half_hull(points.iter().copied());
    hull.extend(half_hull(points.iter().rev().copied()));
    hull
}

/// One side of the hull, without its last point, which starts the other side.
fn half_hull(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut side: Vec<Point> = Vec::new();
    for point in points {
        while let [.., a, b] = side[..] {
            let turn = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
            if turn > 0.0 {
                break;
            }
            side.pop();
        }
        side.push(point);
    }
    side.pop();
    side
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_smallest_turned_rectangle() {
        let wanted = Region { center: Point::new(50.0, 40.0), width: 60.0, height: 10.0, angle: 0.3 };
        let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (0.1, 0.2)];
        let points = corners.iter().map(|&(u, v)| wanted.at(u, v)).collect();
        let found = Region::around(points).expect("there are points");
        assert!((found.width - 60.0).abs() < 0.01 && (found.height - 10.0).abs() < 0.01, "{found:?}");
        assert!((found.angle - 0.3).abs() < 0.001, "{found:?}");
    }

    #[test]
    fn a_standing_strip_keeps_a_level_angle() {
        let points =
            vec![Point::new(0.0, 0.0), Point::new(4.0, 0.0), Point::new(4.0, 90.0), Point::new(0.0, 90.0)];
        let found = Region::around(points).expect("there are points");
        assert!(found.is_tall() && found.angle.abs() < 0.001, "{found:?}");
    }

    #[test]
    fn degenerate_point_sets_have_a_flat_region_or_none() {
        assert_eq!(Region::around(vec![]), None);
        let dot = Region::around(vec![Point::new(3.0, 3.0)]).expect("one point");
        assert_eq!((dot.width, dot.height), (0.0, 0.0));
        let line = (0..9).map(|x| Point::new(x as f32, x as f32)).collect();
        let line = Region::around(line).expect("a line");
        assert!(line.width.min(line.height) < 0.001, "{line:?}");
    }

    #[test]
    fn overlap_is_a_share_of_the_smaller_one() {
        let tall = Rect::new(0.0, 0.0, 10.0, 40.0);
        let low = Rect::new(20.0, 30.0, 30.0, 50.0);
        assert_eq!(tall.vertical_overlap(&low), 0.5);
        assert_eq!(tall.horizontal_overlap(&low), 0.0);
    }
}
