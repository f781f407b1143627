//! The statistics by name, from JSON to JSON.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::StatisticError;

mod resampling;
mod samples;
mod tests_and_power;

type Score = fn(&Value, &Value) -> Result<Value, StatisticError>;

/// A statistic that can be asked for by name.
#[derive(Debug, Clone, Copy)]
pub struct NamedStatistic {
    /// Its name, starting with `stat_`.
    pub name: &'static str,
    /// What it gives, in one line.
    pub about: &'static str,
    /// From `predicted` (the data) and `params` (the settings) to the score object.
    pub score: Score,
}

/// Every named statistic, in the order of their names.
pub const NAMED: &[NamedStatistic] = &[
    NamedStatistic {
        name: "stat_bootstrap",
        about: "bootstrap of a mean: percentile, basic and BCa intervals on a SplitMix64 stream",
        score: resampling::bootstrap,
    },
    NamedStatistic {
        name: "stat_clustered_se",
        about: "standard errors of a mean over clusters: CR0, CR1 and Miller's equation 4",
        score: samples::clustered,
    },
    NamedStatistic {
        name: "stat_mcnemar",
        about: "McNemar's test of two paired yes/no outcomes: exact and chi-square",
        score: tests_and_power::mcnemar,
    },
    NamedStatistic {
        name: "stat_mean_se",
        about: "mean, standard deviation, standard error, normal and Student-t intervals",
        score: samples::mean,
    },
    NamedStatistic {
        name: "stat_multiple_tests",
        about: "p-values adjusted by Holm, Bonferroni, Benjamini–Hochberg and Hochberg",
        score: tests_and_power::multiple,
    },
    NamedStatistic {
        name: "stat_paired_diff",
        about: "paired difference b − a with errors, correlation, normal and t-test p",
        score: samples::paired,
    },
    NamedStatistic {
        name: "stat_paired_permutation_exact",
        about: "all 2^n sign flips of b − a: two-sided, greater and less (up to 40 differences)",
        score: resampling::permutation,
    },
    NamedStatistic {
        name: "stat_pass_k",
        about: "pass@k and pass^k without bias, and the biased plug-ins",
        score: tests_and_power::pass_k,
    },
    NamedStatistic {
        name: "stat_power",
        about: "cases needed, smallest detectable difference and power of a paired comparison",
        score: tests_and_power::power,
    },
    NamedStatistic {
        name: "stat_wilson",
        about: "intervals of a share: Wilson, Clopper–Pearson, Agresti–Coull, Wald",
        score: samples::share,
    },
];

fn read<T: DeserializeOwned>(value: &Value, what: &str) -> Result<T, StatisticError> {
    serde_json::from_value(value.clone()).map_err(|source| StatisticError::Input(format!("{what}: {source}")))
}

/// A number, or `null` for anything undefined: JSON knows no NaN and no infinity.
fn number(value: Option<f64>) -> Value {
    value.map_or(Value::Null, Value::from)
}

fn bounds(interval: Option<crate::interval::Interval>) -> Value {
    let low = number(interval.map(|interval| interval.low));
    let high = number(interval.map(|interval| interval.high));
    Value::Array(vec![low, high])
}

fn probability(value: f64, what: &str) -> Result<f64, StatisticError> {
    if value > 0.0 && value < 1.0 {
        Ok(value)
    } else {
        Err(StatisticError::Setting(format!("{what} {value} is not between 0 and 1")))
    }
}

/// Counts beyond this come from a typing error and would take minutes.
const LARGEST_COUNT: u64 = 1_000_000_000;

fn countable(counts: &[u64]) -> Result<(), StatisticError> {
    match counts.iter().find(|count| **count > LARGEST_COUNT) {
        Some(count) => Err(StatisticError::Input(format!("{count} is more than a billion"))),
        None => Ok(()),
    }
}
