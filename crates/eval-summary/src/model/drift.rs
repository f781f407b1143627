use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Estimate;

/// What the difference of one candidate between two runs is due to, as far as the records can tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Drift {
    /// The candidate, as it is called now.
    pub provider: String,
    /// Cases that both runs have.
    pub cases: u64,
    /// The mean score now minus that of before, every case with the same weight.
    pub difference: f64,
    /// What it is made of: the parts add up to the difference.
    pub parts: Vec<DriftPart>,
    /// How far the score moves between two runs where nothing changes, from the repeats of cases (one standard deviation);
    /// missing where no case was asked twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise: Option<f64>,
    /// What became of the cases with the tag `canary`; missing where the runs share none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canaries: Option<CanaryCheck>,
}

/// Cases that every version of a model should answer alike, and that are kept as they are. With the same file and label in
/// both runs, another answer is no doing of the data's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CanaryCheck {
    /// Canaries with the same file and label in both runs, answered in both.
    pub cases: u64,
    /// Those of them that no answer of the later run answers as one of the earlier run does.
    pub changed: u64,
    /// The first of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// What the record shows to be another for the changed ones; nothing if it shows no change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Cause>,
    /// Canaries whose file or label is another one now: they say nothing.
    pub replaced: u64,
    /// The mean score of the compared ones now minus that of before.
    pub difference: f64,
}

impl CanaryCheck {
    /// Whether some changed although nothing did that is ours: what is left is the host and its model.
    #[must_use]
    pub fn is_host(&self) -> bool {
        self.changed > 0 && self.causes.iter().all(|cause| *cause == Cause::ServedModel)
    }
}

/// A part of a difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DriftPart {
    /// What changed for these cases. Nothing if the record shows no change: noise, or something that a host does not say.
    /// Several cannot be told apart.
    pub causes: Vec<Cause>,
    /// Cases of which that is true.
    pub cases: u64,
    /// Those of them whose score is another.
    pub moved: u64,
    /// Its part of the difference.
    pub difference: f64,
    /// How far the score moves by noise alone on these cases (one standard deviation, as a part of the whole difference);
    /// missing where that is not known, and where no answer is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise: Option<f64>,
}

impl DriftPart {
    /// Whether it is larger than noise explains; nothing where the noise is not known.
    #[must_use]
    pub fn is_beyond_noise(&self) -> Option<bool> {
        self.noise.map(|noise| self.difference.abs() > 1.96 * noise + 1e-12)
    }
}

/// What can change between two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The rules of scoring: the same answers, scored by either version.
    Scorer,
    /// The labels: the same answers, scored by either.
    Labels,
    /// The metric of the task or its settings.
    Metric,
    /// Another model was asked for.
    Model,
    /// The model that answered, or its fingerprint.
    ServedModel,
    /// The prompt.
    Prompt,
    /// Settings of the candidate or of the run.
    Settings,
    /// The media as they were sent.
    Media,
}

/// One model at two hosts, in the same run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Parity {
    /// The model, in the spelling that both hosts share.
    pub model: String,
    /// The candidate at one host.
    pub one: String,
    /// At the other one.
    pub other: String,
    /// Cases that both answered.
    pub cases: u64,
    /// The score at the other host minus that at the one, case by case.
    pub difference: Estimate,
    /// The share of answers that are the same at both hosts.
    pub same_across: Estimate,
    /// The share of repeats that are the same at one host; missing where no case was asked twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_within: Option<Estimate>,
    /// How much more often repeats at one host agree than answers of the two hosts do, case by case; missing without
    /// repeats. Above 0, the hosts differ beyond noise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond_noise: Option<Estimate>,
}

impl Parity {
    /// Whether the hosts differ: in score, or in answers by more than repeats do. Nothing if neither is shown and noise is
    /// not known.
    #[must_use]
    pub fn differ(&self) -> Option<bool> {
        let bounds = |it: &Estimate| it.interval.as_ref().map(|it| (it.low, it.high));
        let scores = bounds(&self.difference).is_some_and(|(low, high)| low > 0.0 || high < 0.0);
        let answers = self.beyond_noise.as_ref().map(|it| bounds(it).is_some_and(|(low, _)| low > 0.0));
        if scores { Some(true) } else { answers }
    }
}
