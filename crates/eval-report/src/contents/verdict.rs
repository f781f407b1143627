use eval_summary::Summary;

use crate::document::{Block, Section, Tone};
use crate::figures::money;

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::open("Verdict");
    let verdict = &summary.verdict;
    for warning in &summary.trust.warnings {
        section.blocks.push(Block::Text(Tone::Unsure, warning.clone()));
    }
    let mut items = verdict.reasons.clone();
    if verdict.tied.len() > 1 {
        items.push(format!("Not told apart from the best: {}.", verdict.tied.join(", ")));
    }
    if let Some(second) = &verdict.runner_up {
        items.push(format!("Runner-up: {second}."));
    }
    items.extend(verdict.flips.iter().cloned());
    if let Some(settle) = &verdict.settle {
        items.push(match (settle.cases, settle.usd) {
            (Some(cases), Some(usd)) => format!(
                "About {cases} more cases ({}) would settle {} against {}.",
                money(usd),
                settle.best,
                settle.rival
            ),
            (Some(cases), None) => {
                format!("About {cases} more cases would settle {} against {}.", settle.best, settle.rival)
            }
            (None, _) => {
                format!(
                    "No reasonable number of cases would settle {} against {}.",
                    settle.best, settle.rival
                )
            }
        });
    }
    items.extend(
        verdict.excluded.iter().map(|one| format!("Out: {}: {}", one.provider, one.reasons.join(" "))),
    );
    section.list(items);
    section
}
