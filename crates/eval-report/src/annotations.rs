use eval_summary::{GateReport, GateVerdict};

use crate::escape;

/// A line of GitHub's workflow commands for every check that did not pass.
#[must_use]
pub fn annotations(report: &GateReport) -> String {
    let mut out = String::new();
    for check in report.checks.iter().filter(|check| check.verdict != GateVerdict::Pass) {
        let level = if check.verdict == GateVerdict::Inconclusive { "warning" } else { "error" };
        let title = escape::annotation_property(&format!("{} · {}", check.provider, check.scope));
        let mut message = check.message.clone();
        if !check.broke.is_empty() {
            message.push_str(&format!(" Broke: {}.", check.broke.join(", ")));
        }
        out.push_str(&format!("::{level} title={title}::{}\n", escape::annotation(&message)));
    }
    out
}
