//! What a gate can see with a baseline, said before the run.

use std::collections::{BTreeMap, BTreeSet};

use eval_statistics::{Level, Moments, mean_interval, visible_loss};

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
        own_noise: own_noise.map(|noise| noise.seen),
        visible_if_steady: visible_loss(documents.len(), 0.0)?,
        visible: visible_loss(documents.len(), own_noise.map_or(USUAL_NOISE, |noise| noise.planned))?,
    })
}

/// The variance of a case's difference between two runs that its repeats explain.
#[derive(Debug, Clone, Copy)]
struct OwnNoise {
    seen: f64,
    /// What a plan reckons with: a few cases that never changed do not show that none does.
    planned: f64,
}

/// Unknown without repeats.
fn own_noise(scores: &[&CaseScore]) -> Option<OwnNoise> {
    let of_case = |score: &&CaseScore| {
        let moments: Moments = score.scores.iter().copied().collect();
        Some((2.0 * moments.variance()? / moments.count() as f64).min(MOST_NOISE))
    };
    let shares: Vec<f64> = scores.iter().filter_map(of_case).map(|noise| noise / MOST_NOISE).collect();
    let mean = mean_interval(&shares, Level::new(PLANNED).ok()?)?;
    let planned = mean.interval.map_or(1.0, |interval| interval.high);
    Some(OwnNoise { seen: mean.mean * MOST_NOISE, planned: planned * MOST_NOISE })
}

/// That of a case whose two repeats always differ by everything.
const MOST_NOISE: f64 = 0.5;

/// The noise of a provider is larger than planned for in one of five plans at most.
const PLANNED: f64 = 0.6;
