use eval_summary::{Check, GateReport, GateVerdict};

use crate::{contents, escape};

/// One workflow command of GitHub's for every check that failed, and one where nothing was measured.
#[must_use]
pub fn annotations(report: &GateReport) -> String {
    let mut out = String::new();
    let failed = |check: &&Check| !check.part && check.verdict > GateVerdict::NoLossFound;
    for check in report.checks.iter().filter(failed) {
        let level = if check.verdict == GateVerdict::Inconclusive { "warning" } else { "error" };
        let title = escape::annotation_property(&format!("{} · {}", check.provider, check.scope));
        let lines =
            std::iter::once(contents::reason(check, report)).chain(check.broke.iter().map(contents::broke));
        let lines: Vec<String> = lines.map(|line| escape::annotation(&line)).collect();
        // The service reads this as a line break.
        out.push_str(&format!("::{level} title={title}::{}\n", lines.join("%0A")));
    }
    if report.all_cached {
        out.push_str(&format!("::warning title=gate::{}\n", contents::ALL_CACHED));
    }
    out
}
