use serde::{Deserialize, Serialize};
use vision_core::{Task, Usd};

/// What a run is expected to ask and to cost, made before anything is sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// The day of the price book.
    pub price_date: String,
    /// One line per provider × dataset × task.
    pub lines: Vec<QuoteLine>,
}

/// One provider on one task of one dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuoteLine {
    /// The provider's label.
    pub provider: String,
    /// The dataset's name.
    pub dataset: String,
    /// The task.
    pub task: Task,
    /// Cases, before repeats.
    pub cases: u64,
    /// Requests that will be sent.
    pub requests: u64,
    /// Cases that cannot be asked.
    pub skipped: u64,
    /// Why, for the first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip_reason: Option<String>,
    /// Every reason with its cases, the most frequent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip_reasons: Vec<SkipReason>,
    /// Bytes that will go up.
    pub upload_bytes: u64,
    /// Input tokens by the provider's own rules; missing where a rule is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Output tokens that are expected.
    pub output_tokens: u64,
    /// The most output tokens there can be.
    pub output_cap: u64,
    /// Where the expectation comes from.
    pub output_from: OutputFrom,
    /// Dollars; missing where a price or a token rule is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<Money>,
    /// Whether the provider's token rule is not known: what is expected counts the most tokens that media can have, and the
    /// least counts the text alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_ceiling: bool,
    /// Seconds under the limits, if each request takes as long as it did before or as a guess.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall_seconds: Option<f64>,
}

/// Where the expected length of answers comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutputFrom {
    /// Answers to the same task in earlier runs.
    #[serde(rename = "earlier runs")]
    EarlierRuns,
    /// The length of the labels, for models that do not reason first.
    #[serde(rename = "the labels")]
    Labels,
    /// The most that an answer may have: what is expected is at most that.
    #[serde(rename = "the cap")]
    Cap,
}

/// Why cases cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkipReason {
    /// How many.
    pub cases: u64,
    /// As it was told of the first of them.
    pub reason: String,
}

/// An amount that is not known exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Money {
    /// If answers are short.
    pub low: Usd,
    /// What to reckon with.
    pub expected: Usd,
    /// The most it can be without retries.
    pub high: Usd,
}

impl Quote {
    /// The sum of what is known, and whether anything is not.
    pub fn total(&self) -> (Money, bool) {
        let known = self.lines.iter().filter_map(|line| line.money);
        let sum = known.fold(Money::default(), |sum, money| Money {
            low: sum.low + money.low,
            expected: sum.expected + money.expected,
            high: sum.high + money.high,
        });
        (sum, self.lines.iter().any(|line| line.money.is_none() && line.requests > 0))
    }
}
