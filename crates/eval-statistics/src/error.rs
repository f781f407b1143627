use std::fmt;

/// Why a statistic could not be computed from what was given.
///
/// Data for which a statistic is merely undefined (0/0, one value, no spread)
/// is not an error: the figure is `None` then, and `null` in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatisticError {
    /// The input does not have the shape the statistic needs.
    Input(String),
    /// A setting is outside its range.
    Setting(String),
}

impl fmt::Display for StatisticError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(text) => write!(formatter, "unusable input: {text}"),
            Self::Setting(text) => write!(formatter, "unusable setting: {text}"),
        }
    }
}

impl std::error::Error for StatisticError {}
