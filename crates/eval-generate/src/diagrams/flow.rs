//! A flow chart with a start, steps, decisions and an end.

use super::Pen;
use crate::{
    rng::Rng,
    svg::{Svg, count},
};

/// Title; step, decision, step, decision, step; what happens after each "no".
const PROCESSES: &[(&str, [&str; 5], [&str; 2])] = &[
    (
        "Order handling",
        ["Receive order", "In stock?", "Pack goods", "Paid?", "Ship parcel"],
        ["Reorder", "Send reminder"],
    ),
    (
        "Password reset",
        ["Enter e-mail", "Account known?", "Send code", "Code valid?", "Set password"],
        ["Offer sign-up", "Lock account"],
    ),
    (
        "Bug triage",
        ["Read report", "Reproducible?", "Assign owner", "Tests green?", "Release fix"],
        ["Ask reporter", "Fix again"],
    ),
    (
        "Loan application",
        ["Check papers", "Score high?", "Prepare offer", "Accepted?", "Pay out"],
        ["Reject", "File offer"],
    ),
    (
        "Sample analysis",
        ["Take sample", "Volume enough?", "Measure", "In range?", "Store result"],
        ["Discard", "Calibrate"],
    ),
];

pub fn draw(pen: &Pen, rng: &mut Rng) -> String {
    let (title, steps, asides) = rng.pick(PROCESSES);
    let (width, height) = (720.0, 820.0);
    let mut svg = Svg::new(width, height, pen.page);
    pen.title(&mut svg, title);
    let x = *rng.pick(&[260.0, 300.0, 340.0]);
    let size = (170.0, 54.0);
    let gap = 106.0;
    let y = |at: usize| 92.0 + gap * count(at);
    svg.rounded(x - 60.0, y(0) - 20.0, 120.0, 40.0, 20.0, &pen.paint(1));
    pen.label(&mut svg, (x, y(0)), 110.0, "Start");
    let mut bottom = y(0) + 20.0;
    for (at, text) in steps.iter().enumerate() {
        let decision = at % 2 == 1;
        let middle = y(at + 1);
        let half = if decision { 42.0 } else { size.1 / 2.0 };
        pen.arrow(&mut svg, &[(x, bottom), (x, middle - half)]);
        if decision {
            let wide = 102.0;
            let corners = [(x - wide, middle), (x, middle - half), (x + wide, middle), (x, middle + half)];
            svg.polygon(&corners, &pen.paint(2));
            pen.label(&mut svg, (x, middle), 130.0, text);
            let side = (x + 260.0, middle);
            pen.arrow(&mut svg, &[(x + wide, middle), (side.0 - 75.0, middle)]);
            pen.note(&mut svg, x + wide + 30.0, middle - 8.0, "no");
            pen.note(&mut svg, x + 20.0, middle + half + 18.0, "yes");
            pen.node(&mut svg, side, (150.0, 50.0), asides[at / 2], 3);
            if at == 3 {
                pen.arrow(&mut svg, &[(side.0, middle + 25.0), (side.0, y(6)), (x + 60.0, y(6))]);
            }
        } else {
            pen.node(&mut svg, (x, middle), size, text, 0);
        }
        bottom = middle + half;
    }
    pen.arrow(&mut svg, &[(x, bottom), (x, y(6) - 20.0)]);
    svg.rounded(x - 60.0, y(6) - 20.0, 120.0, 40.0, 20.0, &pen.paint(1));
    pen.label(&mut svg, (x, y(6)), 110.0, "End");
    svg.finish()
}
