use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vision_core::Task;

use super::{Bounds, Doubt, Drift, Estimate, Parity, PromiseCheck, Scope, Uncalibrated};

/// Pairs of providers on the cases that both have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Differences {
    /// What they are about.
    pub scope: Scope,
    /// Every pair; all comparisons of a report are corrected together (Holm with weights).
    pub pairs: Vec<Difference>,
}

/// Is `b` better than `a`?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// One.
    pub a: String,
    /// The other. In a summary, the one with the better score of the two is `a`.
    pub b: String,
    /// Cases that both have.
    pub n: u64,
    /// Cases that only `a` has.
    pub only_a: u64,
    /// Cases that only `b` has.
    pub only_b: u64,
    /// Source documents of the shared cases.
    pub clusters: u64,
    /// Cases on which b scored higher.
    pub better: u64,
    /// Cases on which b scored lower.
    pub worse: u64,
    /// Mean of b over the shared cases; overall, every task has the same weight.
    pub mean_b: f64,
    /// Mean of a over the shared cases.
    pub mean_a: f64,
    /// Mean of b − a.
    pub difference: f64,
    /// Where the true difference probably lies, at a level that is adjusted for the candidates compared: that of the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Bounds>,
    /// Two-sided p of this comparison alone.
    pub p: f64,
    /// p after correction for all the comparisons it stands with.
    pub p_adjusted: f64,
    /// How p was worked out, in words.
    pub test: String,
    /// The true difference that as many cases find with 80 % power.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest_detectable: Option<f64>,
    /// Further cases, in the mix of tasks of the run, that settle with 80 % power which of the two is better, after
    /// correction; missing if it is settled, or if more than 10,000 are needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cases_to_settle: Option<u64>,
    /// What may be said about b.
    pub opinion: Opinion,
    /// Why nothing is said of b although p is small; missing otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
    /// Whether interval and opinion are those of a run that ended when it was decided: they hold at all looks, and p, which
    /// is that of a fixed number of cases, says nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anytime: bool,
}

impl Difference {
    /// The same read from the other side: is `a` better than `b`?
    #[must_use]
    pub fn turned(&self) -> Self {
        let interval =
            self.interval.clone().map(|it| Bounds { low: 0.0 - it.high, high: 0.0 - it.low, ..it });
        Self {
            a: self.b.clone(),
            b: self.a.clone(),
            only_a: self.only_b,
            only_b: self.only_a,
            better: self.worse,
            worse: self.better,
            mean_a: self.mean_b,
            mean_b: self.mean_a,
            // Without the negative zero.
            difference: 0.0 - self.difference,
            interval,
            opinion: eval_statistics::Verdict::from(self.opinion).turned().into(),
            doubt: self.doubt.map(Doubt::turned),
            ..self.clone()
        }
    }
}

/// What may be said about the second of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Opinion {
    /// It is better.
    Better,
    /// It is worse.
    Worse,
    /// The data does not say.
    CannotTell,
}

impl From<eval_statistics::Verdict> for Opinion {
    fn from(verdict: eval_statistics::Verdict) -> Self {
        match verdict {
            eval_statistics::Verdict::Better => Self::Better,
            eval_statistics::Verdict::Worse => Self::Worse,
            eval_statistics::Verdict::CannotTell => Self::CannotTell,
        }
    }
}

impl From<Opinion> for eval_statistics::Verdict {
    fn from(opinion: Opinion) -> Self {
        match opinion {
            Opinion::Better => Self::Better,
            Opinion::Worse => Self::Worse,
            Opinion::CannotTell => Self::CannotTell,
        }
    }
}

/// A run against an earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Against {
    /// What it is compared with: the name of a baseline or of a run.
    pub name: String,
    /// When that was run.
    pub started: String,
    /// What is not the same, before what got better.
    pub changes: Vec<Change>,
    /// What the difference of each candidate is due to, where the records of both runs are there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drift: Vec<Drift>,
    /// Models that this run asked at several hosts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parity: Vec<Parity>,
    /// Every candidate in the few figures that a choice is made on, the largest loss first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<CandidateChange>,
    /// `a` is the earlier run and `b` this one: a provider on all its tasks where there are several, then one line per
    /// provider × dataset × task.
    pub differences: Vec<Paired>,
    /// What only one of the two has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmatched: Vec<Unmatched>,
    /// Cases that both runs have, whichever candidates were asked them.
    #[serde(default)]
    pub shared_cases: u64,
    /// Cases that score lower now, candidate by candidate, the largest loss first.
    pub broken: Vec<CaseChange>,
    /// How many of these there are in all: one per case and candidate.
    pub broken_total: u64,
    /// Cases that score lower now for any candidate.
    #[serde(default)]
    pub broken_cases: u64,
    /// Cases that score higher now, candidate by candidate, the largest gain first.
    pub fixed: Vec<CaseChange>,
    /// How many of these there are in all: one per case and candidate.
    pub fixed_total: u64,
    /// Cases that score higher now for any candidate.
    #[serde(default)]
    pub fixed_cases: u64,
    /// Fields that changed, the largest loss first.
    pub fields: Vec<FieldChange>,
}

/// A candidate in two runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateChange {
    /// As it is called now.
    pub provider: String,
    /// In the earlier run; missing if that does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<CandidateFigures>,
    /// In this run; missing if it does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<CandidateFigures>,
}

/// A candidate in one of two runs that are compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateFigures {
    /// As it is called in that run.
    pub label: String,
    /// The score over the cases that both runs have (all of its own if they share none), every task with the same weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Estimate>,
    /// Cases behind the score.
    pub cases: u64,
    /// Trials behind the score.
    pub trials: u64,
    /// Those of them that failed, and score 0.
    pub failed: u64,
    /// Dollars for a thousand cases of the whole run; missing if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_1000: Option<f64>,
    /// Whether that is a lower bound.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
    /// 95 % of the answers of the whole run took no longer; missing if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p95_seconds: Option<f64>,
}

/// A provider on all its tasks or on one, in two runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Paired {
    /// What it is about.
    pub scope: Scope,
    /// `a` is the provider in the earlier run, `b` in this one.
    pub difference: Difference,
    /// Why nothing is decided here, if so: the scores are rule-based beside a judge that is not calibrated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undecided: Option<Uncalibrated>,
}

/// What only one of two runs has; it is not compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unmatched {
    /// What it is about.
    pub scope: Scope,
    /// The provider.
    pub provider: String,
    /// Cases that only the earlier run has.
    pub only_before: u64,
    /// Cases that only this run has.
    pub only_now: u64,
    /// The first of them all.
    pub examples: Vec<String>,
}

/// Two or more runs, baselines, or single providers of them, each compared with the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunComparison {
    /// The version of this form.
    pub v: u32,
    /// The command that repeats the comparison, if one made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// What was compared, in the order given.
    pub sides: Vec<Side>,
    /// The second and every further side against the first.
    pub against: Vec<Against>,
    /// Cascades in the runs: what was promised of them, and what they gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<PromiseCheck>,
}

/// One of several runs that are compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// As it was given.
    pub name: String,
    /// When it was run.
    pub started: String,
    /// The program that ran it.
    pub tool: String,
    /// The version of its scoring.
    pub scorer: String,
    /// Its providers.
    pub providers: Vec<String>,
}

/// Something that is not the same in two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// `task`, `dataset`, `prompt`, `metric`, `scorer`, `settings`, `served model`, `fingerprint`, `prices`, `tool`, `repeats`.
    pub what: String,
    /// Whose: a provider or a task, as scopes are printed; empty for the whole run.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
    /// Before.
    pub from: String,
    /// Now.
    pub to: String,
}

/// A case whose score changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaseChange {
    /// The dataset's name.
    pub dataset: String,
    /// The task.
    #[schemars(with = "String")]
    pub task: Task,
    /// The case's id.
    pub case: String,
    /// The provider.
    pub provider: String,
    /// Its score before, the mean over repeats.
    pub from: f64,
    /// Its score now.
    pub to: f64,
    /// Fields that are wrong now and were right before, or the other way round.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// A field that is right in fewer or more cases than before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldChange {
    /// The dataset's name.
    pub dataset: String,
    /// The task.
    #[schemars(with = "String")]
    pub task: Task,
    /// The provider.
    pub provider: String,
    /// The field.
    pub field: String,
    /// Cases in which it is wrong now and was right before.
    pub broken: u64,
    /// Cases in which it is right now and was wrong before.
    pub fixed: u64,
    /// Cases that were compared.
    pub cases: u64,
    /// McNemar's exact test of the two counts, corrected for all the fields it stands with (Holm).
    pub p_adjusted: f64,
    /// What may be said about it now.
    pub opinion: Opinion,
}
