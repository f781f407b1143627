//! What tells how far an answer can be trusted without knowing the truth.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A number from 0 to 1 that is known of an answer before anybody looks at it; more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// The share of the candidate's other repeats that say the same. It costs the repeats.
    Repeats,
    /// The share of the other candidates that say the same. It costs their answers.
    Candidates,
    /// The share of other variants of the same model that say the same. It costs their answers.
    Variants,
    /// The share of the consistency rules that the answer passes: sums, dates in order, check digits.
    Rules,
    /// 1 if the answer is valid and fits the schema, 0.5 if it had to be repaired, 0 if it could not be read whole.
    Schema,
    /// The lowest confidence that a document API gives for a value.
    Evidence,
    /// The lowest confidence that the answer itself states.
    Stated,
    /// The probability of the least sure value by the model's own tokens.
    Tokens,
    /// The chance of being right, learned from the signals that come with the answer.
    Own,
    /// The chance of being right, learned from all signals.
    Combined,
}

impl Signal {
    /// Those that are read from a record; the others are learned from them.
    pub const READ: [Self; 8] = [
        Self::Repeats,
        Self::Candidates,
        Self::Variants,
        Self::Rules,
        Self::Schema,
        Self::Evidence,
        Self::Stated,
        Self::Tokens,
    ];

    /// Those that come with a single answer and cost nothing.
    pub const FREE: [Self; 5] = [Self::Rules, Self::Schema, Self::Evidence, Self::Stated, Self::Tokens];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Repeats => "repeats",
            Self::Candidates => "candidates",
            Self::Variants => "variants",
            Self::Rules => "rules",
            Self::Schema => "schema",
            Self::Evidence => "evidence",
            Self::Stated => "stated",
            Self::Tokens => "tokens",
            Self::Own => "own",
            Self::Combined => "combined",
        }
    }

    pub(crate) fn place(self) -> usize {
        self as usize
    }
}

/// What is known of one answer, by the place of a signal in [`Signal::READ`].
pub type Signals = [Option<f64>; 8];
