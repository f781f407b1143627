use eval_summary::Row;

use super::{LEFT, STEP, WIDE, dot, figure, grid, line, short, steps, text};
use crate::figures::{interval, percent, seconds};

pub(super) fn scores(rows: &[Row]) -> Option<String> {
    let rows: Vec<_> = rows.iter().filter_map(|row| Some((row, row.score.as_ref()?))).collect();
    if rows.is_empty() {
        return None;
    }
    let high = rows.len() as f64 * STEP + 34.0;
    let at = |share: f64| LEFT + share.clamp(0.0, 1.0) * (WIDE - LEFT - 76.0);
    let marks = [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| (at(share), format!("{:.0} %", share * 100.0)));
    let mut body = grid(&marks, high);
    for (number, (row, score)) in rows.iter().enumerate() {
        let y = number as f64 * STEP + 22.0;
        let class = if row.control { "mark control" } else { "mark" };
        body += &text(LEFT - 14.0, y + 4.0, "label", &short(&row.provider, 24));
        if let Some(bounds) = &score.interval {
            body += &line((at(bounds.low), y), (at(bounds.high), y), "whisker");
        }
        let title =
            format!("{}: {} ({})", row.provider, percent(score.mean), interval(score.interval.as_ref()));
        body += &dot(at(score.mean), y, class, &title);
        body += &text(WIDE - 4.0, y + 4.0, "value", &percent(score.mean));
    }
    Some(figure(
        "Score",
        "all trials, with its 95 % interval; failed ones count 0; controls are grey",
        high,
        &body,
    ))
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
    let right = 124.0;
    let high = rows.len() as f64 * STEP + 34.0;
    let at = |time: f64| LEFT + time / most * (WIDE - LEFT - right);
    let within = steps(most).into_iter().filter(|time| *time <= most);
    let marks: Vec<(f64, String)> = within.map(|time| (at(time), tick(time))).collect();
    let mut body = grid(&marks, high);
    for (number, (row, one)) in rows.iter().enumerate() {
        let (y, q) = (number as f64 * STEP + 22.0, &one.quantiles);
        body += &text(LEFT - 14.0, y + 4.0, "label", &short(&row.provider, 24));
        body += &line((at(q[0]), y), (at(q[20]), y), "thread");
        for (from, to) in [(1, 19), (2, 18), (3, 17), (5, 15)] {
            let (x, wide) = (at(q[from]), (at(q[to]) - at(q[from])).max(1.0));
            let top = y - 7.0;
            body += &format!(
                "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"14\" class=\"band\"/>"
            );
        }
        body += &line((at(q[10]), y - 9.0), (at(q[10]), y + 9.0), "median");
        body += &text(
            WIDE - 4.0,
            y + 4.0,
            "value",
            &format!("{} · {}", seconds(one.p50.value), seconds(one.p95.value)),
        );
    }
    Some(figure("Latency", "of the answers, darker is more frequent; at the right p50 · p95", high, &body))
}

fn tick(time: f64) -> String {
    if time == 0.0 { "0".to_owned() } else { seconds(time) }
}
