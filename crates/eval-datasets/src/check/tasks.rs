use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use eval_metrics::task::{TASK_METRICS, TaskMetric};
use jsonschema::Validator;
use serde_json::Value;
use vision_core::Task;

use super::Report;
use crate::{Dataset, Problem, TaskSpec, Template, files, nearest, structured};

/// What the cases of a task are held against.
#[derive(Debug)]
pub(super) struct TaskRules {
    /// The places of the prompt.
    pub fields: BTreeSet<String>,
    /// The metric, whose name says what a label looks like.
    pub metric: String,
    /// The answer schema, in which a label may leave out what is not labelled.
    pub schema: Option<Validator>,
    /// The labels that may be expected.
    pub labels: Option<Vec<String>>,
    /// The metric's settings.
    pub settings: Value,
    /// The schema is the user's own: null in a label is no mistake, and a case without one cannot be asked.
    pub own_schema: bool,
}

impl TaskRules {
    /// Of a task that is in no folder yet.
    pub fn unwritten(task: Task, spec: &TaskSpec, schema: Option<&Value>) -> Self {
        Self {
            fields: BTreeSet::new(),
            metric: spec.metric.clone(),
            schema: schema.and_then(forgiving),
            labels: labels(spec),
            settings: serde_json::to_value(&spec.settings).unwrap_or_default(),
            own_schema: task == Task::Extract,
        }
    }
}

/// Checks the manifest's tables.
pub(super) fn check(dataset: &Dataset, metrics: &[&str], report: &mut Report) -> BTreeMap<Task, TaskRules> {
    let path = dataset.folder.join("dataset.toml");
    let text = files::read_text(&dataset.folder, "dataset.toml").unwrap_or_default();
    if dataset.manifest.tasks.is_empty() {
        report.error(Problem::new(&path, "has no task: a table such as [tasks.receipt] is needed"));
    }
    let tasks = dataset.manifest.tasks.iter();
    tasks
        .map(|(task, spec)| {
            let mut refuse = |key: &str, message| report.error(at_key(&path, &text, *task, key, message));
            if !metrics.contains(&spec.metric.as_str()) {
                refuse("metric", unknown_metric(&spec.metric, metrics));
            }
            let fields = Template::parse(&spec.prompt)
                .map(|template| template.fields().filter(|it| *it != SCHEMA).map(str::to_owned).collect())
                .unwrap_or_else(|message| {
                    refuse("prompt", message);
                    BTreeSet::new()
                });
            let schema = schema(&dataset.folder, *task, spec).unwrap_or_else(|message| {
                refuse("schema", message);
                None
            });
            if let Err(message) = settings(&dataset.folder, spec) {
                refuse("metric", message);
            }
            let metric = spec.metric.clone();
            let own_schema = *task == Task::Extract;
            let settings = serde_json::to_value(&spec.settings).unwrap_or_default();
            (*task, TaskRules { fields, metric, schema, labels: labels(spec), settings, own_schema })
        })
        .collect()
}

/// Whether the metric takes its settings, as a run will ask it to. What is wrong with name or schema is told apart.
fn settings(folder: &Path, spec: &TaskSpec) -> Result<(), String> {
    let schema = spec.schema.as_ref().map(|file| structured::read(folder, file)).transpose();
    let (true, Ok(schema)) = (TASK_METRICS.contains(&spec.metric.as_str()), schema) else { return Ok(()) };
    if schema.as_ref().is_some_and(|schema| jsonschema::validator_for(schema).is_err()) {
        return Ok(());
    }
    let settings = serde_json::to_value(&spec.settings).expect("a table of TOML has texts as keys");
    let metric = TaskMetric::from_settings(&spec.metric, &settings, &spec.critical, schema.as_ref());
    metric.map(drop).map_err(|error| error.to_string())
}

fn unknown_metric(metric: &str, metrics: &[&str]) -> String {
    match nearest(metric, metrics.iter().copied()) {
        Some(near) => format!("unknown metric `{metric}`; did you mean `{near}`?"),
        None => format!("unknown metric `{metric}` (known: {})", metrics.join(", ")),
    }
}

fn labels(spec: &TaskSpec) -> Option<Vec<String>> {
    let labels = spec.settings.get("labels")?.as_array()?;
    Some(labels.iter().filter_map(|label| label.as_str().map(str::to_owned)).collect())
}

/// The place of a prompt that holds the schema of the case.
const SCHEMA: &str = "schema";

fn schema(folder: &Path, task: Task, spec: &TaskSpec) -> Result<Option<Validator>, String> {
    spec.schema.as_ref().map(|file| validator(folder, task, file)).transpose()
}

/// The schema in a file, in which a label may leave out what is not labelled.
pub(super) fn validator(folder: &Path, task: Task, file: &str) -> Result<Validator, String> {
    let read = structured::read(folder, file);
    let mut schema = read.map_err(|problem| format!("`{file}` {}", problem.message))?;
    if task == Task::Extract && !describes_record(&schema) {
        return Err(format!("`{file}` describes no object with `properties` at its top"));
    }
    forgive_missing(&mut schema);
    jsonschema::validator_for(&schema).map_err(|error| format!("`{file}` is not a JSON Schema: {error}"))
}

/// A schema in which a label may leave out what is not labelled; nothing if it is none.
pub(super) fn forgiving(schema: &Value) -> Option<Validator> {
    let mut schema = schema.clone();
    forgive_missing(&mut schema);
    jsonschema::validator_for(&schema).ok()
}

fn describes_record(schema: &Value) -> bool {
    let root = schema["$ref"].as_str().and_then(|it| schema.pointer(it.strip_prefix('#')?)).unwrap_or(schema);
    let parts = ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| root[*key].as_array()).flatten();
    std::iter::once(root).chain(parts).any(|part| part["properties"].is_object() || part["$ref"].is_string())
}

/// A label may leave out any key: it is not judged then.
fn forgive_missing(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            if keys.get("required").is_some_and(Value::is_array) {
                keys.remove("required");
            }
            keys.values_mut().for_each(forgive_missing);
        }
        Value::Array(parts) => parts.iter_mut().for_each(forgive_missing),
        _ => {}
    }
}

/// A problem at a key of a task's table, by a plain search: the parsed manifest no longer knows its lines.
fn at_key(path: &Path, text: &str, task: Task, key: &str, message: String) -> Problem {
    let header = format!("[tasks.{task}]");
    let found = text.find(&header).and_then(|table| {
        let body = &text[table + header.len()..];
        let assigns = |line: &&str| {
            line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        let line = body.lines().find(assigns)?;
        Some(line.as_ptr() as usize - text.as_ptr() as usize)
    });
    let message = format!("task `{task}`: {message}");
    match found {
        Some(start) => Problem::in_text(path, text, start..start + key.len(), message),
        None => Problem::new(path, message),
    }
}
