//! The statistics by name, from JSON to JSON.

use std::collections::HashMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

mod decisions;
mod judges;
mod sequential;

/// Why a statistic cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecideError(pub String);

impl fmt::Display for DecideError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for DecideError {}

type Score = fn(&Value, &Value, &Value) -> Result<Value, DecideError>;

/// A statistic that can be asked for by name.
#[derive(Debug, Clone, Copy)]
pub struct NamedDecision {
    /// Its name.
    pub name: &'static str,
    /// What it gives, in one line.
    pub about: &'static str,
    /// From `expected`, `predicted` (the data) and `params` (the settings) to the score object.
    pub score: Score,
}

/// Every named statistic, in the order of their names.
pub const NAMED: &[NamedDecision] = &[
    NamedDecision {
        name: "agreement",
        about: "agreement of raters: percent, Cohen, Fleiss, Gwet's AC1, Krippendorff",
        score: judges::agreement,
    },
    NamedDecision {
        name: "bradley_terry",
        about: "strengths from pairwise verdicts; ties as half wins or by Davidson",
        score: judges::bradley_terry,
    },
    NamedDecision {
        name: "cascade_fit",
        about: "the best cascade of candidates, as it appears and held out",
        score: decisions::cascade_fit,
    },
    NamedDecision {
        name: "cascade_policy",
        about: "accuracy and cost of one cascade of candidates",
        score: decisions::cascade_policy,
    },
    NamedDecision {
        name: "judge_order_bias",
        about: "what the order of showing does to a judge that is asked twice",
        score: judges::order_bias,
    },
    NamedDecision {
        name: "krippendorff_alpha",
        about: "Krippendorff's alpha: nominal, ordinal, interval",
        score: judges::krippendorff_alpha,
    },
    NamedDecision {
        name: "selective_crc",
        about: "conformal risk control of `accepted and wrong`, per document",
        score: decisions::risk_control,
    },
    NamedDecision {
        name: "selective_ltt",
        about: "Learn then Test: a bound on the error among the accepted",
        score: decisions::learn_then_test,
    },
    NamedDecision {
        name: "selective_risk_coverage",
        about: "risk against coverage, AURC and the excess over a perfect order",
        score: decisions::risk_coverage,
    },
    NamedDecision {
        name: "stat_cs_betting",
        about: "confidence sequence of a mean by betting: valid however often one looks",
        score: sequential::confidence_sequence,
    },
    NamedDecision {
        name: "stat_ebh",
        about: "several e-values: e-BH, Holm, Bonferroni and their mean",
        score: sequential::several,
    },
    NamedDecision {
        name: "stat_eprocess_paired",
        about: "e-process of a paired difference: valid however often one looks",
        score: sequential::e_process,
    },
    NamedDecision {
        name: "stat_icc",
        about: "intra-class correlation and design effect of scores in documents",
        score: decisions::icc,
    },
    NamedDecision {
        name: "stat_ppi_clustered",
        about: "a judge's mean over documents, corrected by human labels",
        score: judges::corrected_clustered_mean,
    },
    NamedDecision {
        name: "stat_ppi_mean",
        about: "a judge's mean, corrected by human labels",
        score: judges::corrected_mean,
    },
    NamedDecision {
        name: "stat_ppi_paired",
        about: "a judge's difference of two candidates, corrected by human labels",
        score: judges::corrected_difference,
    },
    NamedDecision {
        name: "stat_required_n",
        about: "cases that find a difference, from a pilot",
        score: decisions::required_cases,
    },
];

fn read<T: DeserializeOwned>(value: &Value, what: &str) -> Result<T, DecideError> {
    serde_json::from_value(value.clone()).map_err(|source| DecideError(format!("{what}: {source}")))
}

fn written(value: impl Serialize) -> Result<Value, DecideError> {
    serde_json::to_value(value).map_err(|error| DecideError(error.to_string()))
}

fn refuse<T>(message: impl Into<String>) -> Result<T, DecideError> {
    Err(DecideError(message.into()))
}

fn same_length(lengths: &[usize]) -> Result<(), DecideError> {
    if lengths.windows(2).all(|two| two[0] == two[1]) {
        Ok(())
    } else {
        refuse(format!("lists of unlike lengths: {lengths:?}"))
    }
}

fn chance(value: f64, name: &str) -> Result<f64, DecideError> {
    if value > 0.0 && value < 1.0 {
        Ok(value)
    } else {
        refuse(format!("{name} {value} is not between 0 and 1"))
    }
}

fn finite(values: &[f64]) -> Result<(), DecideError> {
    if values.iter().all(|value| value.is_finite()) { Ok(()) } else { refuse("a number is not finite") }
}

/// A name or a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(untagged)]
enum Key {
    Number(i64),
    Text(String),
}

/// Numbers the documents in the order in which they come.
fn numbered(keys: &[Key]) -> Vec<usize> {
    let mut numbers: HashMap<&Key, usize> = HashMap::new();
    keys.iter()
        .map(|key| {
            let next = numbers.len();
            *numbers.entry(key).or_insert(next)
        })
        .collect()
}

fn nothing<T: AsRef<str>>(names: &[T]) -> Value {
    Value::Object(names.iter().map(|name| (name.as_ref().to_owned(), json!(null))).collect())
}
