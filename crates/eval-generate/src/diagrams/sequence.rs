//! Messages between participants over time.

use super::Pen;
use crate::{
    rng::Rng,
    svg::{Svg, count, stroke},
    words,
};

const CALLS: &[(&str, &str)] = &[
    ("login(user)", "token"),
    ("getOrder(42)", "order"),
    ("reserve(items)", "ok"),
    ("charge(card)", "receipt id"),
    ("search(\"blue\")", "12 results"),
    ("notify(user)", "queued"),
    ("renderReport()", "PDF"),
];

pub fn draw(pen: &Pen, rng: &mut Rng) -> String {
    let (width, height) = (900.0, 640.0);
    let mut svg = Svg::new(width, height, pen.page);
    pen.title(&mut svg, rng.word(&["Checkout sequence", "Sign-in sequence", "Request life cycle"]));
    let mut people = vec![&"Browser"];
    people.extend(rng.sample(words::SERVICES, 3));
    let x = |at: usize| 120.0 + 220.0 * count(at);
    for (at, name) in people.iter().enumerate() {
        svg.line(
            x(at),
            116.0,
            x(at),
            height - 40.0,
            &format!("{} stroke-dasharray=\"5 5\"", stroke(pen.line, 1.2)),
        );
        pen.node(&mut svg, (x(at), 92.0), (160.0, 44.0), name, at);
    }
    let mut y = 160.0;
    for (call, reply) in rng.sample(CALLS, 5) {
        let from = rng.below(3);
        let to = from + 1;
        svg.rect(x(to) - 6.0, y - 6.0, 12.0, 56.0, &pen.paint(1));
        pen.arrow(&mut svg, &[(x(from), y), (x(to) - 6.0, y)]);
        pen.note(&mut svg, (x(from) + x(to)) / 2.0, y - 7.0, call);
        y += 44.0;
        pen.arrow(&mut svg, &[(x(to) - 6.0, y), (x(from), y)]);
        pen.note(&mut svg, (x(from) + x(to)) / 2.0, y - 7.0, reply);
        y += 46.0;
    }
    svg.finish()
}
