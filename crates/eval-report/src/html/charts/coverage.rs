use eval_decide::{Automation, AutomationLine, TaskAutomation};

use super::{dot, figure, line, short, steps, text};
use crate::figures::percent;

const HIGH: f64 = 280.0;
const LEFT: f64 = 52.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = HIGH - 30.0;

/// Error against the share that runs unattended: what is observed, and what holds at all thresholds at once. Nothing
/// where no line accepts anything.
pub(crate) fn coverage(automation: &Automation, task: &TaskAutomation) -> Option<String> {
    let shown = task.lines.iter().filter(|line| !line.curve.is_empty());
    let shown = shown.max_by(|a, b| rank(a).total_cmp(&rank(b)))?;
    let highest = shown.curve.iter().map(|point| point.bound).fold(automation.wanted.max_error, f64::max);
    let scale = steps(highest.min(1.0));
    let most = scale.last().copied().unwrap_or(1.0).max(f64::MIN_POSITIVE);
    let title = "Error against automation";
    let about = format!(
        "{}, accepted by {}; line: upper bound that holds for all thresholds at once (95%), dots: observed, dashed: target",
        shown.provider,
        crate::contents::signal(shown.signal)
    );
    Some(figure(title, &about, |room| {
        let x = |share: f64| LEFT + share * (room.wide - LEFT - 16.0);
        let y = |error: f64| BOTTOM - (error / most).clamp(0.0, 1.0) * (BOTTOM - TOP);
        let mut body = String::new();
        for error in &scale {
            body += &line((LEFT, y(*error)), (room.wide - 10.0, y(*error)), "grid");
            body += &text(LEFT - 8.0, y(*error) + 4.0, "label soft", &percent(*error));
        }
        for share in room.labels(vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0]) {
            body += &text(x(share), HIGH - 8.0, "axis", &format!("{:.0}%", share * 100.0));
        }
        let target = automation.wanted.max_error;
        body += &line((LEFT, y(target)), (room.wide - 10.0, y(target)), "change");
        let bounds: Vec<String> =
            shown.curve.iter().map(|it| format!("{:.1},{:.1}", x(it.share), y(it.bound))).collect();
        body += &format!("<polyline points=\"{}\" class=\"front\"/>", bounds.join(" "));
        for point in &shown.curve {
            let name = short(&shown.provider, room.name);
            let title = format!(
                "{name}: {} unattended, {} wrong as observed, at most {}",
                percent(point.share),
                percent(point.observed_error),
                percent(point.bound)
            );
            body +=
                &line((x(point.share), y(point.observed_error)), (x(point.share), y(point.bound)), "whisker");
            body += &dot(x(point.share), y(point.observed_error), "mark", &title);
        }
        (HIGH, body)
    }))
}

/// The line with the best promise, and else the one that tells right from wrong best.
fn rank(line: &AutomationLine) -> f64 {
    let promised = line.promised.as_ref().map_or(0.0, |it| 1.0 + it.share);
    promised + line.calibration.auroc.unwrap_or(0.0) / 10.0
}
