use eval_summary::HistoryLine;

use super::{dot, drawing, line, steps, text};
use crate::escape::html;

const WIDE: f64 = 420.0;
const HIGH: f64 = 190.0;
const LEFT: f64 = 62.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = HIGH - 26.0;

/// A figure and the interval around it.
type Value = Option<(f64, Option<(f64, f64)>)>;

/// What is drawn over time.
pub(crate) struct Trend<'a> {
    pub(crate) title: &'a str,
    /// Whether it is a share: its scale ends at 1, and begins where there is something to see.
    pub(crate) is_share: bool,
    pub(crate) print: fn(f64) -> String,
    pub(crate) lines: &'a [HistoryLine],
    pub(crate) value: &'a dyn Fn(&HistoryLine) -> Value,
}

/// What may change between two runs, and the letter for it in a drawing.
const LETTERS: [(&str, &str); 7] = [
    ("served model", "M"),
    ("fingerprint", "F"),
    ("prompt", "P"),
    ("dataset", "D"),
    ("metric", "S"),
    ("scorer", "S"),
    ("prices", "$"),
];

/// One figure of one provider over its runs, with marks where something changed. Nothing without a figure.
pub(crate) fn trend(trend: &Trend<'_>) -> Option<String> {
    let values: Vec<Value> = trend.lines.iter().map(trend.value).collect();
    values.iter().flatten().next()?;
    let scale = scale(&values, trend.is_share);
    let (floor, top) = (scale[0], scale[scale.len() - 1]);
    let x = |at: usize| LEFT + (at as f64 + 0.5) / trend.lines.len() as f64 * (WIDE - LEFT - 10.0);
    let y = |value: f64| TOP + (1.0 - ((value - floor) / (top - floor)).clamp(0.0, 1.0)) * (BOTTOM - TOP);
    let mut body = String::new();
    for value in &scale {
        body += &line((LEFT, y(*value)), (WIDE - 6.0, y(*value)), "grid");
        body += &text(LEFT - 8.0, y(*value) + 4.0, "label soft", &(trend.print)(*value));
    }
    let mut path = Vec::new();
    let mut dots = String::new();
    for (at, (one, value)) in trend.lines.iter().zip(&values).enumerate() {
        if !one.marks.is_empty() {
            body += &change(x(at), one);
        }
        let Some((value, bounds)) = value else { continue };
        if let Some((low, high)) = bounds {
            body += &line((x(at), y(*low)), (x(at), y(*high)), "whisker");
        }
        path.push(format!("{:.1},{:.1}", x(at), y(*value)));
        let title = format!("{}: {}", one.started, (trend.print)(*value));
        dots += &dot(x(at), y(*value), "mark", &title);
    }
    body += &format!("<polyline points=\"{}\" class=\"front\"/>", path.join(" "));
    body += &dots;
    body += &days(trend.lines, x);
    Some(drawing(trend.title, &about(trend.lines), (WIDE, HIGH), &body))
}

/// Round values from the least to the most.
fn scale(values: &[Value], is_share: bool) -> Vec<f64> {
    let ends = values.iter().flatten().map(|(value, bounds)| bounds.unwrap_or((*value, *value)));
    let (low, high) = ends.fold((1.0, 0.0), |(low, high), one| (one.0.min(low), one.1.max(high)));
    if is_share {
        let floor = ((low - 0.05) * 5.0).floor().clamp(0.0, 4.0) as u32;
        return (floor..=5).map(|fifth| f64::from(fifth) / 5.0).collect();
    }
    if high > 0.0 { steps(high) } else { vec![0.0, 1.0] }
}

/// A dashed line with the letters of what changed, and the words on demand.
fn change(x: f64, at: &HistoryLine) -> String {
    let what: Vec<String> =
        at.marks.iter().map(|mark| format!("{}: {} → {}", mark.what, mark.from, mark.to)).collect();
    let mut letters: Vec<&str> = at.marks.iter().filter_map(|mark| letter(&mark.what)).collect();
    letters.dedup();
    format!(
        "<g><title>{}</title>{}{}</g>",
        html(&what.join("; ")),
        line((x, TOP - 8.0), (x, BOTTOM), "change"),
        text(x, TOP - 12.0, "changed", &letters.join(" "))
    )
}

fn letter(what: &str) -> Option<&'static str> {
    LETTERS.iter().find(|(name, _)| *name == what).map(|(_, letter)| *letter)
}

/// The letters that are in the drawing, explained.
fn about(lines: &[HistoryLine]) -> String {
    let marked = |name: &str| lines.iter().any(|line| line.marks.iter().any(|mark| mark.what == name));
    let found = LETTERS.iter().filter(|(name, _)| marked(name));
    let words: Vec<String> = found.map(|(name, letter)| format!("{letter} {name}")).collect();
    match words.as_slice() {
        [] => "over the runs".to_owned(),
        words => format!("changed: {}", words.join(", ")),
    }
}

/// The days of the runs, as many as there is room for.
fn days(lines: &[HistoryLine], x: impl Fn(usize) -> f64) -> String {
    let every = lines.len().div_ceil(5);
    let shown = lines.iter().enumerate().step_by(every);
    shown
        .map(|(at, one)| text(x(at), HIGH - 6.0, "axis", one.started.get(..10).unwrap_or(&one.started)))
        .collect()
}
