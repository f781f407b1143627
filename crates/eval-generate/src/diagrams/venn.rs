//! Overlapping circles.

use super::Pen;
use crate::{
    rng::Rng,
    svg::{Svg, fill},
};

const SETS: &[[&str; 7]] = &[
    ["Design", "Engineering", "Business", "Prototype", "Pricing", "Brand", "Product"],
    [
        "Statistics",
        "Programming",
        "Domain knowledge",
        "Machine learning",
        "Reporting",
        "Research",
        "Data science",
    ],
    ["Fast", "Cheap", "Good", "Rushed", "Slow start", "Expensive", "Impossible"],
    ["Plants", "Animals", "Fungi", "Cells", "Spores", "Mobile", "Life"],
];

pub fn draw(pen: &Pen, rng: &mut Rng) -> String {
    let (width, height) = (740.0, 660.0);
    let mut svg = Svg::new(width, height, pen.page);
    let names = rng.pick(SETS);
    let colours = rng.pick(&[
        ["#ef4444", "#3b82f6", "#eab308"],
        ["#8b5cf6", "#10b981", "#f97316"],
        ["#0ea5e9", "#ec4899", "#84cc16"],
    ]);
    let radius = rng.between(155.0, 175.0);
    let centres = [(280.0, 270.0), (460.0, 270.0), (370.0, 420.0)];
    for ((x, y), colour) in centres.iter().zip(colours) {
        svg.circle(
            *x,
            *y,
            radius,
            &format!("{} fill-opacity=\"0.42\" stroke=\"{colour}\" stroke-width=\"2\"", fill(colour)),
        );
    }
    let big = pen.text().bold().size(pen.size * 1.15);
    for ((x, y), name) in [(205.0, 220.0), (535.0, 220.0), (370.0, 520.0)].into_iter().zip(&names[..3]) {
        svg.text(x, y, name, &big);
    }
    let small = pen.text().size(pen.size * 0.9);
    for ((x, y), name) in [(370.0, 215.0), (470.0, 365.0), (270.0, 365.0)].into_iter().zip(&names[3..6]) {
        svg.text(x, y, name, &small);
    }
    svg.text(370.0, 325.0, names[6], &pen.text().bold());
    svg.finish()
}
