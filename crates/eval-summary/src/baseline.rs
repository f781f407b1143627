//! The scores of a run per case: what a baseline file holds, and the form in which runs are compared.

mod file;
mod make;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vision_core::Task;

use crate::judge::CHECKS;
use crate::{JudgeStanding, Served};

pub use file::{BaselineLine, list_baselines};

/// The version of the baseline's form.
pub const BASELINE_VERSION: u32 = 1;

/// The scores of a run per case. As a file it is meant to be read in a review: one line per case × provider, sorted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The version of this form.
    pub v: u32,
    /// What it is called.
    pub name: String,
    /// The name of the run.
    pub run: String,
    /// When that was begun.
    pub started: String,
    /// The version of the program that ran it.
    pub tool: String,
    /// The version of the scoring.
    pub scorer: String,
    /// The command that repeats it.
    pub command: String,
    /// How often each case was asked.
    pub repeats: u32,
    /// The day of the price book.
    pub price_date: String,
    /// How media were prepared and answers generated; changes of it change the answers.
    pub settings: String,
    /// What was asked and how it was judged.
    pub tasks: Vec<BaselineTask>,
    /// Who was asked; controls are left out.
    pub providers: Vec<BaselineProvider>,
    /// Sorted by dataset, task, case and provider.
    pub scores: Vec<CaseScore>,
}

/// One task of one dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineTask {
    /// The dataset's name.
    pub dataset: String,
    /// The task.
    pub task: Task,
    /// The dataset's version.
    pub version: String,
    /// A hash of the whole dataset.
    pub content_hash: String,
    /// A hash of what is asked beside the media.
    pub prompt_hash: String,
    /// The metric.
    pub metric: String,
    /// A hash of everything that decides about the score.
    pub metric_hash: String,
    /// The judge of its answers, if there is one, and what its word counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<TaskJudge>,
}

impl BaselineTask {
    /// Whether it is scored by accepted wordings alone.
    pub(crate) fn is_by_wordings(&self) -> bool {
        self.metric == CHECKS && self.judge.as_ref().is_none_or(|judge| !judge.standing.decides())
    }
}

/// The judge of open answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskJudge {
    /// Its name, with the version of its prompt; empty where people correct the rule.
    pub name: String,
    /// What its word counts.
    pub standing: JudgeStanding,
    /// Different answers that both people and judge judged.
    pub labelled: u64,
}

/// What people say of a case, beside the judge on the same answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ByPeople {
    /// Their mean score.
    pub people: f64,
    /// The judge's.
    pub judge: f64,
}

/// One provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BaselineProvider {
    /// The label.
    pub label: String,
    /// The model asked for.
    pub model: String,
    /// Its settings and address, without anything secret.
    pub settings: String,
    /// The models that answered.
    pub served: Vec<Served>,
    /// What it cost and how long it took; missing in older files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<RunFigures>,
}

/// What a provider cost and how long it took over a whole run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunFigures {
    /// Dollars for a thousand cases; missing if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_1000: Option<f64>,
    /// Whether that is a lower bound.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
    /// 95 % of the answers took no longer; missing if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p95_seconds: Option<f64>,
}

/// One case of one provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseScore {
    /// The dataset's name.
    pub dataset: String,
    /// The task.
    pub task: Task,
    /// The case's id.
    pub case: String,
    /// The label of the provider.
    pub provider: String,
    /// The source document; empty if it is the case itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The headline score of every repeat; failed ones are 0.
    pub scores: Vec<f64>,
    /// How many of them failed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub failed: u32,
    /// What people say of its answers, where a calibrated judge's scores are corrected by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<ByPeople>,
    /// Fields that are wrong in any repeat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrong: Vec<String>,
    /// Its tags; not part of the file.
    #[serde(skip)]
    pub tags: BTreeMap<String, String>,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl CaseScore {
    /// The mean over repeats.
    pub(crate) fn mean(&self) -> f64 {
        self.scores.iter().sum::<f64>() / self.scores.len() as f64
    }

    /// The source document.
    pub(crate) fn document(&self) -> &str {
        if self.source.is_empty() { &self.case } else { &self.source }
    }
}

impl Baseline {
    /// The same with a single provider; `None` if it has no such provider.
    #[must_use]
    pub fn only(&self, provider: &str) -> Option<Self> {
        let known = self.providers.iter().any(|one| one.label == provider);
        known.then(|| {
            let mut part = self.clone();
            part.providers.retain(|one| one.label == provider);
            part.scores.retain(|score| score.provider == provider);
            part
        })
    }
}
