mod words;

use eval_summary::{
    Against, CandidateChange, Check, GateExplanation, GateReport, GateSight, GateVerdict, Paired, Scope,
};

use super::against::{self, details, results, said};
use crate::document::{Block, Cell, Column, Document, Line, Section, Tone};
use crate::figures::{UNKNOWN, percent, points_of};
pub use words::gate_headline;
pub(crate) use words::{broke, reason};
use words::{in_unit, misses_cutoff, size};

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
            Some(check) => (word_of(check).to_owned(), tone(check.verdict)),
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
            Some(check) => (word_of(check), tone(check.verdict)),
            None => said(one),
        })
    }));
    Document {
        title: format!("Gate: {}", outcome(report)),
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

/// What a gate can say, before the run.
pub(crate) fn explanation(explanation: &GateExplanation) -> Document {
    let mut section = Section::open("Losses, in points");
    let columns = [
        Column::new("Provider"),
        Column::new("On"),
        Column::new("Cases"),
        Column::new("Documents").about("Independent source documents"),
        Column::new("Detectable")
            .detail("with noise")
            .about("The smallest true loss that ends 80% of runs with exit code 100"),
        Column::new("Ruled out")
            .detail("with noise")
            .about("The smallest loss that a run without any change rules out (90% confidence)"),
        Column::new("Own noise").about("Share of yes/no cases that flip from run to run"),
    ];
    section.whole_table("", &columns, explanation.sights.iter().map(sight).collect());
    section.note(vec![
        "Detectable: the smallest true loss that the gate's own test shows in 80% of runs (exit 100), each document counted \
         as one yes/no case. A run with a smaller loss often exits 0."
            .to_owned(),
        format!(
            "Ruled out: the smallest loss that is excluded with 90% confidence if nothing changes. The gate exits 0 if a \
             loss of {} is ruled out, and passes if a loss of {} is ruled out. All cases of a provider are pooled and \
             judged first.",
            points_of(explanation.detect),
            points_of(explanation.margin)
        ),
        "With noise: with the provider's own, which is known if the baseline was run with --repeat 2 or more; otherwise \
         with 10% of yes/no cases flipping."
            .to_owned(),
    ]);
    let (headline, tone) = foreseen(explanation);
    Document {
        title: "Gate: detectable losses".to_owned(),
        about: format!("baseline {}", explanation.baseline),
        headline,
        tone,
        sections: vec![section],
    }
}

/// What the pooled checks, which decide, can say; of several providers that of which the least is known.
fn foreseen(explanation: &GateExplanation) -> (String, Tone) {
    let of = |label: &str| explanation.sights.iter().find(|sight| sight.provider == label);
    let pooled: Vec<&GateSight> = explanation.sights.iter().filter_map(|sight| of(&sight.provider)).collect();
    if pooled.iter().any(|sight| sight.ruled_out > explanation.detect) {
        let detect = points_of(explanation.detect);
        let few = format!("Too few cases: a run without a loss may not rule out one of {detect} (exit 3).");
        return (few, Tone::Unsure);
    }
    let largest = |of: fn(&GateSight) -> Option<f64>| {
        let all: Option<Vec<f64>> = pooled.iter().map(|sight| of(sight)).collect();
        all.map(|all| all.into_iter().fold(0.0, f64::max))
    };
    match (largest(|sight| sight.detectable_if_steady), largest(|sight| sight.detectable)) {
        (Some(steady), Some(noisy)) => (
            format!(
                "Detectable with 80% power: a loss of {} points, or of {} with noise.",
                size(steady),
                size(noisy)
            ),
            Tone::Good,
        ),
        _ => ("Too few cases: no loss is detected with 80% power.".to_owned(), Tone::Unsure),
    }
}

fn sight(sight: &GateSight) -> Line {
    let or_unknown = |loss: Option<f64>| loss.map_or_else(|| UNKNOWN.to_owned(), size);
    Line::plain(vec![
        Cell::text(&sight.provider),
        Cell::text(sight.scope.to_string()),
        Cell::count(sight.cases),
        Cell::count(sight.documents),
        Cell::number(sight.detectable_if_steady, size).with(or_unknown(sight.detectable)),
        Cell::number(Some(sight.ruled_out_if_steady), size).with(size(sight.ruled_out)),
        Cell::number(sight.own_noise, percent),
    ])
}

fn line(check: &Check) -> Line {
    let print = |value: f64| in_unit(check.unit, value);
    let cells = vec![
        Cell::text(word_of(check)),
        Cell::text(&check.provider),
        Cell::text(check.scope.to_string()),
        Cell::number(check.value, print),
        // A cutoff names its bound as it was written; beside it the bound is in the unit of its figure.
        Cell::text(&check.rule).with(check.bound.map_or_else(String::new, print)),
    ];
    Line { cells, tone: if check.part { Tone::Plain } else { tone(check.verdict) } }
}

/// The outcome of all checks in a word or two.
fn outcome(report: &GateReport) -> &'static str {
    let mut worst = report.checks.iter().filter(|check| !check.part && check.verdict == report.verdict);
    match worst.next() {
        Some(first) if worst.all(|check| word_of(check) == word_of(first)) => word_of(first),
        _ => word(report.verdict),
    }
}

fn word_of(check: &Check) -> &'static str {
    if misses_cutoff(check) { "cutoff missed" } else { word(check.verdict) }
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
