use eval_summary::{Check, GateReport, GateVerdict};

use super::against;
use crate::document::{Cell, Column, Document, Line, Section, Tone};
use crate::figures::points;

pub(crate) fn gate(report: &GateReport) -> Document {
    let mut section = Section::open("Checks");
    let columns = Column::all(["Outcome", "Provider", "On", "Rule"]);
    section.table("", &columns, report.checks.iter().map(line).collect());
    for check in report.checks.iter().filter(|check| check.verdict != GateVerdict::Pass) {
        section.say(format!("{} on {}: {}", check.provider, check.scope, check.message));
        let mut items = Vec::new();
        if !check.broke.is_empty() {
            items.push(format!("Broke: {}", check.broke.join(", ")));
        }
        if !check.cases.is_empty() {
            items.push(format!("Cases: {}", check.cases.join(", ")));
        }
        section.list(items);
    }
    let mut sections = vec![section];
    if let Some(earlier) = &report.against {
        let mut section = Section::folded(format!("Against {}", earlier.name));
        against::push(&mut section, earlier);
        sections.push(section);
    }
    Document {
        title: format!("Gate: {}", word(report.verdict)),
        about: format!("margin {} points", points(report.margin).trim_start_matches('+')),
        headline: report.sentence.clone(),
        tone: tone(report.verdict),
        sections,
    }
}

fn line(check: &Check) -> Line {
    let cells = [word(check.verdict), &check.provider, &check.scope.to_string(), &check.rule].map(Cell::text);
    Line { cells: cells.into(), tone: tone(check.verdict) }
}

fn word(verdict: GateVerdict) -> &'static str {
    match verdict {
        GateVerdict::Pass => "pass",
        GateVerdict::Inconclusive => "inconclusive",
        GateVerdict::Stale => "baseline stale",
        GateVerdict::Incomplete => "incomplete",
        GateVerdict::Regressed => "regressed",
    }
}

fn tone(verdict: GateVerdict) -> Tone {
    match verdict {
        GateVerdict::Pass => Tone::Good,
        GateVerdict::Inconclusive => Tone::Unsure,
        GateVerdict::Stale | GateVerdict::Incomplete | GateVerdict::Regressed => Tone::Bad,
    }
}
