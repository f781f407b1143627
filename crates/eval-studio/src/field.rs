//! The fields of a label, as the metric of the task judges them.

use std::collections::BTreeMap;

use eval_datasets::TaskSpec;
use eval_metrics::task::TaskMetric;
use eval_metrics::value::FieldType;
use serde::Serialize;
use serde_json::{Map, Value};
use vision_core::Task;

use crate::{Result, StudioError};

/// A field of the label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// Its path in the label: `total`, `address.city`, `items`.
    pub name: String,
    /// What it holds.
    pub shape: Shape,
    /// Whether a mistake in it matters most.
    pub critical: bool,
    /// Whether there may be nothing. A list without entries is empty instead.
    pub nullable: bool,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Shape {
    /// One value.
    One {
        /// How it is compared.
        kind: FieldType,
        /// The only values, if they are given.
        choices: Vec<String>,
    },
    /// A list of records.
    Rows {
        /// What each holds.
        columns: Vec<Column>,
    },
    /// A text of several lines.
    Text,
    /// Whatever the metric takes, as JSON.
    Json,
}

/// How the answers of a task are judged, as far as the fields of its label follow from it.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The task.
    pub task: Task,
    /// The name of its metric.
    pub metric: &'a str,
    /// The settings of that.
    pub settings: &'a Value,
    /// Fields that a usable answer must have right.
    pub critical: &'a [String],
}

/// A value of each record of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Its name; empty if the record is the value.
    pub name: String,
    /// How it is compared.
    pub kind: FieldType,
}

/// The fields of a task, in the order in which they are labeled.
///
/// # Errors
/// If the task cannot be labeled here, or its settings or schema make no sense.
pub fn fields(task: Task, spec: &TaskSpec, schema: Option<&Value>) -> Result<Vec<Field>> {
    if task.is_open() {
        return Ok(vec![checks("must"), checks("must_not")]);
    }
    let settings = serde_json::to_value(&spec.settings).expect("a table of TOML has texts as keys");
    fields_by(Rules { task, metric: &spec.metric, settings: &settings, critical: &spec.critical }, schema)
}

/// The same by the rules that a plan or a dataset has for a task.
///
/// # Errors
/// If the task cannot be labeled field by field, or its settings or schema make no sense.
pub fn fields_by(rules: Rules<'_>, schema: Option<&Value>) -> Result<Vec<Field>> {
    match rules.task {
        Task::Receipt | Task::Document | Task::Extract => records(rules, schema),
        Task::Classify => Ok(vec![class(rules.settings)]),
        Task::Transcribe | Task::Text => {
            Ok(vec![Field { name: "text".to_owned(), shape: Shape::Text, critical: false, nullable: false }])
        }
        other => Err(StudioError::invalid(format!("the task `{other}` cannot be labeled in the studio"))),
    }
}

/// What an open answer must say, or must not.
fn checks(name: &str) -> Field {
    let column = |name: &str, kind| Column { name: name.to_owned(), kind };
    let columns = vec![
        column("text", FieldType::Text),
        column("accepted", FieldType::List),
        column("weight", FieldType::Number),
    ];
    Field { name: name.to_owned(), shape: Shape::Rows { columns }, critical: false, nullable: false }
}

fn class(settings: &Value) -> Field {
    let labels = settings["labels"].as_array();
    let choices = labels.into_iter().flatten().filter_map(|it| it.as_str().map(str::to_owned)).collect();
    let shape = Shape::One { kind: FieldType::Enum, choices };
    Field { name: "label".to_owned(), shape, critical: false, nullable: false }
}

fn records(rules: Rules<'_>, schema: Option<&Value>) -> Result<Vec<Field>> {
    let metric = TaskMetric::from_settings(rules.metric, rules.settings, rules.critical, schema)
        .map_err(|error| StudioError::invalid(error.to_string()))?;
    let lists = lists(rules);
    let mut fields: Vec<Field> = Vec::new();
    for info in metric.fields() {
        let (name, column) = match parted(&info.name, &lists) {
            Some((list, column)) => (list, Some(Column { name: column, kind: info.kind })),
            None => (info.name.clone(), None),
        };
        let is_deep = |name: &str| name.contains("[]") || name.contains('*');
        if is_deep(&name) || column.as_ref().is_some_and(|it| is_deep(&it.name) || it.name.contains('.')) {
            let message = format!(
                "the field `{}` is in a list inside a list or map, which cannot be labeled here",
                info.name
            );
            return Err(StudioError::invalid(message));
        }
        match (column, fields.iter_mut().find(|field| field.name == name)) {
            (Some(column), Some(Field { shape: Shape::Rows { columns }, .. })) => columns.push(column),
            (Some(column), _) => {
                let shape = Shape::Rows { columns: vec![column] };
                fields.push(Field { name, shape, critical: info.critical, nullable: false });
            }
            (None, _) => {
                let choices = choices(schema, &name);
                let shape = Shape::One { kind: info.kind, choices };
                fields.push(Field { name, shape, critical: info.critical, nullable: true });
            }
        }
    }
    // As the schema has them. Lists take longest, and the values beside them help to check their sums.
    let keys: Vec<&String> =
        schema.and_then(|it| it["properties"].as_object()).into_iter().flat_map(Map::keys).collect();
    let place = |name: &str| keys.iter().position(|key| is_within(name, key)).unwrap_or(keys.len());
    fields.sort_by_key(|field| (matches!(field.shape, Shape::Rows { .. }), place(&field.name)));
    Ok(fields)
}

/// Whether a path is a key, or inside of it.
fn is_within(path: &str, key: &str) -> bool {
    path.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The names of lists whose fields have no mark of a list.
fn lists(rules: Rules<'_>) -> Vec<String> {
    let named = rules.settings["lists"].as_object();
    let named = named.into_iter().flat_map(|lists| lists.keys().cloned());
    let receipt = (rules.metric == "receipt").then(|| "items".to_owned());
    named.chain(receipt).collect()
}

/// The list and the column of a field inside a list.
fn parted(field: &str, lists: &[String]) -> Option<(String, String)> {
    if let Some((list, column)) = field.split_once("[]") {
        return Some((list.to_owned(), column.trim_start_matches('.').to_owned()));
    }
    let (list, column) = field.split_once('.')?;
    let column = if column == "value" { "" } else { column };
    lists.iter().any(|name| name == list).then(|| (list.to_owned(), column.to_owned()))
}

/// The values that a schema allows at a path.
fn choices(schema: Option<&Value>, path: &str) -> Vec<String> {
    let properties = |schema: &Value, name: &str| schema["properties"].get(name).cloned();
    let place = schema
        .cloned()
        .and_then(|schema| path.split('.').try_fold(schema, |schema, name| properties(&schema, name)));
    let values = place.and_then(|place| place["enum"].as_array().cloned()).unwrap_or_default();
    values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// The value at a path of an object; a name with dots of its own is found, too.
#[must_use]
pub fn value_at<'a>(label: &'a Value, path: &str) -> Option<&'a Value> {
    if let Some(value) = label.get(path) {
        return Some(value);
    }
    let (first, rest) = path.split_once('.')?;
    value_at(label.get(first)?, rest)
}

/// The label of the dataset out of the values of its fields.
#[must_use]
pub fn expected(task: Task, values: &BTreeMap<&str, Value>) -> Value {
    if matches!(task, Task::Transcribe | Task::Text) {
        return values.get("text").cloned().unwrap_or(Value::Null);
    }
    let mut label = Value::Object(Map::new());
    for (path, value) in values {
        let place = path.split('.').fold(&mut label, |place, name| {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place.as_object_mut().expect("just made").entry(name).or_insert(Value::Null)
        });
        *place = if task.is_open() { sparse(value) } else { value.clone() };
    }
    label
}

/// A list whose records have no empty cells: in a check, what is not said stands for its usual value.
#[must_use]
pub fn sparse(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sparse).collect(),
        Value::Object(cells) => {
            let said = cells.iter().filter(|(_, cell)| !cell.is_null());
            said.map(|(name, cell)| (name.clone(), cell.clone())).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use eval_datasets::task_template;
    use eval_metrics::value::FieldType;
    use serde_json::json;
    use vision_core::Task;

    use super::{Shape, expected, fields, value_at};

    #[test]
    fn a_receipt_has_the_fields_that_its_metric_judges() {
        let (spec, schema) = task_template(Task::Receipt);
        let fields = fields(Task::Receipt, &spec, schema.as_ref()).unwrap();
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["store", "date", "subtotal", "tax", "tip", "total", "payment_method", "items"]);
        let Shape::Rows { columns } = &fields[7].shape else { panic!("items are rows") };
        assert_eq!(
            columns.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
            ["name", "quantity", "price"]
        );
        let Shape::One { kind: FieldType::Enum, choices } = &fields[6].shape else { panic!("a choice") };
        assert_eq!(choices, &["cash", "card", "mobile", "voucher"]);
    }

    #[test]
    fn a_schema_gives_paths_lists_and_choices() {
        let (mut spec, _) = task_template(Task::Extract);
        spec.schema = Some("s".to_owned());
        let schema = json!({"type": "object", "properties": {
            "buyer": {"type": "object", "properties": {"city": {"type": "string"}}},
            "kind": {"type": "string", "enum": ["a", "b"]},
            "lines": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "number"}}}},
            "tags": {"type": "array", "items": {"type": "string"}},
        }});
        let found = fields(Task::Extract, &spec, Some(&schema)).unwrap();
        let names: Vec<&str> = found.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["buyer.city", "kind", "lines", "tags"]);
        let deep = json!({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "object",
            "properties": {"b": {"type": "array", "items": {"type": "object", "properties": {"c": {"type": "string"}}}}}}}}});
        assert!(fields(Task::Extract, &spec, Some(&deep)).unwrap_err().message.contains("inside a list"));
    }

    #[test]
    fn values_are_put_where_they_are_found() {
        let values = BTreeMap::from([("a.b", json!(1)), ("a.c", json!(null)), ("d", json!([]))]);
        let label = expected(Task::Extract, &values);
        assert_eq!(label, json!({"a": {"b": 1, "c": null}, "d": []}));
        assert_eq!(value_at(&label, "a.b"), Some(&json!(1)));
        assert_eq!((value_at(&label, "a.x"), value_at(&json!({"a.b": 2}), "a.b")), (None, Some(&json!(2))));
        assert_eq!(expected(Task::Transcribe, &BTreeMap::from([("text", json!("hello"))])), json!("hello"));
    }
}
