use eval_summary::{Check, GateReport, GateVerdict};

use super::against;
use crate::document::{Block, Cell, Column, Document, Line, Section, Tone};
use crate::figures::{percent, plain, points};

pub(crate) fn gate(report: &GateReport) -> Document {
    let mut section = Section::open("Checks");
    let columns = Column::all(["Outcome", "Provider", "On", "Is", "Held against"]);
    section.whole_table("", &columns, report.checks.iter().map(line).collect());
    for check in report.checks.iter().filter(|check| check.verdict != GateVerdict::Pass) {
        let sentence = format!("{} on {}: {}.", check.provider, check.scope, check.message);
        section.blocks.push(Block::Text(tone(check.verdict), sentence));
        let mut items = check.broke.clone();
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
    // Scores of the baseline are shares; a cutoff is in the unit in which it was written.
    let is_score = check.rule.starts_with("baseline ");
    let print = |value: f64| if is_score { percent(value) } else { plain(value) };
    let cells = vec![
        Cell::text(word(check.verdict)),
        Cell::text(&check.provider),
        Cell::text(check.scope.to_string()),
        Cell::number(check.value, print),
        // A cutoff names its bound.
        Cell::text(&check.rule).with(check.bound.filter(|_| is_score).map_or_else(String::new, percent)),
    ];
    Line { cells, tone: tone(check.verdict) }
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
