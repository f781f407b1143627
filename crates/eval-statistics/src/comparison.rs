use std::fmt;

use serde::{Deserialize, Serialize};

use crate::distribution::{student_quantile, student_tail};
use crate::interval::{Interval, Level, Method};
use crate::paired::PairedCase;

mod detectable;
mod family;
mod foreseen;
mod loss;
mod pairs;
mod required;

pub use family::{AllPairs, compare_all, correct_family, correct_weighted, report_weights};
pub use foreseen::{detectable_loss, ruled_out_loss};
pub use loss::{LOSS_TAIL, LossRules, LossVerdict, UNSEEN_TAIL};
pub use pairs::PairedTasks;
pub use required::{RequiredCases, Scatter, SettledNear, USUAL_DIFFERENCE, cases_to_settle_near};

/// How a comparison is made. The caller decides; nothing is assumed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Confidence of the interval; 1 − level is the error rate of the test.
    pub level: Level,
    /// Power behind "smallest detectable" and "cases to settle", such as 0.8.
    pub power: f64,
    /// Most sign flips that are sampled when there are too many to count.
    pub resamples: u64,
    /// Seed of the sampled flips.
    pub seed: u64,
}

impl Comparison {
    /// 95 %, power 80 %, 9,999 sign flips.
    #[must_use]
    pub fn usual(seed: u64) -> Self {
        Self { level: Level::P95, power: 0.8, resamples: 9_999, seed }
    }
}

/// Is b better than a on the same cases?
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PairedComparison {
    /// Shared cases.
    pub n: usize,
    /// Their source documents.
    pub clusters: usize,
    /// Cases on which b scored higher.
    pub better: usize,
    /// Cases on which b scored lower.
    pub worse: usize,
    /// Mean of b − a over the cases.
    pub difference: f64,
    /// Cluster-robust standard error; undefined if a task has one cluster.
    pub standard_error: Option<f64>,
    /// The bounds at 60 %: where they include 0, failures that may well have been missed would turn it round.
    pub likely: Option<[f64; 2]>,
    /// Where the true difference probably lies.
    pub interval: Option<Interval>,
    /// Two-sided p of this comparison alone.
    pub p: f64,
    /// p after correction for the family it belongs to; equal to `p` for one comparison.
    pub p_adjusted: f64,
    /// How p was worked out.
    pub test: TestMethod,
    /// The true difference that as many cases would find with the power asked for; missing if none is large enough.
    pub smallest_detectable: Option<f64>,
    /// What may be said.
    pub verdict: Verdict,
}

/// What a comparison allows to be said about b.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// b is better than a.
    Better,
    /// b is worse than a.
    Worse,
    /// The data does not say.
    CannotTell,
}

impl Verdict {
    /// What it says of the other one.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Better => Self::Worse,
            Self::Worse => Self::Better,
            Self::CannotTell => Self::CannotTell,
        }
    }
}

/// Why a small p alone does not show a difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Doubt {
    /// A failure that may well have been missed would undo it: these bounds at 60 % include 0.
    Missed {
        /// The lower one.
        low: f64,
        /// The upper one.
        high: f64,
    },
    /// A few cases outweigh all others: Student's t gives this p.
    FewCases {
        /// Two-sided.
        p: f64,
    },
}

/// How the p of a comparison was worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestMethod {
    /// No document differs: nothing to test.
    NoDifference,
    /// All differences are of one size: McNemar's exact test.
    ExactMcNemar,
    /// All sign flips of the documents were counted.
    ExactSignFlip,
    /// Random sign flips of the documents.
    SampledSignFlip,
    /// More than 5,000 documents differ: Student's t with cluster-robust error.
    StudentT,
}

impl fmt::Display for TestMethod {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoDifference => "no difference",
            Self::ExactMcNemar => "exact McNemar",
            Self::ExactSignFlip => "exact sign flip",
            Self::SampledSignFlip => "sampled sign flip",
            Self::StudentT => "Student t",
        })
    }
}

/// Compares b with a on one task; undefined without cases or with a score that is not finite.
#[must_use]
pub fn compare(cases: &[PairedCase], settings: &Comparison) -> Option<PairedComparison> {
    Some(PairedTasks::new(&[cases])?.compare(settings))
}

impl PairedTasks {
    /// Is b better than a, over all tasks with the same weight?
    #[must_use]
    pub fn compare(&self, settings: &Comparison) -> PairedComparison {
        let (test, p) = self.p_alike(settings);
        let interval = self.interval(settings.level);
        let mut comparison = PairedComparison {
            n: self.n,
            clusters: self.documents(),
            better: self.better,
            worse: self.worse,
            difference: self.difference(),
            standard_error: self.standard_error(),
            likely: self.low(MISSED).zip(self.high(MISSED)).map(|(low, high)| [low, high]),
            interval,
            p,
            p_adjusted: p,
            test,
            smallest_detectable: interval.and_then(|interval| self.smallest_detectable(interval, settings)),
            verdict: Verdict::CannotTell,
        };
        comparison.verdict = comparison.judge(settings.level);
        comparison
    }
}

impl PairedComparison {
    /// The interval, ended at 0 where the test shows on which side of it the difference lies, and with 0 where it does not:
    /// the truth is outside of it no more often than the interval or the test is wrong about its side.
    #[must_use]
    pub fn agreed_interval(&self) -> Option<Interval> {
        let Interval { low, high, .. } = self.interval?;
        let (low, high) = match self.verdict {
            Verdict::Better => (low.max(0.0), high.max(0.0)),
            Verdict::Worse => (low.min(0.0), high.min(0.0)),
            Verdict::CannotTell => (low.min(0.0), high.max(0.0)),
        };
        self.interval.map(|interval| Interval { low, high, ..interval })
    }

    /// Why nothing is said although p is small enough.
    #[must_use]
    pub fn doubt(&self, level: Level) -> Option<Doubt> {
        if self.verdict != Verdict::CannotTell || self.p_adjusted > 1.0 - level.get() {
            return None;
        }
        match self.likely {
            Some([low, high]) if !self.is_robust() => Some(Doubt::Missed { low, high }),
            _ => {
                let error = self.standard_error.filter(|error| *error > 0.0 && self.clusters > 1)?;
                let tail = student_tail(self.difference.abs() / error, self.clusters as f64 - 1.0);
                Some(Doubt::FewCases { p: (2.0 * tail).min(1.0) })
            }
        }
    }

    fn is_robust(&self) -> bool {
        self.likely.is_some_and(|[low, high]| low > 0.0 || high < 0.0)
    }

    /// Better or worse only if the sign flips say so, Student's t agrees (a few cases may outweigh all others), and a
    /// failure that may well have been missed would not undo it. The printed interval is wider: it also counts on
    /// failures that would rarely be missed.
    fn judge(&self, level: Level) -> Verdict {
        let error = self.standard_error.filter(|_| self.clusters > 1 && self.is_robust());
        let shown = error.is_some_and(|error| {
            let critical = -student_quantile(level.tail(), self.clusters as f64 - 1.0);
            self.difference.abs() > critical * error
        });
        if !shown || self.p_adjusted > 1.0 - level.get() {
            Verdict::CannotTell
        } else if self.difference > 0.0 {
            Verdict::Better
        } else {
            Verdict::Worse
        }
    }
}

/// The share of samples in which a bound may be wrong that guards a test against what was not seen.
const MISSED: f64 = 0.2;

#[cfg(test)]
mod tests;
