//! An organisation chart or another tree.

use super::Pen;
use crate::{
    rng::Rng,
    svg::{Svg, count, stroke},
    words,
};

pub fn draw(pen: &Pen, rng: &mut Rng) -> String {
    let (width, height) = (1000.0, 560.0);
    let mut svg = Svg::new(width, height, pen.page);
    pen.title(&mut svg, &format!("Organisation of {}", rng.word(words::COMPANIES)));
    let people = rng.sample(words::PEOPLE, 13);
    let roles = ["Finance", "Engineering", "Sales", "People"];
    let size = (150.0, 58.0);
    let root = (width / 2.0, 100.0);
    let line = stroke(pen.line, 1.5);
    let branches = 3 + rng.below(2);
    for branch in 0..branches {
        let x = width * (count(branch) + 0.5) / count(branches);
        svg.polyline(&[(root.0, root.1), (root.0, 180.0), (x, 180.0), (x, 230.0)], &line);
        let leaves = 1 + rng.below(2);
        for leaf in 0..=leaves {
            let y = 330.0 + 74.0 * count(leaf);
            svg.polyline(&[(x - 90.0, 230.0), (x - 90.0, y), (x - 70.0, y)], &line);
            person(
                pen,
                &mut svg,
                (x + 12.0, y),
                (150.0, 52.0),
                people[(branch * 3 + leaf) % 13],
                roles[branch],
                2,
            );
        }
        svg.line(x - 90.0, 230.0, x - 70.0, 230.0, &line);
        person(
            pen,
            &mut svg,
            (x, 230.0),
            size,
            people[(branch + 5) % 13],
            &format!("Head of {}", roles[branch]),
            1,
        );
    }
    person(pen, &mut svg, root, (190.0, 62.0), people[12], "Managing director", 0);
    svg.finish()
}

fn person(
    pen: &Pen,
    svg: &mut Svg,
    centre: (f64, f64),
    size: (f64, f64),
    name: &str,
    role: &str,
    kind: usize,
) {
    let (x, y) = (centre.0 - size.0 / 2.0, centre.1 - size.1 / 2.0);
    svg.rounded(x, y, size.0, size.1, pen.radius, &pen.paint(kind));
    svg.text(centre.0, centre.1 - 3.0, name, &pen.text().bold().size(pen.size * 0.95));
    svg.text(centre.0, centre.1 + pen.size, role, &pen.text().size(pen.size * 0.82));
}
