use std::num::NonZeroUsize;

use eval_record::PriceBook;
use eval_statistics::Level;
use serde_json::Value;

use crate::{Baseline, Constraints, Labels, LossTable};

/// How a record is scored and summarised.
#[derive(Debug, Clone)]
pub struct Options {
    /// Confidence of all intervals.
    pub level: Level,
    /// What the team needs of a provider.
    pub constraints: Constraints,
    /// Prices to reckon with instead of those of the run.
    pub prices: Option<PriceBook>,
    /// What mistakes cost.
    pub loss: Option<LossTable>,
    /// Labels to score by instead of those of the record.
    pub labels: Labels,
    /// Another metric than the planned ones, for every task.
    pub metric: Option<Rescore>,
    /// Whose word counts on open answers.
    pub judge: JudgeOptions,
    /// A baseline to compare with.
    pub baseline: Option<Baseline>,
    /// How many cases the lists of worst, broken and fixed cases hold.
    pub examples: usize,
    /// Threads that score. The result does not depend on it.
    pub threads: NonZeroUsize,
    /// How many judged values are kept in memory, so that [`Scored::case_views`](crate::Scored::case_views) need not
    /// score the same answers again. What it says does not depend on it.
    pub keep: usize,
}

/// Whose word counts on open answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JudgeOptions {
    /// The provider's label of the judge, or its label with the version of its prompt; the one that spoke last if unset.
    pub name: Option<String>,
    /// Whether a judge decides that people have not judged with.
    pub allow_uncalibrated: bool,
}

/// Another metric than the planned one.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescore {
    /// The name of a task metric, or of one of the field's metrics that have a score where more is better.
    pub metric: String,
    /// Its settings; null for the defaults, or for the planned ones if it is the planned metric.
    pub settings: Value,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            level: Level::P95,
            constraints: Constraints::default(),
            prices: None,
            loss: None,
            labels: Labels::default(),
            metric: None,
            judge: JudgeOptions::default(),
            baseline: None,
            examples: 20,
            threads: NonZeroUsize::MIN,
            keep: 0,
        }
    }
}
