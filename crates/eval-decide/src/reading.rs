//! What an answer says, and whether another one says the same.

use eval_metrics::answer::read;
use eval_metrics::distance::similarity;
use eval_metrics::task::{CaseFacts, Finding, TaskMetric};
use eval_metrics::value::{Verdict, plain};
use eval_record::PlannedTask;
use serde_json::{Map, Value};

/// Longer texts are compared by their beginnings: edit distances take the square of the length.
const LONGEST: usize = 4_000;

/// Compares answers of a task as its metric compares an answer with a label, so that spelling does not matter.
#[derive(Debug)]
pub struct Comparer {
    /// Nothing for tasks whose labels look different from answers.
    metric: Option<TaskMetric>,
    /// The fields that matter; all if empty.
    on: Vec<String>,
}

/// An answer, read.
#[derive(Debug, Clone)]
pub struct Reading {
    text: String,
    /// Its JSON.
    pub value: Option<Value>,
}

impl Reading {
    /// Reads what a model wrote.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let value = read(text).value;
        Self { text: text.to_owned(), value: value.filter(|value| value.is_object() || value.is_array()) }
    }
}

/// Whether a field is one of these, or below one of them: `items` holds `items.price`.
#[must_use]
pub fn is_on(field: &str, on: &[String]) -> bool {
    let below = |name: &String| {
        field.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    on.is_empty() || on.iter().any(below)
}

impl Comparer {
    /// For a planned task, on these fields of it.
    #[must_use]
    pub fn new(task: &PlannedTask, on: &[String]) -> Self {
        Self::by(&task.metric, &task.settings, on)
    }

    /// By a metric with its settings.
    #[must_use]
    pub fn by(metric: &str, settings: &Value, on: &[String]) -> Self {
        let typed = ["receipt", "document", "classify"].contains(&metric);
        let metric = typed.then(|| TaskMetric::from_settings(metric, settings, &[], None).ok());
        Self { metric: metric.flatten(), on: on.to_vec() }
    }

    /// How much two answers say the same, from 0 to 1. Where fields are known, all must be the same or it is 0.
    #[must_use]
    pub fn agreement(&self, one: &Reading, other: &Reading) -> f64 {
        match (&self.metric, &one.value) {
            (Some(metric), Some(Value::Object(label))) => {
                f64::from(u8::from(self.is_same(metric, label, &other.text)))
            }
            (Some(_), _) => 0.0,
            (None, _) => same_text(&one.text, &other.text),
        }
    }

    /// Whether each field of an answer, taken for the truth, is what the other says.
    fn is_same(&self, metric: &TaskMetric, label: &Map<String, Value>, other: &str) -> bool {
        let label = Value::Object(self.as_label(metric, label));
        let Ok(scored) = metric.score_case(&label, other, &CaseFacts::default()) else { return false };
        if self.on.is_empty() && scored.explanation.is_empty() {
            return scored.headline.is_some_and(|share| share >= 1.0);
        }
        let mut judged = scored.explanation.iter().filter(|it| is_judged(it, &self.on)).peekable();
        judged.peek().is_some() && judged.all(|it| it.verdict == Verdict::Right)
    }

    /// A field that is not in the answer is one that it says is absent.
    fn as_label(&self, metric: &TaskMetric, answer: &Map<String, Value>) -> Map<String, Value> {
        let mut label = answer.clone();
        for field in metric.fields() {
            if !field.name.contains('.') {
                label.entry(field.name).or_insert(Value::Null);
            }
        }
        label
    }
}

/// Whether a finding is about one of these fields and says something.
#[must_use]
pub fn is_judged(finding: &Finding, on: &[String]) -> bool {
    finding.verdict != Verdict::Unlabelled && is_on(&finding.field, on)
}

fn same_text(one: &str, other: &str) -> f64 {
    let short = |text: &str| plain(text).chars().take(LONGEST).collect::<String>();
    similarity(&short(one), &short(other))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use eval_record::PlannedTask;
    use serde_json::{Value, json};

    use super::{Comparer, Reading};

    fn task(metric: &str, settings: Value) -> PlannedTask {
        let fields = BTreeMap::from([("metric", json!(metric)), ("settings", settings)]);
        let rest = json!({"prompt_name": "default", "prompt": "", "max_output_tokens": 100, "cases": 1});
        let mut whole = rest.as_object().unwrap().clone();
        whole.extend(fields.into_iter().map(|(name, value)| (name.to_owned(), value)));
        serde_json::from_value(Value::Object(whole)).unwrap()
    }

    #[track_caller]
    fn agreement(on: &[&str], one: &str, other: &str) -> f64 {
        let settings = json!({"fields": {"date": "date", "total": "money"}});
        let on: Vec<String> = on.iter().map(|name| (*name).to_owned()).collect();
        let comparer = Comparer::new(&task("document", settings), &on);
        comparer.agreement(&Reading::new(one), &Reading::new(other))
    }

    #[test]
    fn spelling_is_no_disagreement() {
        let (one, other) = (
            r#"{"date": "2026-03-31", "total": 12.5}"#,
            r#"```json\n{"date":"31 March 2026","total":"12,50 €"}"#,
        );
        assert_eq!((agreement(&[], one, other), agreement(&[], other, one)), (1.0, 1.0));
    }

    #[test]
    fn only_the_named_fields_count() {
        let (one, other) =
            (r#"{"date": "2026-03-31", "total": 12.5}"#, r#"{"date": "2026-03-30", "total": 12.5}"#);
        assert_eq!((agreement(&["total"], one, other), agreement(&[], one, other)), (1.0, 0.0));
    }

    #[test]
    fn what_both_leave_out_is_agreed_on_and_what_one_leaves_out_is_not() {
        let (one, other) = (r#"{"total": 12.5}"#, r#"{"date": null, "total": 12.5}"#);
        assert_eq!(agreement(&[], one, other), 1.0);
        assert_eq!(agreement(&["date"], one, r#"{"date": "2026-03-31", "total": 12.5}"#), 0.0);
        assert_eq!(agreement(&[], "I cannot read this.", "I cannot read this."), 0.0);
    }

    #[test]
    fn texts_agree_as_far_as_they_are_alike() {
        let comparer = Comparer::new(&task("text", Value::Null), &[]);
        let agreement = |one: &str, other: &str| comparer.agreement(&Reading::new(one), &Reading::new(other));
        assert_eq!(agreement("Hello  World.", "hello world"), 1.0);
        assert!((0.5..1.0).contains(&agreement("hello world", "hello word")));
    }
}
