//! What a chain decides by.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::learned::stretched;
use crate::logistic::sigmoid;
use crate::signal::Signal;

/// What is known of an answer while a chain is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChainSignal {
    /// How much it agrees with the answer of the candidate before it.
    Previous,
    /// How much it agrees with the answers of all candidates before it, on average: known from the third candidate on.
    Candidates,
    /// Nothing: it is never taken by itself, and is there for the answers after it to be compared with.
    Compared,
    /// How much a second reading by the same candidate agrees with it. The chain asks twice, and pays twice.
    Repeats,
    /// The share of the consistency rules that it passes.
    Rules,
    /// Whether it is valid and fits the schema.
    Schema,
    /// The lowest confidence that a document API gives for a value.
    Evidence,
    /// The lowest confidence that it states itself.
    Stated,
    /// The probability of the least sure value by the model's own tokens.
    Tokens,
    /// The chance that it is right, learned from what comes with it.
    Own,
    /// The chance that it is right, learned from that and from how it agrees with the answer before it.
    Combined,
}

impl ChainSignal {
    /// Those that a single answer has.
    pub const OWN: [(Self, Signal); 5] = [
        (Self::Rules, Signal::Rules),
        (Self::Schema, Signal::Schema),
        (Self::Evidence, Signal::Evidence),
        (Self::Stated, Signal::Stated),
        (Self::Tokens, Signal::Tokens),
    ];

    /// Whether the candidate has to be asked a second time for it.
    #[must_use]
    pub fn asks_again(self) -> bool {
        self == Self::Repeats
    }

    /// Whether it looks at the answer that came so many candidates before, from 1.
    #[must_use]
    pub fn looks_back(self, by: usize) -> bool {
        match self {
            Self::Previous | Self::Combined => by == 1,
            Self::Candidates => true,
            _ => false,
        }
    }
}

/// How the chance that an answer is right follows from other signals: a logistic regression.
///
/// Each signal is stretched first, so that 0.99 is further from 0.9 than 0.6 from 0.5: `ln((s + 0.01) / (1.01 - s))`, brought to
/// 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChainModel {
    /// The logarithm of the odds where every signal is at its center.
    pub constant: f64,
    /// What is added for each signal.
    pub weights: Vec<ChainWeight>,
}

/// What a signal adds: `weight * (stretched - center)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChainWeight {
    /// What is looked at.
    pub signal: ChainSignal,
    /// Never negative.
    pub weight: f64,
    /// The mean of the stretched signal.
    pub center: f64,
    /// What stands for a signal that an answer has not, stretched.
    pub usual: f64,
}

impl ChainModel {
    /// The chance that an answer is right.
    #[must_use]
    pub fn chance(&self, value: impl Fn(ChainSignal) -> Option<f64>) -> f64 {
        let add = |it: &ChainWeight| (value(it.signal).map_or(it.usual, stretched) - it.center) * it.weight;
        sigmoid(self.constant + self.weights.iter().map(add).sum::<f64>())
    }
}

/// The mean of those that are known.
pub(super) fn mean_of_known(values: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
    values.into_iter().flatten().collect::<eval_statistics::Moments>().mean()
}
