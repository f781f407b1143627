use std::fmt;

use serde::{Deserialize, Serialize};

use crate::distribution::normal_quantile;
use crate::error::StatisticError;

/// Where a figure probably lies, and how that was worked out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Nominal confidence, such as 0.95.
    pub level: f64,
    /// How the bounds were computed.
    pub method: Method,
}

impl Interval {
    /// Whether the value lies inside, bounds included.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Distance between the bounds.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.high - self.low
    }

    pub(crate) fn around(middle: f64, half: f64, level: Level, method: Method) -> Self {
        Self { low: middle - half, high: middle + half, level: level.get(), method }
    }

    pub(crate) fn clipped(self, low: f64, high: f64) -> Self {
        Self { low: self.low.clamp(low, high), high: self.high.clamp(low, high), ..self }
    }
}

/// How an interval was computed. [`fmt::Display`] gives the words for a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Mean ± z · standard error.
    Normal,
    /// Mean ± t · standard error, clusters respected.
    StudentT,
    /// Score interval of a share.
    Wilson,
    /// Inverted binomial test.
    ClopperPearson,
    /// Wald interval around a shrunken share.
    AgrestiCoull,
    /// Share ± z · standard error.
    Wald,
    /// Quantiles of resampled means.
    BootstrapPercentile,
    /// Those quantiles mirrored at the mean.
    BootstrapBasic,
    /// Those quantiles, corrected for bias and skewness.
    BootstrapBca,
    /// Bound of a mean that cannot leave its range, one unseen document of the worst kind included.
    Gaffke,
    /// The same for amounts that nothing limits; the unseen document costs a few times as much as the dearest.
    Unlimited,
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Normal => "normal",
            Self::StudentT => "Student t",
            Self::Wilson => "Wilson",
            Self::ClopperPearson => "Clopper–Pearson",
            Self::AgrestiCoull => "Agresti–Coull",
            Self::Wald => "Wald",
            Self::BootstrapPercentile => "percentile bootstrap",
            Self::BootstrapBasic => "basic bootstrap",
            Self::BootstrapBca => "BCa bootstrap",
            Self::Gaffke => "Gaffke",
            Self::Unlimited => "Gaffke, without a limit above",
        })
    }
}

/// A confidence level strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Level(f64);

impl Level {
    /// The usual 95 %.
    pub const P95: Self = Self(0.95);

    /// Refuses 0, 1, everything outside, and NaN.
    pub fn new(level: f64) -> Result<Self, StatisticError> {
        if level > 0.0 && level < 1.0 {
            Ok(Self(level))
        } else {
            Err(StatisticError::Setting(format!("level {level} is not between 0 and 1")))
        }
    }

    /// The level of a test with this error rate: 1 − alpha.
    pub fn from_alpha(alpha: f64) -> Result<Self, StatisticError> {
        Self::new(1.0 - alpha)
    }

    /// The number itself.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// Probability outside the interval on each side.
    #[must_use]
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    pub(crate) fn z(self) -> f64 {
        -normal_quantile(self.tail())
    }
}
