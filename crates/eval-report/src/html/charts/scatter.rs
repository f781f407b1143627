use std::borrow::Cow;

use eval_decide::chain::{ChainTask, FrontierPoint, Single};
use eval_summary::Row;

use super::{Room, dot, figure, line, short, steps, text};
use crate::figures::{money, percent, seconds};

const HIGH: f64 = 300.0;
const LEFT: f64 = 52.0;
const BOTTOM: f64 = HIGH - 30.0;
/// Names need that much room above each other.
const LABEL: f64 = 15.0;

/// Half of what a point takes, with the room around it.
const DOT: f64 = 7.0;

/// One provider or chain in the picture.
struct Point<'a> {
    name: Cow<'a, str>,
    share: f64,
    value: f64,
    best: bool,
}

/// Accuracy against dollars.
pub(super) fn costs(rows: &[Row]) -> Option<String> {
    let points = points(rows, |row| row.cost.per_1000, |row| row.pareto_cost)?;
    let about =
        "US dollars per 1,000 cases, log scale; line: Pareto frontier (no provider scores as high for less)";
    Some(by_cost("Accuracy against cost", about, &points))
}

/// Candidates alone and what chains of them give on other documents. Nothing for fewer than two.
pub(crate) fn frontier(task: &ChainTask) -> Option<String> {
    let is_near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let is_same = |a: &Single, b: &FrontierPoint| {
        is_near(a.accuracy.mean, b.accuracy) && is_near(a.usd_per_1000, b.usd_per_1000)
    };
    let single = task.singles.iter().map(|it| Point {
        name: Cow::from(&it.provider),
        share: it.accuracy.mean,
        value: it.usd_per_1000,
        best: task.frontier.iter().any(|chain| is_same(it, chain)),
    });
    // A candidate alone is drawn once.
    let chains = task.frontier.iter().filter(|chain| !task.singles.iter().any(|it| is_same(it, chain)));
    let chain = chains.map(|it| Point {
        name: crate::contents::chain_name(&it.chain, it.ends_with_person).into(),
        share: it.accuracy,
        value: it.usd_per_1000,
        best: true,
    });
    let points: Vec<Point<'_>> = single.chain(chain).collect();
    let about = "US dollars per 1,000 cases, people included, log scale; line: the frontier of the table, held out; \
                 hollow: a candidate alone that is not on it";
    (points.len() > 1).then(|| by_cost("Right answers against cost", about, &points))
}

/// Dollars by powers; what is free stands at the left.
fn by_cost(title: &str, about: &str, points: &[Point<'_>]) -> String {
    let paid = || points.iter().map(|point| point.value).filter(|usd| *usd > 0.0);
    let (least, most) = (paid().fold(f64::INFINITY, f64::min), paid().fold(0.0, f64::max));
    let is_any_free = points.iter().any(|point| point.value <= 0.0);
    let start = if is_any_free { LEFT + 90.0 } else { LEFT + 20.0 };
    let (low, high) = (least.log10().floor(), most.log10().ceil());
    let (low, high) = if low < high { (low, high) } else { (low, low + 1.0) };
    let print = |usd: f64| format!("{} per 1,000", money(usd));
    figure(title, about, |room| {
        let x = |usd: f64| match usd {
            free if free <= 0.0 => LEFT + 40.0,
            usd => start + (usd.log10() - low) / (high - low) * (room.wide - start - 30.0),
        };
        let mut marks = Vec::new();
        if is_any_free {
            marks.push((x(0.0), "free".to_owned()));
        }
        if least.is_finite() {
            let powers = room.labels(((low as i32)..=(high as i32)).collect());
            marks.extend(powers.into_iter().map(|power| 10_f64.powi(power)).map(|usd| (x(usd), money(usd))));
        }
        (HIGH, picture(points, &marks, room, x, print))
    })
}

/// Accuracy against the median time.
pub(super) fn times(rows: &[Row]) -> Option<String> {
    let median = |row: &Row| row.latency.as_ref().map(|latency| latency.p50.value);
    let points = points(rows, median, |row| row.pareto_latency)?;
    let most = points.iter().map(|point| point.value).fold(f64::MIN_POSITIVE, f64::max);
    let about = "median latency; line: Pareto frontier (no provider scores as high in less time)";
    Some(figure("Accuracy against time", about, |room| {
        let x = |time: f64| LEFT + time / most * (room.wide - LEFT - 120.0);
        let marks: Vec<(f64, String)> = room
            .labels(steps(most))
            .into_iter()
            .map(|time| (x(time), if time == 0.0 { "0".to_owned() } else { seconds(time) }))
            .filter(|(x, _)| *x < room.wide - 20.0)
            .collect();
        (HIGH, picture(&points, &marks, room, x, seconds))
    }))
}

/// Nothing for fewer than two: one point is no picture.
fn points<'a>(
    rows: &'a [Row],
    value: impl Fn(&Row) -> Option<f64>,
    best: impl Fn(&Row) -> bool,
) -> Option<Vec<Point<'a>>> {
    let candidates = rows.iter().filter(|row| !row.control);
    let points: Vec<Point<'_>> = candidates
        .filter_map(|row| {
            let name = Cow::from(&row.provider);
            Some(Point { name, share: row.score.as_ref()?.mean, value: value(row)?, best: best(row) })
        })
        .collect();
    (points.len() > 1).then_some(points)
}

fn picture(
    points: &[Point<'_>],
    marks: &[(f64, String)],
    room: Room,
    x: impl Fn(f64) -> f64,
    print: impl Fn(f64) -> String,
) -> String {
    let worst = points.iter().map(|point| point.share).fold(1.0, f64::min);
    let floor = ((worst - 0.1) * 10.0).floor().max(0.0) / 10.0;
    let y = |share: f64| 16.0 + (1.0 - share) / (1.0 - floor) * (BOTTOM - 16.0);
    let mut body = String::new();
    let step = if floor < 0.5 { 0.2 } else { 0.1 };
    let mut share = 1.0;
    while share >= floor - 1e-9 {
        body += &line((LEFT, y(share)), (room.wide - 10.0, y(share)), "grid");
        body += &text(LEFT - 8.0, y(share) + 4.0, "label soft", &format!("{:.0} %", share * 100.0));
        share -= step;
    }
    for (x, label) in marks {
        body += &line((*x, BOTTOM), (*x, BOTTOM + 5.0), "grid");
        body += &text(*x, HIGH - 8.0, "axis", label);
    }
    let mut front: Vec<&Point<'_>> = points.iter().filter(|point| point.best).collect();
    front.sort_by(|a, b| a.value.total_cmp(&b.value));
    let path: Vec<String> =
        front.iter().map(|point| format!("{:.1},{:.1}", x(point.value), y(point.share))).collect();
    body += &format!("<polyline points=\"{}\" class=\"front\"/>", path.join(" "));
    for (a, b) in joined(points) {
        body += &line((x(a.value), y(a.share)), (x(b.value), y(b.share)), "grid");
    }
    for point in points {
        let class = if point.best { "mark" } else { "mark weak" };
        let title = format!("{}: {} at {}", point.name, percent(point.share), print(point.value));
        body += &dot(x(point.value), y(point.share), class, &title);
    }
    body + &names(points, room, x, y).concat()
}

/// The model of which this is one way of asking.
fn model<'n>(point: &'n Point<'_>) -> Option<&'n str> {
    point.name.split_once(" · ").map(|(model, _)| model)
}

/// Neighbors among the ways of asking one model, the cheaper first: their labels begin with that of the model.
fn joined<'p, 'a>(points: &'p [Point<'a>]) -> Vec<(&'p Point<'a>, &'p Point<'a>)> {
    let mut ways: Vec<&Point<'a>> = points.iter().filter(|point| model(point).is_some()).collect();
    ways.sort_by(|a, b| model(a).cmp(&model(b)).then(a.value.total_cmp(&b.value)));
    let pairs = ways.windows(2).filter(|two| model(two[0]) == model(two[1]));
    pairs.map(|two| (two[0], two[1])).collect()
}

/// The names beside their points, pushed apart where they would lie on each other.
fn names(points: &[Point<'_>], room: Room, x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) -> Vec<String> {
    let mut places: Vec<(f64, f64, &str)> =
        points.iter().map(|point| (x(point.value), y(point.share) + 4.0, point.name.as_ref())).collect();
    places.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.total_cmp(&b.0)));
    // From the top down, so that one pass over what is taken finds the free place below it. No name lies on a point.
    let mut taken: Vec<(f64, f64, f64)> = places.iter().map(|(x, y, _)| (x - DOT, x + DOT, *y)).collect();
    let mut out = Vec::new();
    for (x, wanted, name) in places {
        let name = short(name, room.name);
        let wide = name.chars().count() as f64 * 6.6 + 12.0;
        let is_left = x + wide > room.wide;
        let (from, to) = if is_left { (x - wide, x - DOT) } else { (x + DOT, x + wide) };
        let mut y = wanted;
        for (start, end, at) in &taken {
            if from < *end && to > *start && y < at + LABEL && y > at - LABEL {
                y = at + LABEL;
            }
        }
        // Below the axis stand its figures; who has no room keeps the name that a pointer shows.
        if y > BOTTOM - 2.0 {
            continue;
        }
        let below = taken.partition_point(|(_, _, at)| *at <= y);
        taken.insert(below, (from, to, y));
        let (at, class) = if is_left { (x - 10.0, "label") } else { (x + 10.0, "start") };
        out.push(text(at, y, class, &name));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One pass over sorted places ends, whatever rounding does to `y`.
    #[test]
    fn names_of_any_number_of_ties_are_placed_apart() {
        for tied in 2..=24 {
            for step in 0..200 {
                let share = f64::from(step) / 200.0;
                let point = |number: usize| Point {
                    name: format!("provider/{number}").into(),
                    share,
                    value: 1.0,
                    best: true,
                };
                let points: Vec<Point<'_>> = (0..tied).map(point).collect();
                let y = |share: f64| 16.0 + (1.0 - share) / 0.7 * (BOTTOM - 16.0);
                let names = names(&points, super::super::ROOMY, |_| 100.0, y);
                let mut heights: Vec<f64> = names.iter().map(|name| height(name)).collect();
                heights.sort_by(f64::total_cmp);
                assert!(heights.windows(2).all(|two| two[1] - two[0] > LABEL - 0.2), "{heights:?}");
            }
        }
    }

    fn height(text: &str) -> f64 {
        let after = text.split("y=\"").nth(1).expect("a place");
        after.split('"').next().and_then(|y| y.parse().ok()).expect("a number")
    }
}
