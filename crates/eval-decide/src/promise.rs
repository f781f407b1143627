//! What can be promised of the documents that run unattended.
//!
//! The unit is the source document: it runs unattended if every case of it does, and it is right if every case is.
//! Documents are independent, so that the exact binomial test of Learn then Test holds.

use eval_statistics::{Level, clopper_pearson, normal_quantile};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::selective::{LearnThenTest, Procedure, RiskBound, learn_then_test, risk_coverage};

/// Thresholds, fixed before anything is seen; the strictest first.
pub const THRESHOLDS: [f64; 27] = [
    1.0, 0.999, 0.998, 0.995, 0.99, 0.985, 0.98, 0.97, 0.96, 0.95, 0.94, 0.92, 0.9, 0.88, 0.85, 0.8, 0.75,
    0.7, 0.65, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.0,
];
/// The thresholds of a simultaneous bound: fewer, because each takes its part of the error.
const BAND: [f64; 10] = [1.0, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.5, 0.3, 0.0];
/// Errors that may be promised, where the wanted one cannot be; descending.
const LEVELS: [f64; 21] = [
    0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.12, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03, 0.025, 0.02, 0.015, 0.01,
    0.0075, 0.005, 0.0025, 0.001,
];
/// Where there are three times as many documents, a start with fewer of them is not worth it.
const FEWEST: usize = 20;
/// The chance with which so many documents shall be enough.
const POWER: f64 = 0.8;
/// Nobody labels more.
const MOST_DOCUMENTS: f64 = 1e6;

/// Documents with what is known of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Documents {
    /// 1 if right, else 0.
    pub right: Vec<f64>,
    /// How far each can be trusted; without one it goes to a person.
    pub confidence: Vec<Option<f64>>,
}

/// What is promised, and how surely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// The share of wrong documents among those that run unattended.
    pub error: f64,
    /// The chance that the promise is broken.
    pub delta: f64,
}

/// A threshold with what is known of the documents above it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    /// Documents run unattended from this value of the signal on.
    pub threshold: f64,
    /// Documents above it.
    pub documents: u64,
    /// Their share of all documents.
    pub share: f64,
    /// The wrong ones among them.
    pub wrong: u64,
    /// The share of wrong ones among them, as observed.
    pub observed_error: f64,
    /// The upper bound of their true error (Clopper–Pearson, one-sided).
    pub bound: f64,
}

/// The error that can be promised with these documents.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PromisedToday {
    /// The share of wrong documents among those that run unattended.
    pub error: f64,
    /// From which value of the signal on.
    #[serde(flatten)]
    pub accepted: Accepted,
}

/// The documents that a promise takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Needed {
    /// Accepted documents, if not one of them is wrong.
    pub accepted_at_least: u64,
    /// Labeled documents in all, if errors go on as observed; missing if the signal never gets below the error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents: Option<u64>,
}

impl Documents {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.right.len()
    }

    /// What is accepted from a threshold on, with a bound at this error rate.
    #[must_use]
    pub fn above(&self, threshold: f64, delta: f64) -> Accepted {
        let taken = self.confidence.iter().zip(&self.right);
        let taken = taken.filter(|(confidence, _)| confidence.is_some_and(|it| it >= threshold));
        let (documents, wrong) =
            taken.fold((0_u64, 0_u64), |(all, wrong), (_, right)| (all + 1, wrong + u64::from(*right < 1.0)));
        let of = |part: u64, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        Accepted {
            threshold,
            documents,
            share: of(documents, self.count()),
            wrong,
            observed_error: of(wrong, documents as usize),
            bound: upper(wrong, documents, delta),
        }
    }
}

/// The upper bound of a share, one-sided.
fn upper(wrong: u64, all: u64, delta: f64) -> f64 {
    let level = Level::from_alpha(2.0 * delta).ok();
    level.and_then(|level| clopper_pearson(wrong, all, level)).map_or(1.0, |it| it.high)
}

/// The largest part of the documents for which the error can be promised; nothing if there is none.
#[must_use]
pub fn promise(documents: &Documents, target: Target) -> Option<Accepted> {
    let learned = learn_then_test(&documents.right, &documents.confidence, &settings(documents, target));
    learned.choice.threshold.map(|threshold| documents.above(threshold, target.delta))
}

fn settings(documents: &Documents, target: Target) -> LearnThenTest {
    let z = normal_quantile(1.0 - target.delta);
    let comfortable = (4.0 * z * z * (1.0 - target.error) / target.error).ceil() as usize;
    // A start with few documents fails on the first wrong one; it is worth waiting for more if there are many.
    let least = comfortable.max(FEWEST);
    LearnThenTest {
        risk: target.error,
        delta: target.delta,
        thresholds: THRESHOLDS.to_vec(),
        bound: RiskBound::Binomial,
        procedure: Procedure::FixedSequence,
        skip_untestable: true,
        min_accepted: if documents.count() >= 3 * least { least } else { 0 },
    }
}

/// The smallest error that can be promised today: what [`promise`] gives for it, at the same error rate.
///
/// Errors are tried from the largest on, the wanted one among them, until one cannot be promised. What is wanted and can
/// be promised is never below that.
#[must_use]
pub fn promised_today(documents: &Documents, target: Target) -> Option<PromisedToday> {
    let at = |error: f64| {
        promise(documents, Target { error, ..target }).map(|accepted| PromisedToday { error, accepted })
    };
    let mut levels = LEVELS.to_vec();
    levels.push(target.error);
    levels.sort_by(|a, b| b.total_cmp(a));
    let chain = levels.into_iter().map_while(at).last();
    let wanted = || at(target.error);
    chain.filter(|it| it.error <= target.error).or_else(wanted).or(chain)
}

/// How many documents the promise takes.
#[must_use]
pub fn needed(documents: &Documents, target: Target) -> Needed {
    let least = (target.delta.ln() / (1.0 - target.error).ln()).ceil();
    let of_threshold = |threshold: &f64| {
        let seen = documents.above(*threshold, target.delta);
        let accepted = enough(seen.observed_error, target).filter(|_| seen.documents > 0)?;
        Some((accepted / seen.share).ceil())
    };
    let documents = THRESHOLDS.iter().filter_map(of_threshold).min_by(f64::total_cmp);
    Needed { accepted_at_least: least as u64, documents: documents.map(|count| count as u64) }
}

/// Accepted documents that show the target with a chance of 80 % if so many of them are wrong.
fn enough(wrong: f64, target: Target) -> Option<f64> {
    if wrong >= target.error {
        return None;
    }
    // The normal approximation is within a few per cent, and the observed error is not known better than that.
    let z = [normal_quantile(1.0 - target.delta), normal_quantile(POWER)];
    let spread = |error: f64| (error * (1.0 - error)).sqrt();
    let normal = ((z[0] * spread(target.error) + z[1] * spread(wrong)) / (target.error - wrong)).powi(2);
    let least = target.delta.ln() / (1.0 - target.error).ln();
    Some(normal.max(least)).filter(|count| *count <= MOST_DOCUMENTS)
}

/// A threshold that looks good enough, without any promise: the largest share with an observed error within the target.
#[must_use]
pub fn naive(documents: &Documents, target: Target) -> Option<Accepted> {
    let found = risk_coverage(&documents.right, &documents.confidence, &[target.error]);
    let at = found.coverage_at_risk.first()?;
    Some(documents.above(at.threshold?, target.delta))
}

/// Upper bounds that hold at all thresholds at once.
#[must_use]
pub fn band(documents: &Documents, delta: f64) -> Vec<Accepted> {
    let each = delta / BAND.len() as f64;
    let mut points: Vec<Accepted> = BAND.iter().map(|threshold| documents.above(*threshold, each)).collect();
    points.retain(|point| point.documents > 0);
    points.dedup_by_key(|point| point.documents);
    points
}

#[cfg(test)]
mod tests;
