//! Circles joined by lines, with weights on some.

use super::Pen;
use crate::{
    rng::Rng,
    svg::{Svg, count, stroke},
};

pub fn draw(pen: &Pen, rng: &mut Rng) -> String {
    let (width, height) = (820.0, 600.0);
    let mut svg = Svg::new(width, height, pen.page);
    pen.title(
        &mut svg,
        rng.word(&["Shortest paths", "Network topology", "Who talks to whom", "State machine"]),
    );
    let all = 8 + rng.below(3);
    let letters = rng.chance(50);
    let names = ["Router", "Switch", "Web 1", "Web 2", "DB", "Cache", "Queue", "Mail", "DNS", "Backup"];
    // A loose grid keeps circles apart without looking like one.
    let mut cells: Vec<usize> = (0..12).collect();
    rng.shuffle(&mut cells);
    let places: Vec<(f64, f64)> = cells[..all]
        .iter()
        .map(|cell| {
            let (column, row) = (count(cell % 4), count(cell / 4));
            (
                120.0 + 192.0 * column + rng.between(-34.0, 34.0),
                130.0 + 180.0 * row + rng.between(-34.0, 34.0),
            )
        })
        .collect();
    let directed = rng.chance(50);
    let mut joined: Vec<(usize, usize)> = (1..all).map(|at| (nearest(&places, at), at)).collect();
    for _ in 0..4 {
        let pair = (rng.below(all), rng.below(all));
        if pair.0 < pair.1 && !joined.contains(&pair) {
            joined.push(pair);
        }
    }
    for (from, to) in joined {
        let (a, b) = (places[from], places[to]);
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length = (dx * dx + dy * dy).sqrt().max(1.0);
        let end = (b.0 - 34.0 * dx / length, b.1 - 34.0 * dy / length);
        if directed {
            pen.arrow(&mut svg, &[a, end]);
        } else {
            svg.line(a.0, a.1, b.0, b.1, &stroke(pen.line, 1.6));
        }
        pen.note(&mut svg, (a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0 + 4.0, &rng.whole(1, 19).to_string());
    }
    for (at, (x, y)) in places.into_iter().enumerate() {
        svg.circle(x, y, 33.0, &pen.paint(at % 3));
        let letter = char::from(b'A' + u8::try_from(at).unwrap_or(0)).to_string();
        let name = if letters { letter.as_str() } else { names[at] };
        pen.label(&mut svg, (x, y), 66.0, name);
    }
    svg.finish()
}

/// The nearest of the circles before one.
fn nearest(places: &[(f64, f64)], at: usize) -> usize {
    let distance = |other: &usize| {
        let (dx, dy) = (places[*other].0 - places[at].0, places[*other].1 - places[at].1);
        dx * dx + dy * dy
    };
    (0..at).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
}
