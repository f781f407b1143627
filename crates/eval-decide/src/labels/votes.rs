//! What each candidate says of each value of a label.

use std::collections::HashMap;

use eval_metrics::task::{Finding, TaskMetric};
use eval_metrics::value::{FieldType, Verdict, dates, is_absent, money, plain};
use eval_record::Plan;
use eval_summary::{AnswerView, CaseView, Scope, TrialStatus};
use serde_json::Value;

/// A value of a label with what the candidates say.
#[derive(Debug, Clone, PartialEq)]
pub struct VotedLabel {
    /// Dataset and task.
    pub scope: Scope,
    /// The case's id.
    pub case: String,
    /// The number of its source document.
    pub document: usize,
    /// The field.
    pub field: String,
    /// What the label says.
    pub value: Value,
    /// How much it counts: labels of copies of one picture that say the same count together as one.
    pub weight: f64,
    /// By candidate; nothing where it did not answer.
    pub votes: Vec<Option<Vote>>,
}

/// What a candidate says.
#[derive(Debug, Clone, PartialEq)]
pub struct Vote {
    /// What it says, in one spelling; nothing if it says what the label says.
    pub key: Option<String>,
    /// As it wrote it.
    pub value: Value,
}

/// What is said when nothing is: a candidate that overlooks a value makes the same mistake as every other one that does.
pub(super) const ABSENT: &str = "";

/// The labels of a run, one value at a time. Entries of lists are left out: what is matched to what depends on the label.
///
/// Documents are numbered by `documents`, so that several runs can be laid side by side.
#[must_use]
pub fn votes(
    plan: &Plan,
    case: &CaseView,
    candidates: &[String],
    documents: &mut HashMap<(String, String), usize>,
) -> Vec<VotedLabel> {
    let next = documents.len();
    let document = *documents.entry((case.dataset.clone(), case.source.clone())).or_insert(next);
    let kinds = kinds(plan, case);
    let answered = |candidate: &String| {
        let mut of_it = case.answers.iter().filter(|answer| answer.provider == *candidate);
        of_it.next().filter(|answer| answer.status == TrialStatus::Answered && answer.referred.is_none())
    };
    let answers: Vec<Option<&AnswerView>> = candidates.iter().map(answered).collect();
    let mut fields: Vec<&Finding> = Vec::new();
    for finding in answers.iter().flatten().flat_map(|answer| &answer.findings) {
        let is_single = !finding.path.contains('[') && finding.verdict != Verdict::Unlabelled;
        if is_single && fields.iter().all(|known| known.path != finding.path) {
            fields.push(finding);
        }
    }
    let label = |field: &Finding| VotedLabel {
        scope: Scope::Task { dataset: case.dataset.clone(), task: case.task },
        case: case.case.clone(),
        document,
        field: field.path.clone(),
        value: field.expected.clone(),
        weight: 1.0,
        votes: answers.iter().map(|answer| vote((*answer)?, &field.path, &kinds)).collect(),
    };
    fields.into_iter().map(label).collect()
}

fn kinds(plan: &Plan, case: &CaseView) -> HashMap<String, FieldType> {
    let dataset = plan.datasets.iter().find(|dataset| dataset.name == case.dataset);
    let planned = dataset.and_then(|dataset| dataset.tasks.get(&case.task));
    let metric = planned.and_then(|it| {
        TaskMetric::from_settings(&it.metric, &it.settings, &it.critical, it.schema.as_ref()).ok()
    });
    metric.iter().flat_map(TaskMetric::fields).map(|field| (field.name, field.kind)).collect()
}

fn vote(answer: &AnswerView, path: &str, kinds: &HashMap<String, FieldType>) -> Option<Vote> {
    let finding = answer.findings.iter().find(|finding| finding.path == path)?;
    let key = match finding.verdict {
        Verdict::Right => None,
        Verdict::Missing => Some(ABSENT.to_owned()),
        _ => Some(key(&finding.got, kinds.get(&finding.field))),
    };
    Some(Vote { key, value: finding.got.clone() })
}

/// A value in one spelling.
fn key(value: &Value, kind: Option<&FieldType>) -> String {
    if is_absent(value) {
        return ABSENT.to_owned();
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let typed = match kind {
        Some(FieldType::Money | FieldType::Number | FieldType::Quantity) => {
            money(value).map(|amount| amount.to_f64().to_string())
        }
        Some(FieldType::Date) => match dates(&text, None).as_slice() {
            [only] => Some(only.to_string()),
            _ => None,
        },
        _ => None,
    };
    typed.unwrap_or_else(|| plain(&text))
}
