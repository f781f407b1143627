//! The metric of one task of one dataset, set up as it was planned or as the caller wants it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use eval_metrics::answer::{self, State};
use eval_metrics::task::{
    Better, Bounds, CaseFacts, Evidence, FoundAt, Parse, Scored, TASK_METRICS, TaskMetric,
};
use eval_metrics::{NamedMetric, named};
use eval_record::{CaseLine, OutputMode, Plan, PlannedTask, Trial};
use serde_json::Value;
use vision_core::{ErrorKind, Response, Task};

use crate::options::Rescore;
use crate::{Scope, SummaryError, ValueAbout};

/// The metric of open answers.
pub(crate) const CHECKS: &str = "checks";

/// Scores answers.
#[derive(Debug)]
pub(crate) enum Judge {
    Task(TaskMetric),
    Named { metric: &'static NamedMetric, figure: &'static str, settings: Value },
}

/// Whether the cases of a plan can be scored at all, before anything is asked.
#[derive(Debug)]
pub struct Scorable(Vec<(String, Task, Judge)>);

impl Scorable {
    /// Sets up every metric of the plan. One that is not there, or whose settings are wrong, is the error.
    pub fn new(plan: &Plan) -> Result<Self, SummaryError> {
        let mut judges = Vec::new();
        for dataset in &plan.datasets {
            for (task, planned) in &dataset.tasks {
                let of = Scope::task(&dataset.name, *task).to_string();
                judges.push((dataset.name.clone(), *task, Judge::new(&of, planned, None)?));
            }
        }
        Ok(Self(judges))
    }

    /// Why a case with this label cannot be scored.
    pub fn check(
        &self,
        dataset: &str,
        task: Task,
        expected: &Value,
        schema: Option<&Arc<Value>>,
    ) -> Result<(), String> {
        let judge = self.0.iter().find(|(name, of, _)| name == dataset && *of == task);
        let facts = CaseFacts { schema: schema.cloned(), ..CaseFacts::default() };
        judge.map_or(Ok(()), |(_, _, judge)| judge.score(expected, "", &facts).map(|_| ()))
    }

    /// Whether every answer is right or wrong, and hardly ever something between.
    #[must_use]
    pub fn is_right_or_wrong(&self) -> bool {
        self.0.iter().all(|(_, _, judge)| judge.is_right_or_wrong())
    }

    /// The headline score of a trial; nothing where it is undefined, or the trial says nothing about the candidate.
    pub fn score(&self, case: &CaseLine, trial: &Trial) -> Option<f64> {
        if trial.failure().is_some_and(|failure| !is_scored(failure.kind)) {
            return None;
        }
        let (_, _, judge) = self.0.iter().find(|(name, of, _)| *name == case.dataset && *of == case.task)?;
        // What a model said of a case that a person reads is nobody's answer.
        let person = trial.response().and_then(|response| response.referred);
        let answer = trial.response().filter(|_| person.is_none());
        let text = answer.map_or("", |response| response.text.as_str());
        let facts = CaseFacts::from_tags(&case.tags).asked(&case.fields);
        let facts = CaseFacts { own_schema: case.own_schema.clone().map(Arc::new), ..facts };
        let facts = with_evidence(facts, case.schema.clone(), &case.evidence, trial).ok()?;
        let score = judge.score(&case.expected, text, &facts).ok()?.headline?;
        match (person, answer) {
            (Some(person), _) => person.error.map(|error| 1.0 - error),
            (None, Some(_)) => Some(score),
            // A failed trial scores 0 where an empty answer might not.
            (None, None) => Some(0.0),
        }
    }
}

/// What could not be asked, or was not sent for want of budget, says nothing about the provider's answers.
pub(crate) fn is_scored(kind: ErrorKind) -> bool {
    !matches!(kind, ErrorKind::Unsupported | ErrorKind::Budget)
}

/// The figures of the field's metrics that can stand as a score: from 0 to 1, more is better.
const FIGURES: [&str; 9] = [
    "score",
    "f1",
    "anls",
    "anls_star",
    "accuracy",
    "correct",
    "exact_match",
    "normalized_levenshtein",
    "entity_f1",
];

impl Judge {
    pub fn new(of: &str, task: &PlannedTask, rescore: Option<&Rescore>) -> Result<Self, SummaryError> {
        let (name, settings) = match rescore {
            Some(other) if other.metric != task.metric || !other.settings.is_null() => {
                (other.metric.as_str(), &other.settings)
            }
            _ => (task.metric.as_str(), &task.settings),
        };
        let refuse = |message: String| SummaryError::Metric { of: of.to_owned(), message };
        if TASK_METRICS.contains(&name) {
            // Critical fields belong to the planned metric.
            let critical = if name == task.metric { task.critical.as_slice() } else { &[] };
            let metric = TaskMetric::from_settings(name, settings, critical, task.schema.as_ref());
            let metric = metric.and_then(|metric| match &task.own_schema {
                Some(schema) => metric.fitted_to(schema),
                None => Ok(metric),
            });
            return metric.map(Self::Task).map_err(|error| refuse(error.to_string()));
        }
        let metric = named(name).ok_or_else(|| refuse(format!("there is no metric `{name}`")))?;
        let figure = FIGURES.into_iter().find(|figure| metric.gives(figure)).ok_or_else(|| {
            refuse(format!("the metric `{name}` has no score for one case where more is better"))
        })?;
        Ok(Self::Named { metric, figure, settings: settings.clone() })
    }

    /// What it says of an answer, or why the case cannot be scored. The facts settle what is ambiguous, such as dates.
    pub fn score(&self, expected: &Value, text: &str, facts: &CaseFacts) -> Result<Scored, String> {
        match self {
            Self::Task(metric) => metric.score_case(expected, text, facts).map_err(|error| error.to_string()),
            Self::Named { metric, figure, settings } => by_name(metric, figure, settings, expected, text),
        }
    }

    /// Whether it looks for the accepted wordings of a list of checks.
    pub fn is_by_wordings(&self) -> bool {
        self.name() == CHECKS
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Task(metric) => metric.name(),
            Self::Named { metric, .. } => metric.name,
        }
    }

    fn is_right_or_wrong(&self) -> bool {
        match self {
            Self::Task(metric) => metric.is_right_or_wrong(),
            Self::Named { figure, .. } => matches!(*figure, "correct" | "exact_match"),
        }
    }

    /// The fields it judges and whether they are critical, as far as they are known beforehand.
    pub fn fields(&self) -> Vec<(String, bool)> {
        match self {
            Self::Task(metric) => {
                metric.fields().into_iter().map(|field| (field.name, field.critical)).collect()
            }
            Self::Named { .. } => Vec::new(),
        }
    }

    /// Its figures, the headline first.
    pub fn values(&self) -> Vec<ValueAbout> {
        match self {
            Self::Task(metric) => metric.values().iter().map(about).collect(),
            Self::Named { metric, figure, .. } => vec![ValueAbout {
                name: (*figure).to_owned(),
                about: metric.about.lines().next().unwrap_or_default().to_owned(),
                better: "higher".to_owned(),
            }],
        }
    }
}

fn about(info: &eval_metrics::task::ValueInfo) -> ValueAbout {
    let better = match info.better {
        Better::Higher => "higher",
        Better::Lower => "lower",
        Better::Neither => "neither",
    };
    ValueAbout { name: info.name.to_owned(), about: info.about.to_owned(), better: better.to_owned() }
}

/// Asks a metric of the field what it gives for equal texts.
trait Gives {
    fn gives(&self, figure: &str) -> bool;
}

impl Gives for NamedMetric {
    fn gives(&self, figure: &str) -> bool {
        let probes = [Value::from("1"), serde_json::json!({"a": "1"})];
        let probe = |value: &Value| (self.score)(value, value, &Value::Null).ok();
        probes.iter().filter_map(probe).any(|figures| number(&figures[figure]).is_some())
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_bool().map(f64::from))
}

fn by_name(
    metric: &NamedMetric,
    figure: &str,
    settings: &Value,
    expected: &Value,
    text: &str,
) -> Result<Scored, String> {
    let read = answer::read(text);
    let plain = expected.is_string();
    let predicted =
        if plain { Value::from(answer::plain_text(text)) } else { read.value.clone().unwrap_or(Value::Null) };
    let figures = (metric.score)(expected, &predicted, settings).map_err(|error| error.to_string())?;
    let numbers = figures.as_object().into_iter().flatten();
    let values: BTreeMap<String, Option<f64>> = numbers
        .filter(|(_, value)| !value.is_object() && !value.is_array())
        .map(|(name, value)| (name.clone(), number(value)))
        .collect();
    let parse = match read.state {
        _ if plain => Parse::NotNeeded,
        State::Valid => Parse::Valid,
        State::Repaired => Parse::Repaired,
        State::Truncated => Parse::Truncated,
        State::Unreadable => Parse::Unreadable,
    };
    Ok(Scored {
        headline: values.get(figure).copied().flatten(),
        values,
        parse,
        schema_valid: None,
        repairs: if plain { BTreeSet::new() } else { read.repairs },
        malformed: false,
        labels: None,
        explanation: Vec::new(),
        notes: Vec::new(),
    })
}

/// The facts of a case with its own schema, its evidence, where the answer says that its values stand, and how firmly its
/// form was asked for.
pub(crate) fn with_evidence(
    facts: CaseFacts,
    schema: Option<Value>,
    evidence: &Value,
    trial: &Trial,
) -> Result<CaseFacts, String> {
    let response: Option<&Response> = trial.response();
    let found_at = |it: &vision_core::Evidence| FoundAt {
        path: it.path.clone(),
        page: it.page,
        bounds: it.bounds.map(|it| Bounds { left: it.left, top: it.top, right: it.right, bottom: it.bottom }),
    };
    Ok(CaseFacts {
        schema: schema.map(Arc::new),
        evidence: Evidence::read(evidence).map_err(|error| error.to_string())?,
        was_held: trial.output == OutputMode::Schema,
        found_at: response.map(|it| it.evidence.iter().map(found_at).collect()).unwrap_or_default(),
        ..facts
    })
}

/// Whether nothing at all is wrong with an answer.
pub(crate) fn fully_right(scored: &Scored) -> bool {
    let figure = |name: &str| scored.values.get(name).copied().flatten();
    figure("fully_right").or_else(|| figure("exact")).or(scored.headline).is_some_and(|share| share >= 1.0)
}
