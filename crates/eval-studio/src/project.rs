//! What is labeled: the task with its fields, said once for a folder.

use eval_datasets::{TaskSpec, record_schema, task_template};
use eval_metrics::task::field_types;
use eval_metrics::value::{DateOrder, FieldType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use vision_core::Task;

use crate::field::{Field, fields};
use crate::file_column;
use crate::store::Store;
use crate::{Result, StudioError};

/// The file in `.studio`.
const FILE: &str = "project.json";

/// The share of documents that are shown without proposals, unless said otherwise.
pub const BLIND_SHARE: f64 = 0.1;

/// Templates of fields by name, each with a line of help.
pub const TEMPLATES: [(&str, &str); 7] = [
    ("receipt", "shop, date, items, sums and way of payment"),
    ("invoice", "sender, recipient, number, dates, amounts and currency"),
    ("document", "date, number, sender, recipient, subject and total"),
    ("classes", "one class of a list that you give"),
    ("transcript", "every word of a recording"),
    ("description", "what a description of a picture must say, and what it must not"),
    ("summary", "what a summary of a document or a recording must say, and what it must not"),
];

/// What is labeled in a folder, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// The version of this file's form.
    pub v: u32,
    /// What is asked of each document.
    pub task: Task,
    /// As in a dataset.
    pub spec: TaskSpec,
    /// The JSON Schema of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
    /// The share of documents that are shown without proposals.
    pub blind_share: f64,
    /// Draws these documents.
    pub seed: String,
}

impl Project {
    /// The fields of a template; `classes` for the template of that name.
    ///
    /// # Errors
    /// If there is no such template, or it lacks classes.
    pub fn from_template(name: &str, classes: &[String]) -> Result<Self> {
        match name {
            "receipt" => {
                let (spec, schema) = task_template(Task::Receipt);
                Ok(Self::new(Task::Receipt, TaskSpec { critical: texts(&["total", "date"]), ..spec }, schema))
            }
            "invoice" => Self::document(&INVOICE, &["number", "date", "total"]),
            "document" => Self::document(&DOCUMENT, &["date", "number"]),
            "classes" => Self::classes(classes),
            "transcript" => Ok(Self::of_task(Task::Transcribe)),
            "description" => Ok(Self::of_task(Task::Describe)),
            "summary" => Ok(Self::of_task(Task::Summarize)),
            other => {
                let known: Vec<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
                let near = eval_datasets::nearest(other, known.iter().copied());
                let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                Err(StudioError::invalid(format!(
                    "no template `{other}`: there are {}{hint}",
                    known.join(", ")
                )))
            }
        }
    }

    /// The fields of a JSON Schema.
    ///
    /// # Errors
    /// If it describes no record, or one with lists inside of lists.
    pub fn from_schema(schema: Value) -> Result<Self> {
        let (spec, _) = task_template(Task::Extract);
        Self::new(Task::Extract, spec, Some(schema)).checked()
    }

    /// Fields by name, or by name and type: `total:money`. What has no type is guessed by its name.
    ///
    /// # Errors
    /// If there are none, or a type is unknown.
    pub fn from_names(names: &[String]) -> Result<Self> {
        let mut fields = Vec::new();
        for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            let (name, kind) = match name.split_once(':') {
                None => (name, field_types::of_name(name)),
                Some((name, kind)) => {
                    let read = serde_json::from_value(json!(kind.trim()));
                    (
                        name.trim(),
                        read.map_err(|error| StudioError::invalid(format!("field `{name}`: {error}")))?,
                    )
                }
            };
            let is_taken = |known: &(String, FieldType)| known.0 == name;
            if name.is_empty() || fields.iter().any(is_taken) {
                return Err(StudioError::invalid(format!(
                    "the field `{name}` is named twice, or has no name"
                )));
            }
            fields.push((name.to_owned(), kind));
        }
        if fields.is_empty() {
            return Err(StudioError::invalid("no field is named"));
        }
        Self::of_fields(&fields, Vec::new()).checked()
    }

    /// The columns of a table that is read as CSV; the one with the file is none of the fields.
    ///
    /// # Errors
    /// If there are no columns.
    pub fn from_header(text: &str) -> Result<Self> {
        let first = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
        let mark =
            [',', ';', '\t'].into_iter().max_by_key(|mark| first.matches(*mark).count()).unwrap_or(',');
        let names = first.split(mark).map(|name| name.trim().trim_matches('"').to_owned());
        let names: Vec<String> = names.collect();
        let is_medium = |cell: &str| eval_datasets::names_a_medium(cell.trim_matches('"'));
        let head: Vec<&str> = names.iter().map(String::as_str).collect();
        let rows = text.lines().skip(1).map(|line| line.split(mark).collect());
        let file = file_column::find(&head, rows, is_medium).ok();
        let is_field = |(at, name): &(usize, &String)| {
            Some(*at) != file && !file_column::is_named(name) && !name.eq_ignore_ascii_case("id")
        };
        let fields = names.iter().enumerate().filter(is_field).map(|(_, name)| name.clone());
        Self::from_names(&fields.collect::<Vec<_>>())
    }

    fn new(task: Task, spec: TaskSpec, schema: Option<Value>) -> Self {
        Self { v: 1, task, spec, schema, blind_share: BLIND_SHARE, seed: String::new() }
    }

    fn of_task(task: Task) -> Self {
        let (spec, schema) = task_template(task);
        Self::new(task, spec, schema)
    }

    /// What candidates are asked for proposals: what is labeled, or, for open questions, what an answer should say.
    #[must_use]
    pub fn asked(&self) -> (Task, TaskSpec, Option<Value>) {
        if !self.task.is_open() {
            return (self.task, self.spec.clone(), self.schema.clone());
        }
        let (spec, _) = task_template(Task::Extract);
        let prompt = format!(
            "Readers will be asked this about what you see or hear: \"{}\" List the facts that a good answer must state \
             (`must`), and mistakes that a careless one could make (`must_not`). Each is a few words, with other wordings of \
             the same in `accepted`.",
            self.spec.prompt
        );
        (Task::Extract, TaskSpec { prompt, ..spec }, Some(check_lists()))
    }

    fn checked(self) -> Result<Self> {
        match self.fields()?.is_empty() {
            true => Err(StudioError::invalid("there is no field to label")),
            false => Ok(self),
        }
    }

    fn document(all: &[(&str, FieldType)], critical: &[&str]) -> Result<Self> {
        let all: Vec<_> = all.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        Self::of_fields(&all, texts(critical)).checked()
    }

    fn of_fields(all: &[(String, FieldType)], critical: Vec<String>) -> Self {
        let (mut spec, _) = task_template(Task::Document);
        let mut types = toml::Table::new();
        let mut properties = Map::new();
        for (name, kind) in all {
            let kind_name = serde_json::to_value(kind).expect("a kind is a word");
            types.insert(name.clone(), kind_name.as_str().unwrap_or_default().into());
            properties.insert(name.clone(), property(*kind));
        }
        let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        spec.prompt = format!("{} The fields are: {}.", spec.prompt, names.join(", "));
        spec.settings.insert("fields".to_owned(), types.into());
        spec.critical = critical;
        let schema = record_schema("document", &properties);
        Self::new(Task::Document, spec, Some(schema))
    }

    fn classes(classes: &[String]) -> Result<Self> {
        let mut labels: Vec<String> =
            classes.iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
        labels.dedup();
        if labels.len() < 2 {
            return Err(StudioError::invalid("name at least two classes"));
        }
        let (mut spec, _) = task_template(Task::Classify);
        spec.prompt = format!("{} The classes are: {}.", spec.prompt, labels.join(", "));
        spec.settings.insert("labels".to_owned(), labels.clone().into());
        let property = json!({ "type": "string", "enum": labels });
        let schema = record_schema("label", &Map::from_iter([("label".to_owned(), property)]));
        Self::new(Task::Classify, spec, Some(schema)).checked()
    }

    /// The fields to label.
    ///
    /// # Errors
    /// If settings or schema make no sense.
    pub fn fields(&self) -> Result<Vec<Field>> {
        fields(self.task, &self.spec, self.schema.as_ref())
    }

    /// How dates in numbers are read, if it is said.
    #[must_use]
    pub fn date_order(&self) -> Option<DateOrder> {
        DateOrder::of(self.spec.settings.get("date_order")?.as_str()?)
    }

    /// Says how dates in numbers are read.
    ///
    /// # Errors
    /// If the order is unknown, or the task has no dates.
    pub fn set_date_order(&mut self, order: &str) -> Result<()> {
        if DateOrder::of(order).is_none() {
            return Err(StudioError::invalid(format!("`{order}` is no date order: say dmy, mdy or ymd")));
        }
        if self.task.is_open() {
            return Err(StudioError::invalid("these fields have no date order"));
        }
        self.spec.settings.insert("date_order".to_owned(), order.into());
        self.fields().map(|_| ()).map_err(|_| StudioError::invalid("these fields have no date order"))
    }

    /// Reads what was said for a folder, if anything was.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(store: &Store) -> Result<Option<Self>> {
        let Some(text) = store.read(FILE)? else { return Ok(None) };
        let project: Self = serde_json::from_str(&text).map_err(|error| {
            StudioError::files(&store.root().join(".studio").join(FILE), format!("is no project: {error}"))
        })?;
        project.checked().map(Some)
    }

    /// Keeps it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, store: &Store) -> Result<()> {
        store.write(FILE, &(serde_json::to_string_pretty(self).expect("plain data") + "\n"))
    }
}

const INVOICE: [(&str, FieldType); 9] = [
    ("sender", FieldType::Name),
    ("recipient", FieldType::Name),
    ("number", FieldType::Code),
    ("date", FieldType::Date),
    ("due_date", FieldType::Date),
    ("subtotal", FieldType::Money),
    ("tax", FieldType::Money),
    ("total", FieldType::Money),
    ("currency", FieldType::Code),
];

const DOCUMENT: [(&str, FieldType); 6] = [
    ("date", FieldType::Date),
    ("number", FieldType::Code),
    ("sender", FieldType::Name),
    ("recipient", FieldType::Name),
    ("subject", FieldType::Text),
    ("total", FieldType::Money),
];

/// The form of lists of checks.
fn check_lists() -> Value {
    let check = json!({
        "type": "object",
        "properties": { "text": { "type": "string" }, "accepted": { "type": "array", "items": { "type": "string" } } },
        "required": ["text", "accepted"],
        "additionalProperties": false,
    });
    let list = json!({ "type": "array", "items": check });
    json!({
        "type": "object", "properties": { "must": list, "must_not": list }, "required": ["must", "must_not"],
        "additionalProperties": false,
    })
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|it| (*it).to_owned()).collect()
}

fn property(kind: FieldType) -> Value {
    match kind {
        FieldType::Money | FieldType::Number | FieldType::Quantity => json!({ "type": ["number", "null"] }),
        FieldType::Boolean => json!({ "type": ["boolean", "null"] }),
        FieldType::List => json!({ "type": ["array", "null"], "items": { "type": "string" } }),
        _ => json!({ "type": ["string", "null"] }),
    }
}

#[cfg(test)]
mod tests {
    use eval_metrics::value::FieldType;
    use serde_json::json;

    use vision_core::Task;

    use super::{Project, TEMPLATES};
    use crate::field::Shape;

    #[test]
    fn every_template_has_fields() {
        for (name, _) in TEMPLATES {
            let project = Project::from_template(name, &["a".to_owned(), "b".to_owned()]).unwrap();
            assert!(!project.fields().unwrap().is_empty(), "{name}");
        }
        let message = Project::from_template("reciept", &[]).unwrap_err().message;
        assert!(message.contains("did you mean `receipt`?"), "{message}");
        assert!(Project::from_template("classes", &["one".to_owned()]).is_err());
    }

    #[test]
    fn candidates_are_asked_for_checks_and_not_for_an_answer() {
        let project = Project::from_template("summary", &[]).unwrap();
        let (task, spec, schema) = project.asked();
        assert_eq!((task, spec.metric.as_str()), (Task::Extract, "extract"));
        assert!(spec.prompt.contains(&project.spec.prompt) && schema.is_some(), "{}", spec.prompt);
        let receipt = Project::from_template("receipt", &[]).unwrap();
        assert_eq!(receipt.asked(), (Task::Receipt, receipt.spec.clone(), receipt.schema));
    }

    #[test]
    fn named_fields_get_a_type() {
        let names = ["invoice_date", "Total", "vendor name", "weight:number", "remark"].map(str::to_owned);
        let fields = Project::from_names(&names).unwrap().fields().unwrap();
        let kinds: Vec<_> = fields
            .iter()
            .map(|field| match field.shape {
                Shape::One { kind, .. } => kind,
                _ => panic!("{field:?}"),
            })
            .collect();
        let expected =
            [FieldType::Date, FieldType::Money, FieldType::Name, FieldType::Number, FieldType::Text];
        assert_eq!(kinds, expected);
        assert!(Project::from_names(&["a:shade".to_owned()]).is_err());
        assert!(
            Project::from_names(&["a".to_owned(), "a".to_owned()]).is_err()
                && Project::from_names(&[]).is_err()
        );
    }

    #[test]
    fn a_schema_without_fields_is_refused() {
        assert!(
            Project::from_schema(json!({"type": "object", "properties": {"a": {"type": "string"}}})).is_ok()
        );
        for wrong in [json!({}), json!(3), json!({"type": "object"})] {
            assert!(Project::from_schema(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
