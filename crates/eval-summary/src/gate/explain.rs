//! What a gate can see with a baseline, said before the run.

use std::collections::{BTreeMap, BTreeSet};

use eval_statistics::{Moments, visible_loss};

use super::GateRules;
use crate::baseline::CaseScore;
use crate::{Baseline, GateExplanation, GateSight, SUMMARY_VERSION, Scope, SummaryError};

/// The share of yes/no cases that flip from run to run where nothing is known of it.
const USUAL_NOISE: f64 = 0.1;

/// The losses that a run of the baseline's cases can show: each provider on all of them, then task by task.
pub fn explain_gate(baseline: &Baseline, rules: &GateRules) -> Result<GateExplanation, SummaryError> {
    rules.check()?;
    let mut sights = Vec::new();
    for provider in &baseline.providers {
        let scores = || baseline.scores.iter().filter(|score| score.provider == provider.label);
        let mut by_task: BTreeMap<Scope, Vec<&CaseScore>> = BTreeMap::new();
        for score in scores() {
            by_task.entry(Scope::task(&score.dataset, score.task)).or_default().push(score);
        }
        if by_task.len() > 1 {
            sights.extend(sight(&provider.label, Scope::Overall, &scores().collect::<Vec<_>>()));
        }
        sights
            .extend(by_task.into_iter().filter_map(|(scope, scores)| sight(&provider.label, scope, &scores)));
    }
    Ok(GateExplanation {
        v: SUMMARY_VERSION,
        baseline: baseline.name.clone(),
        margin: rules.margin,
        detect: rules.detect,
        sights,
    })
}

fn sight(provider: &str, scope: Scope, scores: &[&CaseScore]) -> Option<GateSight> {
    let documents: BTreeSet<(&str, &str)> =
        scores.iter().map(|score| (score.dataset.as_str(), score.document())).collect();
    let own_noise = own_noise(scores);
    Some(GateSight {
        provider: provider.to_owned(),
        scope,
        cases: scores.len() as u64,
        documents: documents.len() as u64,
        own_noise,
        visible_if_steady: visible_loss(documents.len(), 0.0)?,
        visible: visible_loss(documents.len(), own_noise.unwrap_or(USUAL_NOISE))?,
    })
}

/// The variance of a case's difference between two runs that its repeats explain; unknown without repeats.
fn own_noise(scores: &[&CaseScore]) -> Option<f64> {
    let of_case = |score: &&CaseScore| {
        let moments: Moments = score.scores.iter().copied().collect();
        Some(2.0 * moments.variance()? / moments.count() as f64)
    };
    scores.iter().filter_map(of_case).collect::<Moments>().mean()
}
