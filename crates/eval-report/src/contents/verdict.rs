use eval_summary::{Settle, Summary, Verdict};

use crate::document::{Block, Section, Tone};
use crate::figures::money;

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::open("Verdict");
    let verdict = &summary.verdict;
    for warning in &summary.trust.warnings {
        section.blocks.push(Block::Text(Tone::Unsure, warning.clone()));
    }
    let tied = (verdict.tied.len() > 1).then(|| format!("{}.", verdict.tied.join(", ")));
    section.facts(vec![
        ("Why", verdict.reasons.clone()),
        ("Tied with the best", tied.into_iter().collect()),
        ("Runner-up", verdict.runner_up.iter().map(|second| format!("{second}.")).collect()),
        ("What would settle it", verdict.settle.iter().map(settle).collect()),
        ("What would flip it", verdict.flips.clone()),
        ("No candidates", excluded(verdict)),
        ("Asked for", vec![asked_for(verdict)]),
    ]);
    section
}

fn settle(settle: &Settle) -> String {
    let Settle { best, rival, .. } = settle;
    match (settle.cases, settle.usd) {
        (Some(cases), Some(usd)) => {
            format!("About {cases} more cases ({}) would tell {best} from {rival}.", money(usd))
        }
        (Some(cases), None) => format!("About {cases} more cases would tell {best} from {rival}."),
        (None, _) => format!("No reasonable number of cases would tell {best} from {rival}."),
    }
}

/// One line for all who are out for the same reasons.
fn excluded(verdict: &Verdict) -> Vec<String> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for one in &verdict.excluded {
        let reasons = one.reasons.join("; ");
        match groups.iter_mut().find(|(same, _)| *same == reasons) {
            Some((_, names)) => names.push(&one.provider),
            None => groups.push((reasons, vec![&one.provider])),
        }
    }
    groups.into_iter().map(|(reasons, names)| format!("{}: {reasons}.", names.join(", "))).collect()
}

fn asked_for(verdict: &Verdict) -> String {
    let asked = &verdict.constraints;
    let mut parts = Vec::new();
    parts.extend(asked.min_score.map(|least| format!("a score of at least {:.1} %", least * 100.0)));
    parts.extend(asked.max_p95_seconds.map(|most| format!("p95 of at most {most} s")));
    parts.extend(asked.max_usd_per_1000.map(|most| format!("at most {} per 1,000 cases", money(most))));
    if !asked.require.is_empty() {
        parts.push(asked.require.join(" and "));
    }
    let tolerance = format!("up to {:.1} points less are taken for a lower cost", asked.tolerance * 100.0);
    let first = "accuracy first, then cost";
    match parts.as_slice() {
        [] => format!("nothing in particular: {first}; {tolerance}."),
        parts => format!("{}; then {first}; {tolerance}.", parts.join(", ")),
    }
}
