//! The open answers of a record, each with what it is judged by.

use std::collections::{HashMap, HashSet};

use eval_datasets::Template;
use eval_metrics::task::TaskMetric;
use eval_record::{CaseLine, PlannedDataset, PlannedTask, Record, answer_id};
use eval_statistics::SplitMix64;
use serde::{Deserialize, Serialize};
use vision_core::Task;

use crate::JudgeError;

/// An answer that is put before a judge. Nothing in it tells who gave it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// See [`answer_id`].
    pub id: String,
    /// The dataset of the case.
    pub dataset: String,
    /// The case.
    pub case: String,
    /// What was asked.
    pub task: Task,
    /// The source document of the case.
    pub source: String,
    /// The question as it was asked.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// The folder that media are relative to, as the plan has it.
    pub folder: String,
    /// The media of the case, or addresses.
    pub media: Vec<String>,
    /// What is to be judged, in an order that does not tell what must be said from what must not.
    pub checks: Vec<AskedCheck>,
    /// The answer that it is held against, if the question is which of two is better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rival: Option<Rival>,
}

/// The second of two answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rival {
    /// The one shown first, see [`answer_id`].
    pub first: String,
    /// This one.
    pub second: String,
    /// Its text.
    pub answer: String,
}

/// One statement that an answer is held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedCheck {
    /// `c1`, `c2`, …: what a judge and a sheet call it.
    pub id: String,
    /// Its path in the label: `must[0]`.
    pub path: String,
    /// What is said, or not.
    pub text: String,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<String>,
}

/// Every different answer to a case whose metric has checks, in the order of the cases.
///
/// # Errors
/// If the record cannot be read, or a label is no list of checks.
pub fn open_answers(record: &Record) -> Result<Vec<Item>, JudgeError> {
    let plan = &record.plan;
    let mut open: HashMap<(String, String), usize> = HashMap::new();
    let mut cases: Vec<OpenCase> = Vec::new();
    let mut metrics = HashMap::new();
    for dataset in plan.datasets.iter().filter(|dataset| dataset.degraded.is_none()) {
        for (task, planned) in dataset.tasks.iter().filter(|(_, planned)| planned.metric == "checks") {
            let metric = TaskMetric::from_settings(&planned.metric, &planned.settings, &[], None);
            let metric = metric.map_err(|error| JudgeError::new(format!("{}: {error}", dataset.name)))?;
            metrics.insert((dataset.name.as_str(), *task), (dataset, planned, metric));
        }
    }
    let mut wrong = None;
    record.cases(|_, case| {
        let Some((dataset, planned, metric)) = metrics.get(&(case.dataset.as_str(), case.task)) else {
            return;
        };
        match OpenCase::new(&case, dataset, planned, metric) {
            Ok(one) => {
                open.insert((case.dataset, case.case), cases.len());
                cases.push(one);
            }
            Err(error) => wrong = wrong.take().or(Some(error)),
        }
    })?;
    if let Some(error) = wrong {
        return Err(error);
    }
    let mut seen = HashSet::new();
    for trial in record.trials(&mut Vec::new())? {
        let trial = trial?;
        let Some(response) = trial.response().filter(|response| response.referred.is_none()) else {
            continue;
        };
        let key = (trial.key.dataset.clone(), trial.key.case.clone());
        let Some(case) = open.get(&key).map(|at| &mut cases[*at]) else { continue };
        // What has no words is worth nothing by any judge.
        if response.text.contains(char::is_alphanumeric) {
            let id = answer_id(&key.0, &key.1, &response.text);
            if seen.insert(id.clone()) {
                case.answers.push(case.item(id, &response.text));
            }
        }
    }
    Ok(cases
        .into_iter()
        .filter(|case| !case.template.checks.is_empty())
        .flat_map(|case| case.answers)
        .collect())
}

/// A case with its answers.
struct OpenCase {
    template: Item,
    answers: Vec<Item>,
}

impl OpenCase {
    fn new(
        case: &CaseLine,
        dataset: &PlannedDataset,
        planned: &PlannedTask,
        metric: &TaskMetric,
    ) -> Result<Self, JudgeError> {
        let checks = metric
            .checks(&case.expected)
            .map_err(|error| JudgeError::new(format!("{}, case {}: {error}", case.dataset, case.case)))?;
        let checks = checks.unwrap_or_default().into_iter().map(|(path, _, check)| AskedCheck {
            id: String::new(),
            path,
            text: check.text,
            accepted: check.accepted,
        });
        let filled = Template::parse(&planned.prompt).and_then(|template| template.fill(&case.fields));
        let template = Item {
            id: String::new(),
            dataset: case.dataset.clone(),
            case: case.case.clone(),
            task: case.task,
            source: case.source.clone(),
            question: filled.unwrap_or_else(|_| planned.prompt.clone()),
            answer: String::new(),
            folder: dataset.folder.clone(),
            media: case.media.clone(),
            checks: checks.collect(),
            rival: None,
        };
        Ok(Self { template, answers: Vec::new() })
    }

    fn item(&self, id: String, answer: &str) -> Item {
        self.template.answered(id, answer)
    }
}

impl Item {
    /// The same case with another answer, its checks in an order of its own.
    pub(crate) fn answered(&self, id: String, answer: &str) -> Self {
        let mut checks = self.checks.clone();
        checks.sort_by(|a, b| a.path.cmp(&b.path));
        shuffle(&mut checks, u64::from_str_radix(&id, 16).unwrap_or_default());
        for (number, check) in checks.iter_mut().enumerate() {
            check.id = format!("c{}", number + 1);
        }
        Self { id, answer: answer.to_owned(), checks, ..self.clone() }
    }
}

/// The same order for the same seed, on every machine.
pub(crate) fn shuffle<T>(list: &mut [T], seed: u64) {
    let mut random = SplitMix64::new(seed);
    for last in (1..list.len()).rev() {
        list.swap(last, random.below(last + 1));
    }
}
