//! Takes the skew and perspective out of a page and groups its lines into rows.

use crate::geometry::{Point, Rect};
use crate::page::Line;

/// Slopes below this are rounding.
const LEVEL: f32 = 0.004;
/// Two lines share a row when they share this much of their height.
const SAME_ROW: f32 = 0.5;

/// Lines that stand beside each other, from left to right.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub lines: Vec<&'a Line>,
}

impl Row<'_> {
    /// Its lines with a blank between them.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        texts.join(" ")
    }
}

/// Gives every line its place on a level page and puts them in reading order.
pub fn arrange(mut lines: Vec<Line>) -> Vec<Line> {
    let tilt = Tilt::of(&lines);
    for line in &mut lines {
        line.rect = tilt.level(line);
    }
    let order: Vec<usize> = groups(&lines).into_iter().flat_map(|group| group.members).collect();
    let mut lines: Vec<Option<Line>> = lines.into_iter().map(Some).collect();
    order.into_iter().filter_map(|index| lines[index].take()).collect()
}

/// Groups lines into rows, from the top. A line that runs up or down is a row of its own.
pub fn rows(lines: &[Line]) -> Vec<Row<'_>> {
    let row = |group: Group| Row { lines: group.members.into_iter().map(|index| &lines[index]).collect() };
    groups(lines).into_iter().map(row).collect()
}

/// A row by the indices of its lines.
struct Group {
    members: Vec<usize>,
    rect: Rect,
}

fn groups(lines: &[Line]) -> Vec<Group> {
    let mut sorted: Vec<usize> = (0..lines.len()).collect();
    let middle_of = |index: &usize| lines[*index].rect.center().y;
    sorted.sort_by(|a, b| middle_of(a).total_cmp(&middle_of(b)));
    let mut groups: Vec<Group> = Vec::new();
    for index in sorted {
        let line = &lines[index];
        let overlap = |group: &Group| group.rect.vertical_overlap(&line.rect);
        let home = groups
            .iter_mut()
            .filter(|group| fits(group, lines, line))
            .max_by(|a, b| overlap(a).total_cmp(&overlap(b)));
        match home {
            Some(group) => {
                group.members.push(index);
                group.rect = middle(&group.members, lines);
            }
            None => groups.push(Group { members: vec![index], rect: line.rect }),
        }
    }
    for group in &mut groups {
        group.members.sort_by(|&a, &b| lines[a].rect.left.total_cmp(&lines[b].rect.left));
    }
    groups.sort_by(|a, b| a.rect.center().y.total_cmp(&b.rect.center().y));
    groups
}

fn fits(group: &Group, lines: &[Line], line: &Line) -> bool {
    let beside = |other: &Line| !other.vertical && other.rect.horizontal_overlap(&line.rect) < 0.5;
    let apart = (group.rect.center().y - line.rect.center().y).abs();
    let height = group.rect.height().min(line.rect.height());
    !line.vertical
        && group.members.iter().all(|&member| beside(&lines[member]))
        && group.rect.vertical_overlap(&line.rect) >= SAME_ROW
        && apart < 0.6 * height.max(1.0)
}

/// As wide as all, as high as the middle one: one tall box must not swallow the next row.
fn middle(members: &[usize], lines: &[Line]) -> Rect {
    let rects: Vec<Rect> = members.iter().map(|&member| lines[member].rect).collect();
    let median = |side: fn(&Rect) -> f32| {
        let mut values: Vec<f32> = rects.iter().map(side).collect();
        values.sort_by(f32::total_cmp);
        values[values.len() / 2]
    };
    let all = rects.iter().skip(1).fold(rects[0], |all, rect| all.union(rect));
    Rect::new(all.left, median(|rect| rect.top), all.right, median(|rect| rect.bottom))
}

/// How the lines of a page slope: a camera's tilt makes them slope differently at the top and
/// at the bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Tilt {
    middle: Point,
    slope: f32,
    /// Change of slope for each pixel down.
    fan: f32,
}

impl Tilt {
    fn of(lines: &[Line]) -> Self {
        let long = |line: &&Line| !line.vertical && line.region.width > 3.0 * line.region.height;
        let mut long: Vec<&Line> = lines.iter().filter(long).collect();
        long.sort_by(|a, b| a.region.angle.total_cmp(&b.region.angle));
        let total: f32 = long.iter().map(|line| line.region.width).sum();
        let middle = Point::new(
            long.iter().map(|line| line.region.center.x * line.region.width).sum::<f32>() / total.max(1.0),
            long.iter().map(|line| line.region.center.y * line.region.width).sum::<f32>() / total.max(1.0),
        );
        let slope = weighted_median(&long, total).tan();
        let fan = fan(&long, middle, slope);
        let strongest = lines.iter().map(|line| (fan * (line.region.center.y - middle.y)).abs());
        if slope.abs() < LEVEL && strongest.fold(0.0, f32::max) < LEVEL {
            return Self { middle, slope: 0.0, fan: 0.0 };
        }
        Self { middle, slope, fan }
    }

    fn level(&self, line: &Line) -> Rect {
        if self.slope == 0.0 && self.fan == 0.0 {
            return line.region.bounds();
        }
        let Point { x, y } = line.region.center;
        let slope = self.slope + self.fan * (y - self.middle.y);
        let center = Point::new(x + self.slope * (y - self.middle.y), y - slope * (x - self.middle.x));
        let (across, down) = (line.region.width / 2.0, line.region.height / 2.0);
        Rect::new(center.x - across, center.y - down, center.x + across, center.y + down)
    }
}

/// The angle with half of all text on either side; `lines` are sorted by angle.
fn weighted_median(lines: &[&Line], total: f32) -> f32 {
    let mut passed = 0.0;
    for line in lines {
        passed += line.region.width;
        if passed * 2.0 >= total {
            return line.region.angle;
        }
    }
    0.0
}

/// Least squares through the middle, without the lines that disagree most.
fn fan(lines: &[&Line], middle: Point, slope: f32) -> f32 {
    if lines.len() < 6 {
        return 0.0;
    }
    let fit = |lines: &mut dyn Iterator<Item = (f32, f32, f32)>| {
        let (mut above, mut below) = (0.0, 0.0);
        for (y, difference, weight) in lines {
            above += weight * y * difference;
            below += weight * y * y;
        }
        if below > 0.0 { above / below } else { 0.0 }
    };
    let samples: Vec<(f32, f32, f32)> = lines
        .iter()
        .map(|line| {
            let region = line.region;
            (region.center.y - middle.y, region.angle.tan() - slope, region.width)
        })
        .collect();
    let rough = fit(&mut samples.iter().copied());
    let close = |&(y, difference, _): &(f32, f32, f32)| (difference - rough * y).abs() < 0.03;
    fit(&mut samples.iter().copied().filter(close))
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::geometry::Region;

    /// A line of `text` at `left`, `top`, ten pixels a character and twenty high.
    pub fn line(text: &str, left: f32, top: f32) -> Line {
        let width = 10.0 * text.chars().count() as f32;
        turned(text, Point::new(left + width / 2.0, top + 10.0), width, 0.0)
    }

    fn turned(text: &str, center: Point, width: f32, angle: f32) -> Line {
        let region = Region { center, width, height: 20.0, angle };
        Line {
            text: text.into(),
            confidence: 0.99,
            rect: region.bounds(),
            region,
            vertical: false,
            glyphs: vec![],
        }
    }

    fn texts(lines: Vec<Line>) -> Vec<String> {
        let lines = arrange(lines);
        rows(&lines).iter().map(Row::text).collect()
    }

    #[test]
    fn lines_side_by_side_are_one_row_from_left_to_right() {
        let page = vec![line("3.20", 300.0, 12.0), line("Milk", 0.0, 10.0), line("Bread", 0.0, 40.0)];
        assert_eq!(texts(page), ["Milk 3.20", "Bread"]);
    }

    #[test]
    fn lines_above_each_other_never_share_a_row() {
        let page = vec![line("Total", 0.0, 10.0), line("Tax", 0.0, 19.0)];
        assert_eq!(texts(page), ["Total", "Tax"]);
    }

    #[test]
    fn a_tilted_page_keeps_its_rows() {
        for angle in [-0.2f32, 0.15] {
            let place = |x: f32, y: f32| {
                Point::new(x * angle.cos() - y * angle.sin(), x * angle.sin() + y * angle.cos())
            };
            let mut page = Vec::new();
            for row in 0..8 {
                let y = 30.0 * row as f32;
                page.push(turned("name", place(50.0, y), 100.0, angle));
                page.push(turned("price", place(400.0, y), 80.0, angle));
            }
            assert_eq!(texts(page), vec!["name price"; 8]);
        }
    }

    #[test]
    fn a_page_seen_from_above_keeps_its_rows() {
        let mut page = Vec::new();
        for row in 0..10 {
            let y = 30.0 * row as f32;
            let slope = 0.0006 * (y - 135.0);
            page.push(turned("name", Point::new(-150.0, y - 150.0 * slope), 120.0, slope.atan()));
            page.push(turned("price", Point::new(150.0, y + 150.0 * slope), 90.0, slope.atan()));
        }
        assert_eq!(texts(page), vec!["name price"; 10]);
    }
}
