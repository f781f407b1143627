use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a small p alone does not show a difference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
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

impl Doubt {
    /// The same read from the other side.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Missed { low, high } => Self::Missed { low: 0.0 - high, high: 0.0 - low },
            few => few,
        }
    }
}

impl From<eval_statistics::Doubt> for Doubt {
    fn from(doubt: eval_statistics::Doubt) -> Self {
        match doubt {
            eval_statistics::Doubt::Missed { low, high } => Self::Missed { low, high },
            eval_statistics::Doubt::FewCases { p } => Self::FewCases { p },
        }
    }
}
