use serde::{Deserialize, Serialize};

/// What the team needs of a provider.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Decide {
    /// The least headline score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_score: Option<f64>,
    /// The most seconds for 95 % of the answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_p95_seconds: Option<f64>,
    /// The most dollars for a thousand cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_usd_per_1000: Option<f64>,
    /// Capabilities it must have: `json_schema`, `pdf`, `audio`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub require: Vec<String>,
    /// Points of the score to give up for a lower cost: 1 if unset. With `prefer = "total-cost"`, dollars per 1,000
    /// documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f64>,
    /// What decides among candidates within the tolerance: cost if unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefer: Option<Prefer>,
    /// Cases per month, for the monthly cost in the HTML report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_volume: Option<u64>,
}

/// What decides among candidates within the tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prefer {
    /// The lower cost per 1,000 cases.
    Cost,
    /// The lower median latency.
    Time,
    /// The lower cost of answers and their mistakes, by `[loss]`.
    TotalCost,
}

impl std::str::FromStr for Prefer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "cost" => Ok(Self::Cost),
            "time" => Ok(Self::Time),
            "total-cost" => Ok(Self::TotalCost),
            _ => Err("expected `cost`, `time` or `total-cost`".to_owned()),
        }
    }
}
