use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Against, Bounds, Scope, Uncalibrated};

/// Whether a run may pass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateReport {
    /// The version of this form.
    pub v: u32,
    /// The worst of all checks that decide.
    pub verdict: GateVerdict,
    /// The name of the run.
    pub run: String,
    /// The command that repeats the check, if one made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The baseline, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// A loss of less than this share of the score is no regression.
    pub margin: f64,
    /// A loss of this share of the score must not go unseen.
    #[serde(default)]
    pub detect: f64,
    /// Whether all answers came from the cache, so that nothing new was measured.
    #[serde(default)]
    pub all_cached: bool,
    /// Every check, the worst first; those of single tasks, which decide nothing, last.
    pub checks: Vec<Check>,
    /// What changed since the baseline, and which fields and cases broke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
}

/// The outcome of a gate or of one of its checks, the mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GateVerdict {
    /// A loss beyond the margin is ruled out, or the cutoff holds.
    Pass,
    /// No loss is shown, and one of the size that must not go unseen would have been.
    NoLossFound,
    /// Too few cases, or too noisy ones, to say.
    Inconclusive,
    /// The baseline is about another dataset, prompt, metric or scoring: set it anew.
    Stale,
    /// Trials are missing, so nothing can be promised.
    Incomplete,
    /// Worse than the baseline beyond the margin, or beyond a cutoff.
    Regressed,
}

/// One thing that a gate looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// What was asked for: `baseline main`, or the cutoff as it was written.
    pub rule: String,
    /// The provider.
    pub provider: String,
    /// What it is about.
    pub scope: Scope,
    /// The outcome.
    pub verdict: GateVerdict,
    /// Whether this is one task of several and decides nothing: the provider's pooled check does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub part: bool,
    /// The figure of this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The figure it is held against: the baseline's score or the cutoff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<f64>,
    /// What is known of a loss against the baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<Loss>,
    /// Why.
    pub reason: CheckReason,
    /// The unit of the figure and its bound.
    #[serde(default)]
    pub unit: Unit,
    /// Cases of the baseline that this run does not have.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lacking: u64,
    /// Fields and tags that broke, the worst first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broke: Vec<Broke>,
    /// Cases that broke, the largest loss first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<String>,
}

/// Why a check ended as it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum CheckReason {
    /// Compared with the baseline: see `loss`.
    Compared,
    /// Compared with a cutoff: see `value` and `bound`.
    Bound,
    /// The cutoff's figure is only known to be at least `value`, because a price is unknown.
    PriceUnknown,
    /// The run has no such figure.
    NoFigure,
    /// The baseline holds no scores.
    EmptyBaseline,
    /// The run has none of the baseline's cases.
    NoSharedCases,
    /// The baseline is about something else.
    Stale {
        /// What differs: `dataset`, `prompt`, `metric`, `scorer`.
        what: Vec<String>,
    },
    /// A judge stands beside the rule that people have not judged with: nothing is decided on this task.
    Uncalibrated(Uncalibrated),
    /// The figure rests on a judge's word, and people correct the score alone.
    NotCorrected,
    /// Planned trials are missing.
    MissingTrials {
        /// The dataset and its task.
        of: String,
        /// How many are missing.
        missing: u64,
        /// How many were planned.
        planned: u64,
    },
    /// The provider answered nothing.
    NoAnswers {
        /// Trials that failed.
        failed: u64,
    },
    /// A dataset was changed while the run was going on.
    DatasetChanged {
        /// Its name.
        dataset: String,
    },
    /// Lines of the record cannot be read.
    DamagedLines {
        /// How many.
        lines: u64,
    },
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A share from 0 to 1.
    Share,
    /// Seconds.
    Seconds,
    /// US dollars.
    Dollars,
    /// Anything else.
    #[default]
    Number,
}

/// Something that broke since the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Broke {
    /// A field is wrong in more cases than before.
    Field {
        /// The field.
        field: String,
        /// Cases in which it was right and is wrong.
        broken: u64,
        /// Cases in which it was wrong and is right.
        fixed: u64,
        /// Cases that both runs have.
        cases: u64,
    },
    /// Cases with a tag lost more than the margin.
    Tag {
        /// `name=value`.
        tag: String,
        /// The mean loss, as a share of the score.
        loss: f64,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A provider against its baseline. Scores and losses are shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Loss {
    /// Cases that both runs have; each counts the same, whatever its task.
    pub cases: u64,
    /// Their source documents.
    pub documents: u64,
    /// Cases whose score changed.
    pub changed: u64,
    /// The mean change.
    pub difference: f64,
    /// Where the true change probably lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Bounds>,
    /// Whether these are a judge's scores, corrected by people in both runs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_people: bool,
    /// The one-sided p of "no loss", corrected for all checks of the gate.
    pub p_adjusted: f64,
    /// The loss that is shown to be exceeded (95 % confidence); missing unless the check regressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<f64>,
    /// The smallest loss that is ruled out (90 % confidence).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub could_see: Option<f64>,
    /// Further cases that settle a loss beyond the margin; missing if that is settled, or takes more than 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_for_margin: Option<NeededCases>,
    /// Further cases with which a loss of the size to be detected would not go unseen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_to_detect: Option<NeededCases>,
    /// The share of the variance between the runs that repeats of a case explain; missing without repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_noise: Option<f64>,
}

/// Further cases, as a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeededCases {
    /// At best.
    pub low: u64,
    /// At worst; missing for more than 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<u64>,
}

/// What a gate can say with a baseline, before the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateExplanation {
    /// The version of this form.
    pub v: u32,
    /// The baseline.
    pub baseline: String,
    /// A loss of less than this share of the score is no regression.
    pub margin: f64,
    /// A loss of this share of the score must not go unseen.
    pub detect: f64,
    /// By provider: all its cases, then task by task.
    pub sights: Vec<GateSight>,
}

/// The losses that so many cases detect and rule out, each document counted as one yes/no case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateSight {
    /// The provider.
    pub provider: String,
    /// All its tasks, or one.
    pub scope: Scope,
    /// Cases.
    pub cases: u64,
    /// Their source documents.
    pub documents: u64,
    /// The variance of a case between two runs that its repeats explain; missing without repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_noise: Option<f64>,
    /// The smallest true loss with which the gate calls 80 % of runs regressed, if the answers never change by themselves;
    /// missing if none is large enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detectable_if_steady: Option<f64>,
    /// The same with the provider's own noise, or with 10 % of the cases flipping where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detectable: Option<f64>,
    /// The smallest loss that is ruled out (90 % confidence) by a run in which nothing changes.
    pub ruled_out_if_steady: f64,
    /// The same if nothing changes but by noise, in as many cases for the better as for the worse.
    pub ruled_out: f64,
}
