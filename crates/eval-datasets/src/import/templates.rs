//! Prompts and answer schemas for imported datasets.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use vision_core::Task;

use crate::TaskSpec;
use crate::manifest::EXTRACT_PROMPT;

const RECEIPT: &str = "Read this receipt and return what is printed on it as JSON. Dates as YYYY-MM-DD; amounts as numbers with a \
decimal point, without currency and thousands separators. `price` is the amount of the whole line. Use null for what cannot be seen; \
do not work out values that are not printed.";
const CHART_TABLE: &str = "Read this chart and return its data as a table in JSON: its title or null, the headings of the columns \
(first the categories, then one per series), and one row per category with its label and one number or null per series. Numbers are \
in the unit the chart prints.";
const COMPARE: &str = "The first picture shows a page before a change, the second after it. List every difference as JSON, each with \
kind (changed, added, removed, moved or recoloured), element, before and after; an empty list if there is none.";

/// What a task asks by default, and the schema of its answers.
#[must_use]
pub fn task_template(task: Task) -> (TaskSpec, Option<Value>) {
    let (prompt, schema) = match task {
        Task::Receipt => (RECEIPT.to_owned(), Some(receipt())),
        Task::ChartTable => (CHART_TABLE.to_owned(), Some(chart_table())),
        Task::ChartQuestion => (question_prompt("chart"), Some(answer())),
        Task::Compare => (COMPARE.to_owned(), Some(differences())),
        Task::Classify => ("Name the class of this picture as JSON.".to_owned(), Some(label(&[]))),
        Task::Document => (
            "Read this document and return its fields as JSON. Dates as YYYY-MM-DD; amounts as numbers with a decimal \
point, without currency and thousands separators. Use null for what cannot be seen.".to_owned(),
            Some(record_schema("document", &Map::new())),
        ),
        Task::Extract => (EXTRACT_PROMPT.to_owned(), Some(record_schema("extract", &Map::new()))),
        Task::Transcribe => ("Write down every word that is spoken, and nothing else.".to_owned(), None),
        Task::Text => {
            ("Write down all text of this picture in reading order, and nothing else.".to_owned(), None)
        }
        Task::Describe => ("Describe what this shows in three to six sentences.".to_owned(), None),
        Task::Summarize => {
            ("Summarize this in three to six sentences, then list the action items, if there are any.".to_owned(), None)
        }
        Task::CompareFree => {
            ("Say in a few sentences what differs between the first picture and the second.".to_owned(), None)
        }
    };
    let file = schema.as_ref().map(|_| format!("{task}.schema.json"));
    let metric = if task.is_open() { "checks" } else { task.name() };
    (spec(prompt, file, metric), schema)
}

fn spec(prompt: String, schema: Option<String>, metric: &str) -> TaskSpec {
    TaskSpec {
        system: None,
        prompt,
        schema,
        metric: metric.to_owned(),
        critical: Vec::new(),
        max_output_tokens: None,
        settings: toml::Table::new(),
    }
}

/// Makes a task ask the case's question, judged as a typed answer.
pub(super) fn question(
    spec: &mut TaskSpec,
    what: &str,
    prompt: Option<&str>,
    schemas: &mut BTreeMap<String, Value>,
) {
    spec.prompt = prompt.map_or_else(|| question_prompt(what), str::to_owned);
    spec.metric = Task::ChartQuestion.name().to_owned();
    spec.schema = Some("answer.schema.json".to_owned());
    schemas.insert("answer.schema.json".to_owned(), answer());
}

fn question_prompt(what: &str) -> String {
    format!(
        "Answer the question about this {what} from what it shows, and from nothing else.\n\nQuestion: {{{{question}}}}\n\n\
         Return JSON with one field, \"answer\": the answer alone, as printed, without explanation."
    )
}

/// Makes a task choose among these labels.
pub(super) fn labels(spec: &mut TaskSpec, labels: BTreeSet<String>, schemas: &mut BTreeMap<String, Value>) {
    let labels: Vec<String> = labels.into_iter().collect();
    spec.prompt = format!("{} The classes are: {}.", spec.prompt, labels.join(", "));
    schemas.insert("classify.schema.json".to_owned(), label(&labels));
    spec.settings.insert("labels".to_owned(), labels.into());
}

/// An object whose keys are all required, as strict answer schemas want it.
#[must_use]
pub fn record_schema(title: &str, properties: &Map<String, Value>) -> Value {
    let mut schema = strict(properties);
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = title.into();
    schema
}

pub(super) fn strict(properties: &Map<String, Value>) -> Value {
    let required: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn receipt() -> Value {
    let item = strict(&map(json!({
        "name": { "type": "string" }, "quantity": { "type": "number" }, "price": { "type": "number" },
    })));
    let (text, amount) = (json!({ "type": ["string", "null"] }), json!({ "type": ["number", "null"] }));
    let properties = json!({
        "store": text, "date": text, "items": { "type": "array", "items": item }, "subtotal": amount, "tax": amount,
        "tip": amount, "total": amount,
        "payment_method": { "type": ["string", "null"], "enum": ["cash", "card", "mobile", "voucher", null] },
    });
    record_schema("receipt", &map(properties))
}

fn chart_table() -> Value {
    let cell = json!({ "type": ["string", "number", "null"] });
    let properties = json!({
        "title": { "type": ["string", "null"] },
        "columns": { "type": "array", "items": { "type": "string" } },
        "rows": { "type": "array", "items": { "type": "array", "items": cell } },
    });
    record_schema("chart table", &map(properties))
}

fn differences() -> Value {
    let text = json!({ "type": ["string", "null"] });
    let difference = strict(&map(json!({
        "kind": { "type": "string", "enum": ["changed", "added", "removed", "moved", "recoloured"] },
        "element": { "type": "string" }, "before": text, "after": text,
    })));
    record_schema("differences", &map(json!({ "differences": { "type": "array", "items": difference } })))
}

fn answer() -> Value {
    record_schema("answer", &map(json!({ "answer": { "type": ["string", "number", "boolean"] } })))
}

fn label(labels: &[String]) -> Value {
    let property = if labels.is_empty() {
        json!({ "type": "string" })
    } else {
        json!({ "type": "string", "enum": labels })
    };
    record_schema("label", &map(json!({ "label": property })))
}
