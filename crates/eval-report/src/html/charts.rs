use eval_summary::{Failings, HistoryLine, Row, Summary};

use crate::escape::html;
use crate::figures::{interval, money, percent, seconds};

const WIDE: f64 = 640.0;
const LEFT: f64 = 190.0;
const STEP: f64 = 30.0;

/// Every chart that the summary has figures for.
pub(super) fn of_summary(summary: &Summary) -> Vec<String> {
    let rows = &summary.overall.rows;
    let mut charts = vec![scores(rows), costs(rows), latencies(rows)];
    charts.extend(summary.failings.iter().map(|failings| heat(failings, summary)));
    charts.retain(|chart| !chart.is_empty());
    charts
}

fn figure(title: &str, about: &str, wide: f64, high: f64, body: &str) -> String {
    let (title, about) = (html(title), html(about));
    format!(
        "<figure><figcaption><b>{title}</b> <span>{about}</span></figcaption>\
         <svg viewBox=\"0 0 {wide:.0} {high:.0}\" role=\"img\" aria-label=\"{title}. {about}\">{body}</svg></figure>"
    )
}

fn text(x: f64, y: f64, class: &str, text: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\">{}</text>", html(text))
}

fn line(from: (f64, f64), to: (f64, f64), class: &str) -> String {
    let ((x1, y1), (x2, y2)) = (from, to);
    format!("<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" class=\"{class}\"/>")
}

fn dot(x: f64, y: f64, class: &str, title: &str) -> String {
    format!(
        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" class=\"{class}\"><title>{}</title></circle>",
        html(title)
    )
}

fn short(label: &str) -> String {
    if label.chars().count() <= 26 {
        label.to_owned()
    } else {
        format!("{}…", label.chars().take(25).collect::<String>())
    }
}

/// Vertical lines at four shares with their labels below.
fn grid(at: impl Fn(f64) -> f64, labels: &[(f64, String)], high: f64) -> String {
    let one = |(value, label): &(f64, String)| {
        let x = at(*value);
        line((x, 6.0), (x, high - 20.0), "grid") + &text(x, high - 5.0, "axis", label)
    };
    labels.iter().map(one).collect()
}

fn scores(rows: &[Row]) -> String {
    let rows: Vec<_> = rows.iter().filter_map(|row| Some((row, row.score.as_ref()?))).collect();
    let high = rows.len() as f64 * STEP + 34.0;
    let at = |share: f64| LEFT + share.clamp(0.0, 1.0) * (WIDE - LEFT - 70.0);
    let labels: Vec<_> =
        [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| (share, format!("{:.0} %", share * 100.0))).into();
    let mut body = grid(at, &labels, high);
    for (number, (row, score)) in rows.iter().enumerate() {
        let y = number as f64 * STEP + 22.0;
        let class = if row.control { "mark control" } else { "mark" };
        body += &text(LEFT - 14.0, y + 4.0, "label", &short(&row.provider));
        if let Some(bounds) = &score.interval {
            body += &line((at(bounds.low), y), (at(bounds.high), y), "whisker");
        }
        let title =
            format!("{}: {} ({})", row.provider, percent(score.mean), interval(score.interval.as_ref()));
        body += &dot(at(score.mean), y, class, &title);
        body += &text(WIDE - 4.0, y + 4.0, "value", &percent(score.mean));
    }
    figure("Score with interval", "all trials; failed ones count 0", WIDE, high, &body)
}

fn costs(rows: &[Row]) -> String {
    let points: Vec<(&Row, f64, f64)> = rows
        .iter()
        .filter(|row| !row.control)
        .filter_map(|row| Some((row, row.cost.per_1000?, row.score.as_ref()?.mean)))
        .collect();
    if points.len() < 2 {
        return String::new();
    }
    let most = points.iter().map(|point| point.1).fold(0.0_f64, f64::max).max(0.01);
    let least = points.iter().map(|point| point.1).filter(|&usd| usd > 0.0).fold(most, f64::min);
    // Free ones stand left of the cheapest on a scale of powers.
    let (low, top) = ((least / 4.0).log10(), (most * 1.6).log10());
    let high = 300.0;
    let x = |usd: f64| 52.0 + (usd.max(least / 3.0).log10() - low) / (top - low) * (WIDE - 150.0);
    let y = |share: f64| 14.0 + (1.0 - share) * (high - 56.0);
    let mut body = String::new();
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        body += &line((52.0, y(share)), (WIDE - 10.0, y(share)), "grid");
        body += &text(44.0, y(share) + 4.0, "label", &format!("{:.0} %", share * 100.0));
    }
    let mut front: Vec<_> = points.iter().filter(|point| point.0.pareto_cost).collect();
    front.sort_by(|a, b| a.1.total_cmp(&b.1));
    let path: Vec<String> = front.iter().map(|one| format!("{:.1},{:.1}", x(one.1), y(one.2))).collect();
    body += &format!("<polyline points=\"{}\" class=\"front\"/>", path.join(" "));
    for (row, usd, share) in &points {
        let class = if row.pareto_cost { "mark" } else { "mark weak" };
        let title = format!("{}: {} at {} per 1,000", row.provider, percent(*share), money(*usd));
        body += &dot(x(*usd), y(*share), class, &title);
        let right = x(*usd) > WIDE * 0.6;
        let (dx, class) = if right { (-10.0, "label strong") } else { (10.0, "start strong") };
        body += &text(
            x(*usd) + dx,
            y(*share) + if share > &0.5 { 18.0 } else { -10.0 },
            class,
            &short(&row.provider),
        );
        body += &text(x(*usd), high - 8.0, "axis", &money(*usd));
    }
    figure(
        "Accuracy against cost",
        "dollars per 1,000 cases, by powers; the line is the Pareto front",
        WIDE,
        high,
        &body,
    )
}

fn latencies(rows: &[Row]) -> String {
    let rows: Vec<_> = rows
        .iter()
        .filter(|row| !row.control)
        .filter_map(|row| Some((row, row.latency.as_ref()?)))
        .filter(|(_, latency)| latency.quantiles.len() == 21)
        .collect();
    let most = rows.iter().map(|(_, one)| one.quantiles[20]).fold(0.0_f64, f64::max);
    if most <= 0.0 {
        return String::new();
    }
    let high = rows.len() as f64 * STEP + 34.0;
    let at = |time: f64| LEFT + time / most * (WIDE - LEFT - 90.0);
    let labels: Vec<_> = [0.0, 0.25, 0.5, 0.75, 1.0].map(|part| (part * most, seconds(part * most))).into();
    let mut body = grid(at, &labels[1..], high);
    for (number, (row, one)) in rows.iter().enumerate() {
        let (y, q) = (number as f64 * STEP + 22.0, &one.quantiles);
        body += &text(LEFT - 14.0, y + 4.0, "label", &short(&row.provider));
        body += &line((at(q[0]), y), (at(q[20]), y), "thread");
        for (from, to) in [(1, 19), (2, 18), (3, 17), (5, 15)] {
            let (x, wide) = (at(q[from]), (at(q[to]) - at(q[from])).max(1.0));
            body += &format!(
                "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"14\" class=\"band\"/>",
                y - 7.0
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
    figure("Latency", "darker is more frequent; at the right p50 · p95", WIDE, high, &body)
}

fn heat(failings: &Failings, summary: &Summary) -> String {
    let is_control = |name: &str| summary.providers.iter().any(|one| one.control && one.label == name);
    let counts: Vec<_> =
        failings.fields.iter().filter(|one| !is_control(&one.provider) && one.judged > 0).collect();
    let (mut fields, mut providers) = (Vec::new(), Vec::new());
    for one in &counts {
        if !fields.contains(&one.field.as_str()) {
            fields.push(&one.field);
        }
        if !providers.contains(&one.provider.as_str()) {
            providers.push(&one.provider);
        }
    }
    if fields.len() < 2 {
        return String::new();
    }
    let wide = ((WIDE - LEFT) / fields.len() as f64).min(110.0);
    let high = providers.len() as f64 * STEP + 30.0;
    let mut body = String::new();
    for (column, field) in fields.iter().enumerate() {
        let name: String = field.chars().take((wide / 7.0) as usize).collect();
        body += &text(LEFT + (column as f64 + 0.5) * wide, 16.0, "axis", &name);
    }
    for (number, provider) in providers.iter().enumerate() {
        let y = number as f64 * STEP + 26.0;
        body += &text(LEFT - 14.0, y + 17.0, "label", &short(provider));
        for (column, field) in fields.iter().enumerate() {
            let Some(one) = counts.iter().find(|one| one.provider == *provider && one.field == *field) else {
                continue;
            };
            let share = one.right as f64 / one.judged as f64;
            let x = LEFT + column as f64 * wide;
            body += &format!(
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"26\" rx=\"3\" class=\"heat\" \
                 fill-opacity=\"{:.2}\"><title>{}</title></rect>",
                wide - 3.0,
                (1.0 - share) * 0.85 + 0.03,
                html(&format!("{provider}, {field}: {} of {} right", one.right, one.judged))
            );
            body += &text(x + wide / 2.0, y + 17.0, "cell", &format!("{:.0}", share * 100.0));
        }
    }
    let title = format!("Fields right: {}", failings.scope);
    figure(&title, "per cent; darker is worse", WIDE, high, &body)
}

/// The score of one provider over time, with marks where something changed.
pub(crate) fn trend(lines: &[HistoryLine]) -> String {
    let high = 150.0;
    let x = |at: usize| 52.0 + at as f64 / (lines.len().max(2) - 1) as f64 * (WIDE - 80.0);
    let y = |share: f64| 12.0 + (1.0 - share.clamp(0.0, 1.0)) * (high - 40.0);
    let mut body = String::new();
    for share in [0.0, 0.5, 1.0] {
        body += &line((52.0, y(share)), (WIDE - 10.0, y(share)), "grid");
        body += &text(44.0, y(share) + 4.0, "label", &format!("{:.0} %", share * 100.0));
    }
    let mut path = Vec::new();
    for (at, one) in lines.iter().enumerate() {
        let Some(score) = &one.score else { continue };
        if !one.marks.is_empty() {
            body += &line((x(at), 8.0), (x(at), high - 24.0), "change");
        }
        if let Some(bounds) = &score.interval {
            body += &line((x(at), y(bounds.low)), (x(at), y(bounds.high)), "whisker");
        }
        path.push(format!("{:.1},{:.1}", x(at), y(score.mean)));
        body += &dot(x(at), y(score.mean), "mark", &format!("{}: {}", one.started, percent(score.mean)));
    }
    body += &format!("<polyline points=\"{}\" class=\"front\"/>", path.join(" "));
    figure("Score over time", "with interval; dashed where something changed", WIDE, high, &body)
}
