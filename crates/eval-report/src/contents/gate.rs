mod words;

use eval_summary::{
    Against, CandidateChange, Check, GateExplanation, GateReport, GateSight, GateVerdict, Paired, Scope,
};

use super::against::{self, details, results, said};
use crate::document::{Block, Cell, Column, Document, Line, Section, Tone};
use crate::figures::{percent, points, points_of};
pub use words::gate_headline;
use words::in_unit;
pub(crate) use words::{broke, reason};

/// What a gate over answers of earlier runs can say.
pub(crate) const ALL_CACHED: &str = "All answers came from the cache: nothing new was measured";

pub(crate) fn gate(report: &GateReport) -> Document {
    let mut first = Section::open("Results");
    if report.all_cached {
        first.blocks.push(Block::Text(Tone::Unsure, format!("{ALL_CACHED}.")));
    }
    let against = report.against.clone().map(without_detectable);
    if let Some(against) = &against {
        results(&mut first, against, |one, against| match judged(report, one) {
            Some(check) => (word(check.verdict).to_owned(), tone(check.verdict)),
            None => against::word(one, against),
        });
        first.note(pooling(report).into_iter().collect());
        first.note(vec![
            "Regressed: a loss in a one-sided paired test at 5%, corrected for all checks, that exceeds the margin. The 95% \
             CI is two-sided, adjusted for the number of candidates, and assumes nothing about the shape of the scores, so \
             it is wider than the test; where a loss is shown, it ends at the loss that is exceeded with 95% confidence."
                .to_owned(),
        ]);
    }
    // What the table does not show: cutoffs, and what is missing from the run.
    let failed = report.checks.iter().filter(|check| !check.part && check.verdict != GateVerdict::Pass);
    let (compared, others): (Vec<&Check>, Vec<&Check>) = failed.partition(|check| check.loss.is_some());
    reasons(&mut first, &others, report);
    if let Some(command) = &report.command {
        first.blocks.push(Block::Command(command.clone()));
    }
    let mut sections: Vec<Section> = [first].into_iter().filter(|it| !it.blocks.is_empty()).collect();
    sections.push(checks(report, &compared));
    sections.extend(against.iter().flat_map(|against| {
        // What the gate says of a comparison is said wherever it stands.
        details(against, "", |one| match of_comparison(report, one) {
            Some(check) => (word(check.verdict), tone(check.verdict)),
            None => said(one),
        })
    }));
    Document {
        title: format!("Gate: {}", word(report.verdict)),
        about: match &report.baseline {
            Some(name) => {
                let margin = points_of(report.margin);
                format!("{} vs. {name} · losses of up to {margin} are accepted", report.run)
            }
            // Nothing can be lost against cutoffs alone.
            None => report.run.clone(),
        },
        headline: gate_headline(report),
        tone: tone(report.verdict),
        sections,
    }
}

/// Why the figures of the gate are not those of the table: over several tasks they are two means.
fn pooling(report: &GateReport) -> Option<String> {
    let is_pooled = |check: &Check| check.loss.is_some() && check.scope == Scope::Overall;
    report.checks.iter().any(is_pooled).then(|| {
        "The table averages tasks. The gate pools the cases of all tasks, each with the same weight, so that its change \
         and interval may differ from the table's."
            .to_owned()
    })
}

/// A gate names one detectable loss: the smallest that this run would have shown, beside the one that it must show.
fn without_detectable(mut against: Against) -> Against {
    against.differences.iter_mut().for_each(|one| one.difference.smallest_detectable = None);
    against
}

/// The check that decides about a candidate's score.
fn judged<'a>(report: &'a GateReport, one: &CandidateChange) -> Option<&'a Check> {
    let mut checks = report.checks.iter().filter(|check| !check.part && check.loss.is_some());
    checks.find(|check| check.provider == one.provider)
}

fn of_comparison<'a>(report: &'a GateReport, one: &Paired) -> Option<&'a Check> {
    let mut checks = report.checks.iter().filter(|check| check.loss.is_some());
    checks.find(|check| check.provider == one.difference.b && check.scope == one.scope)
}

fn reasons(section: &mut Section, checks: &[&Check], report: &GateReport) {
    for check in checks {
        let who = if check.provider.is_empty() { "The run" } else { &check.provider };
        let sentence = format!("{who} on {}: {}.", check.scope, reason(check, report));
        section.blocks.push(Block::Text(tone(check.verdict), sentence));
        let mut items: Vec<String> = check.broke.iter().map(broke).collect();
        if !check.cases.is_empty() {
            items.push(format!("Cases: {}", check.cases.join(", ")));
        }
        section.list(items);
    }
}

/// Every check, and why those with a baseline did not pass.
fn checks(report: &GateReport, compared: &[&Check]) -> Section {
    let mut section = match report.against {
        Some(_) => Section::folded("Checks"),
        None => Section::open("Checks"),
    };
    let columns = Column::all(["Outcome", "Provider", "On", "Value", "Rule"]);
    let lines =
        |is_part: bool| report.checks.iter().filter(|check| check.part == is_part).map(line).collect();
    section.whole_table("", &columns, lines(false));
    reasons(&mut section, compared, report);
    let mut parts = Section::folded("Single tasks");
    parts.table("", &columns, lines(true));
    if !parts.blocks.is_empty() {
        parts
            .note(vec!["A single task counts only if it regressed; these outcomes do not count.".to_owned()]);
    }
    section.fold(parts);
    section
}

/// What a gate can see, before the run.
pub(crate) fn explanation(explanation: &GateExplanation) -> Document {
    let mut section = Section::open("Smallest detectable loss");
    let columns = [
        Column::new("Provider"),
        Column::new("On"),
        Column::new("Cases"),
        Column::new("Documents").about("Independent source documents"),
        Column::new("Without noise").about("In points, if no answer changes by itself"),
        Column::new("With noise")
            .about("In points, with the provider's own noise, or 10% of yes/no cases flipping"),
        Column::new("Own noise").about("Share of yes/no cases that flip from run to run"),
    ];
    section.whole_table("", &columns, explanation.sights.iter().map(sight).collect());
    section.note(vec![
        format!(
            "90% confidence. The gate exits 0 if a loss of {} is ruled out, and passes if a loss of {} is \
             ruled out. All cases of a provider are pooled and judged first.",
            points_of(explanation.detect),
            points_of(explanation.margin)
        ),
        "Own noise is known if the baseline was run with --repeat 2 or more.".to_owned(),
    ]);
    let pooled = |label: &str| explanation.sights.iter().find(|sight| sight.provider == label);
    let labels: Vec<&str> = explanation.sights.iter().map(|sight| sight.provider.as_str()).collect();
    let blind =
        labels.iter().filter_map(|label| pooled(label)).any(|sight| sight.visible > explanation.detect);
    Document {
        title: "Gate: detectable losses".to_owned(),
        about: format!("baseline {}", explanation.baseline),
        headline: if blind {
            format!("Too few cases: a loss of {} can go undetected.", points_of(explanation.detect))
        } else {
            format!("A loss of {} would be detected.", points_of(explanation.detect))
        },
        tone: if blind { Tone::Unsure } else { Tone::Good },
        sections: vec![section],
    }
}

fn sight(sight: &GateSight) -> Line {
    Line::plain(vec![
        Cell::text(&sight.provider),
        Cell::text(sight.scope.to_string()),
        Cell::count(sight.cases),
        Cell::count(sight.documents),
        Cell::text(size(sight.visible_if_steady)),
        Cell::text(size(sight.visible)),
        Cell::number(sight.own_noise, percent),
    ])
}

fn size(share: f64) -> String {
    points(share).trim_start_matches('+').to_owned()
}

fn line(check: &Check) -> Line {
    let print = |value: f64| in_unit(check.unit, value);
    let cells = vec![
        Cell::text(word(check.verdict)),
        Cell::text(&check.provider),
        Cell::text(check.scope.to_string()),
        Cell::number(check.value, print),
        // A cutoff names its bound as it was written; beside it the bound is in the unit of its figure.
        Cell::text(&check.rule).with(check.bound.map_or_else(String::new, print)),
    ];
    Line { cells, tone: if check.part { Tone::Plain } else { tone(check.verdict) } }
}

fn word(verdict: GateVerdict) -> &'static str {
    match verdict {
        GateVerdict::Pass => "pass",
        GateVerdict::NoLossFound => "no loss found",
        GateVerdict::Inconclusive => "inconclusive",
        GateVerdict::Stale => "baseline out of date",
        GateVerdict::Incomplete => "incomplete",
        GateVerdict::Regressed => "regressed",
    }
}

fn tone(verdict: GateVerdict) -> Tone {
    match verdict {
        GateVerdict::Pass | GateVerdict::NoLossFound => Tone::Good,
        GateVerdict::Inconclusive => Tone::Unsure,
        GateVerdict::Stale | GateVerdict::Incomplete | GateVerdict::Regressed => Tone::Bad,
    }
}
