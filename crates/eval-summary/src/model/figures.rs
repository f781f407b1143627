use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vision_core::Task;

/// What a figure is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// All tasks, each with the same weight.
    Overall,
    /// One task of one dataset.
    Task {
        /// The dataset's name.
        dataset: String,
        /// The task.
        #[schemars(with = "String")]
        task: Task,
    },
}

impl Scope {
    pub(crate) fn task(dataset: &str, task: Task) -> Self {
        Self::Task { dataset: dataset.to_owned(), task }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overall => f.pad("overall"),
            // A dataset that is named like its task or its plural needs no second word.
            Self::Task { dataset, task } if dataset.trim_end_matches('s') == task.name() => f.pad(dataset),
            Self::Task { dataset, task } => f.pad(&format!("{dataset}/{task}")),
        }
    }
}

/// A mean with what is known about its precision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Values behind it.
    pub n: u64,
    /// Source documents behind it, which are what is independent.
    pub clusters: u64,
    /// Its standard error, clustered by source document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<f64>,
    /// Where the true mean probably lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Bounds>,
    /// Why the interval deserves less trust than its level says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caution: Option<String>,
}

impl Estimate {
    /// In another unit.
    #[must_use]
    pub(crate) fn times(self, factor: f64) -> Self {
        let bounds = |it: Bounds| Bounds { low: it.low * factor, high: it.high * factor, ..it };
        Self {
            mean: self.mean * factor,
            error: self.error.map(|error| error * factor),
            interval: self.interval.map(bounds),
            ..self
        }
    }
}

/// An interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bounds {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Its confidence, such as 0.95.
    pub level: f64,
    /// How it was worked out, in words.
    pub method: String,
}

/// A quantile with an interval that assumes nothing about the distribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantile {
    /// The estimate.
    pub value: f64,
    /// Lower bound; missing if there are too few values for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper bound; missing if there are too few values for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

impl From<eval_statistics::Interval> for Bounds {
    fn from(interval: eval_statistics::Interval) -> Self {
        Self {
            low: interval.low,
            high: interval.high,
            level: interval.level,
            method: interval.method.to_string(),
        }
    }
}

impl From<eval_statistics::Estimate> for Estimate {
    fn from(estimate: eval_statistics::Estimate) -> Self {
        Self {
            mean: settled(estimate.mean),
            n: estimate.n,
            clusters: estimate.clusters as u64,
            error: estimate.standard_error,
            interval: estimate.interval.map(Bounds::from),
            caution: estimate.caution.map(|caution| caution.to_string()),
        }
    }
}

/// Without the noise of its last digits, which depends on the order of a sum: 54 of 60 are 0.9, whichever they are.
fn settled(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    // Twelve significant digits.
    let scale = 10f64.powi(11 - value.abs().log10().floor() as i32);
    let settled = (value * scale).round() / scale;
    if settled.is_finite() { settled } else { value }
}

impl From<eval_statistics::QuantileEstimate> for Quantile {
    fn from(estimate: eval_statistics::QuantileEstimate) -> Self {
        Self { value: estimate.value, low: estimate.low, high: estimate.high }
    }
}

#[cfg(test)]
mod tests {
    use super::settled;

    #[test]
    fn equal_means_are_equal_in_whatever_order_they_were_added() {
        assert_eq!(settled(0.899_999_999_999_999_8), settled(0.900_000_000_000_000_1));
        assert_eq!(settled(0.900_000_000_000_000_1), 0.9);
        assert_eq!(settled(-0.1 - 0.2), -0.3);
        assert_eq!(settled(0.003_958_909_090_909_091), 0.003_958_909_090_91);
        for exact in [0.0, 1.0, 57.0 / 60.0, 1e-9, 12_345.678, f64::MAX, 5e-324] {
            assert!((settled(exact) - exact).abs() <= exact * 1e-11, "{exact}");
        }
        assert!(settled(f64::NAN).is_nan());
    }
}
