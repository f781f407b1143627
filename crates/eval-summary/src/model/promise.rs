use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Estimate;

/// A cascade: what was promised of it, and what it gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseCheck {
    /// The run.
    pub run: String,
    /// The cascade's label.
    pub provider: String,
    /// The cases of the run.
    pub cases: u64,
    /// The share of right answers that was promised.
    pub promised_accuracy: f64,
    /// Where that probably lies; missing for cascades of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_accuracy_interval: Option<[f64; 2]>,
    /// The share that is right; cases for a person count by how often a person is right.
    pub accuracy: Estimate,
    /// Dollars per 1,000 cases for answers that were promised.
    pub promised_usd_per_1000: f64,
    /// What they cost; missing if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_1000: Option<f64>,
    /// The share of cases for a person that was promised.
    pub promised_referred: f64,
    /// Where that probably lies; missing for cascades of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_referred_interval: Option<[f64; 2]>,
    /// The share of cases for a person.
    pub referred: Estimate,
    /// Dollars per 1,000 cases for people that were promised; missing if a person's price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_people_usd_per_1000: Option<f64>,
    /// What people cost, as far as their price is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people_usd_per_1000: Option<f64>,
}

/// How a figure stands to what was promised of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is shown to be better than was promised.
    Better,
    /// What was measured may be what was promised.
    Consistent,
    /// It is shown to be worse than was promised.
    Worse,
    /// There is no interval.
    Unknown,
}

impl PromiseCheck {
    /// The share of right answers.
    #[must_use]
    pub fn accuracy_kept(&self) -> Kept {
        let promised = Promised { mean: self.promised_accuracy, interval: self.promised_accuracy_interval };
        promised.kept(&self.accuracy, Kept::Better, Kept::Worse)
    }

    /// The share of cases for a person: fewer are better.
    #[must_use]
    pub fn referred_kept(&self) -> Kept {
        let promised = Promised { mean: self.promised_referred, interval: self.promised_referred_interval };
        promised.kept(&self.referred, Kept::Worse, Kept::Better)
    }
}

/// A figure that was promised.
struct Promised {
    mean: f64,
    interval: Option<[f64; 2]>,
}

impl Promised {
    /// Both figures are estimates: their difference is shown where it is larger than both intervals leave room for
    /// (square and add, as Newcombe does for two shares).
    fn kept(&self, measured: &Estimate, above: Kept, below: Kept) -> Kept {
        let Some(bounds) = &measured.interval else { return Kept::Unknown };
        let [low, high] = self.interval.unwrap_or([self.mean; 2]);
        let difference = measured.mean - self.mean;
        if difference > (measured.mean - bounds.low).hypot(high - self.mean) {
            above
        } else if -difference > (bounds.high - measured.mean).hypot(self.mean - low) {
            below
        } else {
            Kept::Consistent
        }
    }
}
