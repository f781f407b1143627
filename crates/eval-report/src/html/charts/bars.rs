use eval_summary::{Latency, Row};

use super::{Room, STEP, dot, figure, grid, line, short, steps, text};
use crate::figures::{interval, percent, seconds};

pub(super) fn scores(rows: &[Row]) -> Option<String> {
    let rows: Vec<_> = rows.iter().filter_map(|row| Some((row, row.score.as_ref()?))).collect();
    if rows.is_empty() {
        return None;
    }
    let about = "all trials, with its 95% interval; failed ones count 0; controls are grey";
    Some(figure("Score", about, |room| {
        let high = rows.len() as f64 * STEP + 34.0;
        let at = |share: f64| room.left + share.clamp(0.0, 1.0) * (room.wide - room.left - 76.0);
        let marks = [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| (at(share), format!("{:.0} %", share * 100.0)));
        let mut body = grid(&marks, high);
        for (number, (row, score)) in rows.iter().enumerate() {
            let y = number as f64 * STEP + 22.0;
            let class = if row.control { "mark control" } else { "mark" };
            body += &text(room.left - 14.0, y + 4.0, "label", &short(&row.provider, room.name));
            if let Some(bounds) = &score.interval {
                body += &line((at(bounds.low), y), (at(bounds.high), y), "whisker");
            }
            let title =
                format!("{}: {} ({})", row.provider, percent(score.mean), interval(score.interval.as_ref()));
            body += &dot(at(score.mean), y, class, &title);
            body += &text(room.wide - 4.0, y + 4.0, "value", &percent(score.mean));
        }
        (high, body)
    }))
}

pub(super) fn latencies(rows: &[Row]) -> Option<String> {
    let rows: Vec<_> = rows
        .iter()
        .filter(|row| !row.control)
        .filter_map(|row| Some((row, row.latency.as_ref()?)))
        .filter(|(_, latency)| latency.quantiles.len() == 21)
        .collect();
    let most = rows.iter().map(|(_, one)| one.quantiles[20]).fold(0.0_f64, f64::max);
    if most <= 0.0 {
        return None;
    }
    let about = "of the answers, darker is more frequent; at the right p50 · p95";
    Some(figure("Latency", about, |room| {
        let high = rows.len() as f64 * STEP + 34.0;
        let at = |time: f64| room.left + time / most * (room.wide - room.left - 124.0);
        let within = room.labels(steps(most).into_iter().filter(|time| *time <= most).collect());
        let marks: Vec<(f64, String)> = within.into_iter().map(|time| (at(time), tick(time))).collect();
        let mut body = grid(&marks, high);
        for (number, (row, latency)) in rows.iter().enumerate() {
            body += &times(row, latency, room, number as f64 * STEP + 22.0, at);
        }
        (high, body)
    }))
}

/// The times of one provider at this height.
fn times(row: &Row, latency: &Latency, room: Room, y: f64, at: impl Fn(f64) -> f64) -> String {
    let q = &latency.quantiles;
    let mut body = text(room.left - 14.0, y + 4.0, "label", &short(&row.provider, room.name));
    body += &line((at(q[0]), y), (at(q[20]), y), "thread");
    for (from, to) in [(1, 19), (2, 18), (3, 17), (5, 15)] {
        let (x, wide) = (at(q[from]), (at(q[to]) - at(q[from])).max(1.0));
        let top = y - 7.0;
        body +=
            &format!("<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"14\" class=\"band\"/>");
    }
    body += &line((at(q[10]), y - 9.0), (at(q[10]), y + 9.0), "median");
    let figures = format!("{} · {}", seconds(latency.p50.value), seconds(latency.p95.value));
    body + &text(room.wide - 4.0, y + 4.0, "value", &figures)
}

fn tick(time: f64) -> String {
    if time == 0.0 { "0".to_owned() } else { seconds(time) }
}
