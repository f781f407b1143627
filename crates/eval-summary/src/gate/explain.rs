//! What a gate can say with a baseline, before the run.

use std::collections::{BTreeMap, BTreeSet};

use eval_statistics::{
    Level, LossRules, Moments, detectable_loss, mean_interval, report_weights, ruled_out_loss,
};

use super::GateRules;
use super::loss::POWER;
use crate::baseline::CaseScore;
use crate::{Baseline, GateExplanation, GateSight, SUMMARY_VERSION, Scope, SummaryError};

/// The share of yes/no cases that flip from run to run where nothing is known of it.
const USUAL_NOISE: f64 = 0.1;

/// The losses that a run of the baseline's cases detects and rules out: each provider on all of them, then task by task.
pub fn explain_gate(baseline: &Baseline, rules: &GateRules) -> Result<GateExplanation, SummaryError> {
    rules.check()?;
    let mut sights = Vec::new();
    let share = 1.0 / baseline.providers.len().max(1) as f64;
    for provider in &baseline.providers {
        let scores = || baseline.scores.iter().filter(|score| score.provider == provider.label);
        let mut by_task: BTreeMap<Scope, Vec<&CaseScore>> = BTreeMap::new();
        for score in scores() {
            by_task.entry(Scope::task(&score.dataset, score.task)).or_default().push(score);
        }
        let is_pooled = by_task.len() > 1;
        let (of_pooled, of_task) = report_weights(usize::from(is_pooled), by_task.len());
        let mut see = |scope: Scope, scores: &[&CaseScore], weight: f64| {
            sights.extend(sight(&provider.label, scope, scores, (rules, share * weight)));
        };
        if is_pooled {
            see(Scope::Overall, &scores().collect::<Vec<_>>(), of_pooled);
        }
        by_task.into_iter().for_each(|(scope, scores)| see(scope, &scores, of_task));
    }
    Ok(GateExplanation {
        v: SUMMARY_VERSION,
        baseline: baseline.name.clone(),
        margin: rules.margin,
        detect: rules.detect,
        sights,
    })
}

fn sight(
    provider: &str,
    scope: Scope,
    scores: &[&CaseScore],
    (rules, weight): (&GateRules, f64),
) -> Option<GateSight> {
    let documents: BTreeSet<(&str, &str)> =
        scores.iter().map(|score| (score.dataset.as_str(), score.document())).collect();
    let documents = documents.len();
    let own_noise = own_noise(scores);
    let noise = own_noise.map_or(USUAL_NOISE, |noise| noise.planned);
    let loss_rules = LossRules { margin: rules.margin, detect: rules.detect };
    let detectable = |noise: f64| detectable_loss(documents, noise, &loss_rules, weight, POWER);
    Some(GateSight {
        provider: provider.to_owned(),
        scope,
        cases: scores.len() as u64,
        documents: documents as u64,
        own_noise: own_noise.map(|noise| noise.seen),
        detectable_if_steady: detectable(0.0),
        detectable: detectable(noise),
        ruled_out_if_steady: ruled_out_loss(documents, 0.0)?,
        ruled_out: ruled_out_loss(documents, noise)?,
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
