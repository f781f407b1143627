use eval_summary::HistoryLine;

use super::{WIDE, dot, figure, line, steps, text};

const HIGH: f64 = 170.0;
const LEFT: f64 = 66.0;
const BOTTOM: f64 = HIGH - 26.0;

/// A figure and the interval around it.
type Value = Option<(f64, Option<(f64, f64)>)>;

/// What is drawn over time.
pub(crate) struct Trend<'a> {
    pub(crate) title: &'a str,
    /// The end of the scale; as far as the figures go without one.
    pub(crate) top: Option<f64>,
    pub(crate) print: fn(f64) -> String,
    pub(crate) lines: &'a [HistoryLine],
    pub(crate) value: &'a dyn Fn(&HistoryLine) -> Value,
}

/// One figure of one provider over its runs, with marks where something changed. Nothing without a figure.
pub(crate) fn trend(trend: &Trend<'_>) -> Option<String> {
    let values: Vec<Value> = trend.lines.iter().map(trend.value).collect();
    let ends = values.iter().flatten().map(|(value, bounds)| bounds.map_or(*value, |(_, high)| high));
    let most = trend.top.unwrap_or_else(|| ends.fold(0.0, f64::max));
    values.iter().flatten().next()?;
    let scale = if most > 0.0 { steps(most) } else { vec![0.0] };
    let top = scale.last().copied().filter(|top| *top > 0.0).unwrap_or(1.0);
    let x = |at: usize| LEFT + (at as f64 + 0.5) / trend.lines.len() as f64 * (WIDE - LEFT - 16.0);
    let y = |value: f64| 14.0 + (1.0 - (value / top).clamp(0.0, 1.0)) * (BOTTOM - 14.0);
    let mut body = String::new();
    for value in &scale {
        body += &line((LEFT, y(*value)), (WIDE - 10.0, y(*value)), "grid");
        body += &text(LEFT - 8.0, y(*value) + 4.0, "label soft", &(trend.print)(*value));
    }
    let mut path = Vec::new();
    let mut dots = String::new();
    for (at, (one, value)) in trend.lines.iter().zip(&values).enumerate() {
        if !one.marks.is_empty() {
            body += &line((x(at), 8.0), (x(at), BOTTOM), "change");
        }
        let Some((value, bounds)) = value else { continue };
        if let Some((low, high)) = bounds {
            body += &line((x(at), y(*low)), (x(at), y(*high)), "whisker");
        }
        path.push(format!("{:.1},{:.1}", x(at), y(*value)));
        let changed: Vec<&str> = one.marks.iter().map(|mark| mark.what.as_str()).collect();
        let changed =
            if changed.is_empty() { String::new() } else { format!("; changed: {}", changed.join(", ")) };
        let title = format!("{}: {}{changed}", one.started, (trend.print)(*value));
        dots += &dot(x(at), y(*value), "mark", &title);
    }
    body += &format!("<polyline points=\"{}\" class=\"front\"/>", path.join(" "));
    body += &dots;
    body += &days(trend.lines, x);
    Some(figure(trend.title, "with its interval; dashed where something changed", HIGH, &body))
}

/// The days of the runs, as many as there is room for.
fn days(lines: &[HistoryLine], x: impl Fn(usize) -> f64) -> String {
    let every = lines.len().div_ceil(7);
    let shown = lines.iter().enumerate().step_by(every);
    shown
        .map(|(at, one)| text(x(at), HIGH - 6.0, "axis", one.started.get(..10).unwrap_or(&one.started)))
        .collect()
}
